using System.Globalization;
using LatticeFlow.Analysis;
using LatticeFlow.Expressions;

namespace LatticeFlow.Reports;

/// <summary>A formula with the series of all mean values that it is a function of, and of nothing else.</summary>
internal sealed class BoundQuantity
{
    private readonly Expression formula;

    public BoundQuantity(Expression formula, IReadOnlyList<Primary> all)
    {
        int[] used = [.. formula.All().OfType<Variable>().Select(variable => variable.Index).Distinct().Order()];
        Primaries = [.. used.Select(index => all[index])];
        Indices = used;
        var place = used.Select((index, i) => (index, i)).ToDictionary(pair => pair.index, pair => pair.i);
        this.formula = formula.Rewrite(part => part is Variable variable ? variable with { Index = place[variable.Index] } : null);
    }

    public IReadOnlyList<Primary> Primaries { get; }

    /// <summary>Where they stand among all.</summary>
    public IReadOnlyList<int> Indices { get; }

    public IReadOnlyList<IReadOnlyList<double[]>> Series => [.. Primaries.Select(primary => primary.Series)];

    public double Value(double[] means) => formula.At(Dual.Constants(means)).Value;

    public double[] Gradient(double[] means) => formula.At(Dual.Point(means)).Slope ?? new double[means.Length];

    /// <summary>The value of the exact values, or null where one is not known or there is none.</summary>
    public double? Exact()
    {
        if (Primaries.Count == 0 || Primaries.Any(primary => primary.Exact is null)) return null;
        double value = Value([.. Primaries.Select(primary => primary.Exact!.Value)]);
        return double.IsFinite(value) ? value : null;
    }

    /// <summary>Its value and error.</summary>
    /// <exception cref="ArgumentException">It does not exist at the mean values, or is a function of none.</exception>
    public GammaResult Analyze(ErrorAnalysis errors, string name)
    {
        if (Primaries.Count == 0) throw new ArgumentException("it is a number that no observable enters.");
        double[] means = PrimaryMeans.Of(Series).Global;
        if (formula.Undefined(Dual.Constants(means)) is { } undefined)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"what begins at character {undefined.Part.Position + 1} does not exist at the mean values."));
        return errors.Of(name, Series, Value, Gradient);
    }
}
