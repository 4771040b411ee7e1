namespace LatticeFlow.Expressions;

/// <summary>A function that formulas can call.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="Arguments">How many it takes; null: one or more.</param>
/// <param name="Evaluate">Value and derivatives.</param>
public sealed record ExpressionFunction(string Name, int? Arguments, Func<Dual[], Dual> Evaluate);

/// <summary>The functions of formulas, each with its derivative. Adding one adds one line here.</summary>
public static class ExpressionFunctions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ExpressionFunction> All { get; } =
    [
        One("exp", Math.Exp, Math.Exp),
        One("log", Math.Log, x => 1 / x),
        One("log10", Math.Log10, x => 1 / (x * Math.Log(10))),
        One("sqrt", Math.Sqrt, x => 0.5 / Math.Sqrt(x)),
        One("cbrt", Math.Cbrt, x => 1 / (3 * Math.Cbrt(x) * Math.Cbrt(x))),
        One("sin", Math.Sin, Math.Cos),
        One("cos", Math.Cos, x => -Math.Sin(x)),
        One("tan", Math.Tan, x => 1 / (Math.Cos(x) * Math.Cos(x))),
        One("asin", Math.Asin, x => 1 / Math.Sqrt(1 - (x * x))),
        One("acos", Math.Acos, x => -1 / Math.Sqrt(1 - (x * x))),
        One("atan", Math.Atan, x => 1 / (1 + (x * x))),
        One("sinh", Math.Sinh, Math.Cosh),
        One("cosh", Math.Cosh, Math.Sinh),
        One("tanh", Math.Tanh, x => 1 / (Math.Cosh(x) * Math.Cosh(x))),
        One("asinh", Math.Asinh, x => 1 / Math.Sqrt((x * x) + 1)),
        One("acosh", Math.Acosh, x => 1 / Math.Sqrt((x * x) - 1)),
        One("atanh", Math.Atanh, x => 1 / (1 - (x * x))),
        One("abs", Math.Abs, x => Math.Sign(x)),
        new("pow", 2, x => Power(x[0], x[1])),
        new("atan2", 2, x => Dual.Of(Math.Atan2(x[0].Value, x[1].Value), x[0], x[1].Value / Square(x), x[1], -x[0].Value / Square(x))),
        new("min", null, x => x.MinBy(argument => argument.Value)),
        new("max", null, x => x.MaxBy(argument => argument.Value)),
        // What the centre Z_N turns the complex number (re, im) to with the largest real part.
        new("project", 3, x => Projected(x[0], x[1], x[2].Value)),
    ];

    /// <summary>The function of this name, or null.</summary>
    public static ExpressionFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    /// <summary>a^b; of a negative a and a whole b the power it has.</summary>
    public static Dual Power(Dual a, Dual b)
    {
        double value = Math.Pow(a.Value, b.Value);
        double byBase = b.Value == 0 ? 0 : b.Value * Math.Pow(a.Value, b.Value - 1);
        return b.Slope is null ? a.Chain(value, byBase) : Dual.Of(value, a, byBase, b, value * Math.Log(a.Value));
    }

    /// <summary>max_k Re(e^{−2πik/N}(re + i im)), k = 0 … N − 1.</summary>
    public static Dual Projected(Dual re, Dual im, double order)
    {
        double angle = 2 * Math.PI / order, turn = Math.Round(Math.Atan2(im.Value, re.Value) / angle) * angle;
        double cosine = Math.Cos(turn), sine = Math.Sin(turn);
        return Dual.Of((cosine * re.Value) + (sine * im.Value), re, cosine, im, sine);
    }

    private static double Square(Dual[] x) => (x[0].Value * x[0].Value) + (x[1].Value * x[1].Value);

    private static ExpressionFunction One(string name, Func<double, double> function, Func<double, double> derivative)
        => new(name, 1, x => x[0].Slope is null ? new(function(x[0].Value)) : x[0].Chain(function(x[0].Value), derivative(x[0].Value)));
}
