using LatticeFlow.Expressions;
using LatticeFlow.Reweighting;

namespace LatticeFlow.Reports;

/// <summary>Formulas of mean values at any coupling, over several ensembles at once; <c>beta</c> is the coupling.</summary>
public sealed class ReweightingScope : FormulaScope
{
    // Stands for the coupling until the number of primaries is known.
    private const int Coupling = int.MaxValue;

    private readonly IReadOnlyList<EnsembleSeries> ensembles;
    private readonly IReadOnlyList<Derivation> derivations;
    private readonly List<IReadOnlyList<IReadOnlyList<double[]>>> primaries = [];
    private readonly Dictionary<(string Name, int? Component), int> known = [];
    private readonly HashSet<string> open = [];

    /// <summary><paramref name="theory"/> is that of all ensembles but for β.</summary>
    public ReweightingScope(IReadOnlyList<EnsembleSeries> ensembles, TheoryDocument theory, IReadOnlyList<Derivation> derivations)
        : base(TheoryConstants.Of(theory).Where(entry => entry.Key is not ("beta" or "β")).ToDictionary())
        => (this.ensembles, this.derivations) = (ensembles, derivations);

    protected override IEnumerable<string> Names => ensembles[0].Observables.Keys.Concat(derivations.Select(derivation => derivation.Name));

    /// <summary>A formula of observables as a function of the coupling.</summary>
    /// <exception cref="ExpressionException">A name means nothing.</exception>
    public ReweightedQuantity Quantity(string name, string text, Expression formula)
    {
        primaries.Clear();
        known.Clear();
        Expression bound = Bind(text, formula);
        if (primaries.Count == 0) throw new ExpressionException(text, formula.Position, "no observable enters it");
        return new(name, bound.Rewrite(part => part is Variable { Index: Coupling } ? new Variable(primaries.Count, part.Position) : null), [.. primaries]);
    }

    protected override int Components(string name) => ensembles.Min(series => series.Vectors.TryGetValue(name, out IReadOnlyList<IReadOnlyList<double[]>>? components) ? components.Count : series.Observables.ContainsKey(name) ? 1 : 0);

    protected override Expression Observable(string name, int? component, int position)
    {
        if (!known.TryGetValue((name, component), out int index))
        {
            index = known[(name, component)] = primaries.Count;
            primaries.Add([.. ensembles.Select(series => Series(series, name, component))]);
        }

        return new Variable(index, position);
    }

    protected override Expression Average(string text, Mean mean)
    {
        List<(string Name, int? Component)> needed = [];
        Expression body = mean.Body.Rewrite(part => part switch
        {
            Mean inner => throw new ExpressionException(text, inner.Position, "a mean value within a mean value"),
            Symbol or Call when Resolve(text, part) is { } found => Needed(found, part.Position),
            Symbol symbol when Constants.TryGetValue(symbol.Name, out double value) => new Number(value, symbol.Position),
            Symbol symbol => throw new ExpressionException(text, symbol.Position, $"'{symbol.Name}' has no value on each configuration"),
            Call call => Checked(text, call),
            _ => null,
        });
        if (needed.Count == 0) return body;
        primaries.Add([.. ensembles.Select(series => (IReadOnlyList<double[]>)Values(body, [.. needed.Select(name => Series(series, name.Name, name.Component))]))]);
        return new Variable(primaries.Count - 1, mean.Position);

        Variable Needed((string, int?) found, int position)
        {
            needed.Add(found);
            return new Variable(needed.Count - 1, position);
        }
    }

    protected override Expression? Defined(string text, string name, int position)
    {
        if (name is "beta" or "β") return new Variable(Coupling, position);
        if (derivations.FirstOrDefault(derivation => derivation.Name == name) is not { } derivation) return null;
        if (!open.Add(name)) throw new ExpressionException(text, position, $"'{name}' is defined by itself");
        Expression bound = Bind(derivation.Text, derivation.Formula);
        open.Remove(name);
        return bound;
    }

    private static Expression? Checked(string text, Call call)
    {
        CheckFunction(text, call);
        return null;
    }

    private static IReadOnlyList<double[]> Series(EnsembleSeries series, string name, int? component)
        => component is { } index && series.Vectors.TryGetValue(name, out IReadOnlyList<IReadOnlyList<double[]>>? components) ? components[index] : series.Observables[name];

    private static double[][] Values(Expression body, IReadOnlyList<double[]>[] needed)
    {
        var variables = new Dual[needed.Length];
        return [.. needed[0].Select((first, r) =>
        {
            var values = new double[first.Length];
            for (int i = 0; i < values.Length; i++)
            {
                for (int a = 0; a < variables.Length; a++) variables[a] = new(needed[a][r][i]);
                values[i] = body.At(variables).Value;
            }

            return values;
        })];
    }
}
