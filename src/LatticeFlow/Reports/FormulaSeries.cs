using System.Globalization;
using LatticeFlow.Analysis;
using LatticeFlow.Expressions;
using LatticeFlow.Fits;

namespace LatticeFlow.Reports;

/// <summary>A mean value that a formula is a function of: its series, and its exact value where that is known.</summary>
internal sealed record Primary(IReadOnlyList<double[]> Series, double? Exact);

/// <summary>
/// The formulas of a user for one ensemble. Quantities may use each other in any order but in a circle: observables, what the analysis derives by itself, other formulas, and parameters of fits as <c>fit.parameter</c>.
/// </summary>
internal sealed class FormulaSeries : FormulaScope
{
    private readonly EnsembleSeries series;
    private readonly ExactResults exact;
    private readonly IReadOnlyList<Derivation> derivations;
    private readonly IReadOnlyList<FitDefinition> fits;
    private readonly List<Primary> primaries = [];
    private readonly Dictionary<(string Name, int? Component), int> observables = [];
    private readonly Dictionary<string, Expression> bound = [];
    private readonly Dictionary<string, EnsembleFit> fitted = [];
    private readonly HashSet<string> open = [];
    private readonly ErrorAnalysis errors;

    public FormulaSeries(EnsembleSeries series, ExactResults exact, IReadOnlyList<Derivation> derivations, IReadOnlyList<FitDefinition> fits, ErrorAnalysis errors)
        : base(TheoryConstants.Of(exact.Theory))
    {
        (this.series, this.exact, this.derivations, this.fits, this.errors) = (series, exact, derivations, fits, errors);
    }

    public IReadOnlyList<Primary> Primaries => primaries;

    protected override IEnumerable<string> Names => series.Observables.Keys.Concat(derivations.Select(derivation => derivation.Name));

    /// <summary>A formula as a function of <see cref="Primaries"/>.</summary>
    public Expression Of(Derivation derivation) => Once(derivation.Name, derivation.Text, 0, () => Bind(derivation.Text, derivation.Formula));

    /// <summary>A fit, made once.</summary>
    /// <exception cref="ArgumentException">It cannot be made.</exception>
    public EnsembleFit Of(FitDefinition fit)
    {
        if (fitted.TryGetValue(fit.Name, out EnsembleFit? known)) return known;
        if (!open.Add(fit.Name)) throw new ExpressionException(fit.Text, 0, $"'{fit.Name}' is defined by itself");
        try
        {
            Expression[] data = [.. fit.Range!.Select(x => Bind(fit.Text, fit.Data.Rewrite(part => part is Symbol { Component: null } symbol && symbol.Name == fit.Variable ? new Number(x, symbol.Position) : null)))];
            return fitted[fit.Name] = EnsembleFit.Make(fit, new FitModel(fit, Constants), [.. data.Select(point => new BoundQuantity(point, primaries))], errors);
        }
        finally
        {
            open.Remove(fit.Name);
        }
    }

    protected override int Components(string name) => series.Vectors.TryGetValue(name, out IReadOnlyList<IReadOnlyList<double[]>>? components) ? components.Count : series.Observables.ContainsKey(name) ? 1 : 0;

    protected override Expression Observable(string name, int? component, int position)
    {
        if (!observables.TryGetValue((name, component), out int index))
        {
            index = observables[(name, component)] = primaries.Count;
            primaries.Add(new(series.Weighed(Series(name, component)), Exact(name, component)));
        }

        return new Variable(index, position);
    }

    protected override Expression Average(string text, Mean mean)
    {
        List<IReadOnlyList<double[]>> needed = [];
        Expression body = mean.Body.Rewrite(part =>
        {
            switch (part)
            {
                case Mean inner:
                    throw new ExpressionException(text, inner.Position, "a mean value within a mean value");
                case Symbol or Call when Resolve(text, part) is { } found:
                    needed.Add(Series(found.Name, found.Component));
                    return new Variable(needed.Count - 1, part.Position);
                case Symbol symbol when Constants.TryGetValue(symbol.Name, out double value) && symbol.Component is null:
                    return new Number(value, symbol.Position);
                case Symbol symbol:
                    throw new ExpressionException(text, symbol.Position, $"'{symbol.Name}' has no value on each configuration; there is {string.Join(", ", series.Observables.Keys)}");
                case Call call:
                    CheckFunction(text, call);
                    return null;
                default:
                    return null;
            }
        });
        if (needed.Count == 0) return body;
        primaries.Add(new(series.Weighed(Values(text, body, needed)), null));
        return new Variable(primaries.Count - 1, mean.Position);
    }

    protected override Expression? Defined(string text, string name, int position)
    {
        if (derivations.FirstOrDefault(derivation => derivation.Name == name) is { } derivation) return Once(name, text, position, () => Bind(derivation.Text, derivation.Formula));
        int point = name.IndexOf('.', StringComparison.Ordinal);
        if (point > 0 && fits.FirstOrDefault(fit => fit.Name == name[..point]) is { } fit)
        {
            EnsembleFit made = Of(fit);
            int parameter = made.Model.Parameters.ToList().IndexOf(name[(point + 1)..]);
            return parameter >= 0 ? made.Parameter(parameter, position) : throw new ExpressionException(text, position, $"the fit {fit.Name} has the parameters {string.Join(", ", made.Model.Parameters)}");
        }

        return exact.HasTheory ? Once(name, text, position, () => BuiltIn(name, position)) : null;
    }

    // What the analysis derives by itself.
    private Opaque? BuiltIn(string name, int position)
    {
        if (DerivedQuantities.Of(series, exact.Theory.Extents).FirstOrDefault(quantity => quantity.Name == name)?.Weighed(series) is not { } derived) return null;
        Expression[] arguments = [.. derived.Primaries.Select((replicas, i) =>
        {
            primaries.Add(new(replicas, derived.ExactNames.Count == derived.Primaries.Count ? exact.Value(derived.ExactNames[i]) : null));
            return new Variable(primaries.Count - 1, position);
        })];
        double[] scale = [.. derived.Primaries.Select(replicas => PrimaryMeans.Of([replicas]).Spread[0])];
        return new Opaque(derived.Function, point => NumericalGradient.At(derived.Function, point, scale), arguments, position);
    }

    private Expression Once(string name, string text, int position, Func<Expression?> make)
    {
        if (bound.TryGetValue(name, out Expression? known)) return known;
        if (!open.Add(name)) throw new ExpressionException(text, position, $"'{name}' is defined by itself");
        try
        {
            Expression? made = make();
            if (made is not null) bound[name] = made;
            return made!;
        }
        finally
        {
            open.Remove(name);
        }
    }

    private IReadOnlyList<double[]> Series(string name, int? component)
        => component is { } index && series.Vectors.TryGetValue(name, out IReadOnlyList<IReadOnlyList<double[]>>? components) ? components[index] : series.Observables[name];

    private double? Exact(string name, int? component) => !exact.HasTheory ? null : component is not { } index ? exact.Value(name)
        : name == "two_point" ? exact.TwoPoint(Math.Min(index, exact.Theory.Extents[0] - index)) : name.StartsWith("polyakov_re", StringComparison.Ordinal) || name.StartsWith("polyakov_im", StringComparison.Ordinal) ? exact.Value(name) : null;

    private static double[][] Values(string text, Expression body, List<IReadOnlyList<double[]>> needed)
    {
        var variables = new Dual[needed.Count];
        return [.. needed[0].Select((first, r) =>
        {
            var values = new double[first.Length];
            for (int i = 0; i < values.Length; i++)
            {
                for (int a = 0; a < variables.Length; a++) variables[a] = new(needed[a][r][i]);
                values[i] = body.At(variables).Value;
                if (!double.IsFinite(values[i]) && body.Undefined(variables) is { } undefined)
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"at character {undefined.Part.Position + 1} of \"{PrintableText.Short(text)}\" it does not exist on every configuration (replica {r}, configuration {i})."));
            }

            return values;
        })];
    }
}
