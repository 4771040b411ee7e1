namespace LatticeFlow.Expressions;

/// <summary>A value with its derivatives by every variable: forward differentiation (R. E. Wengert, Commun. ACM 7 (1964) 463). No slope is that of a constant.</summary>
/// <param name="Value">f.</param>
/// <param name="Slope">∂f/∂x_a, or null where all are zero.</param>
public readonly record struct Dual(double Value, double[]? Slope = null)
{
    /// <summary>The variable x_a of <paramref name="count"/>.</summary>
    public static Dual Variable(double value, int index, int count)
    {
        var slope = new double[count];
        slope[index] = 1;
        return new(value, slope);
    }

    /// <summary>All variables at a point.</summary>
    public static Dual[] Point(IReadOnlyList<double> values) => [.. values.Select((value, i) => Variable(value, i, values.Count))];

    /// <summary>Numbers that nothing is differentiated by.</summary>
    public static Dual[] Constants(IReadOnlyList<double> values) => [.. values.Select(value => new Dual(value))];

    public static Dual operator +(Dual a, Dual b) => Of(a.Value + b.Value, a, 1, b, 1);

    public static Dual operator -(Dual a, Dual b) => Of(a.Value - b.Value, a, 1, b, -1);

    public static Dual operator -(Dual a) => a.Chain(-a.Value, -1);

    public static Dual operator *(Dual a, Dual b) => Of(a.Value * b.Value, a, b.Value, b, a.Value);

    public static Dual operator /(Dual a, Dual b) => Of(a.Value / b.Value, a, 1 / b.Value, b, -a.Value / (b.Value * b.Value));

    /// <summary>f(a) where f has this value and this derivative at a.</summary>
    public Dual Chain(double value, double derivative) => Slope is null ? new(value) : new(value, [.. Slope.Select(x => derivative * x)]);

    /// <summary>f(a, b) where f has this value and these two derivatives.</summary>
    public static Dual Of(double value, Dual a, double byFirst, Dual b, double bySecond)
    {
        if (b.Slope is null) return a.Chain(value, byFirst);
        if (a.Slope is null) return b.Chain(value, bySecond);
        var slope = new double[a.Slope.Length];
        for (int i = 0; i < slope.Length; i++) slope[i] = (byFirst * a.Slope[i]) + (bySecond * b.Slope[i]);
        return new(value, slope);
    }
}
