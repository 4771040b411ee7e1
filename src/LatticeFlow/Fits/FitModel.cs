using LatticeFlow.Expressions;

namespace LatticeFlow.Fits;

/// <summary>f(x; p), with its derivatives by the parameters.</summary>
public sealed class FitModel
{
    private readonly Expression formula;
    private readonly int count;

    /// <summary>The model of a definition; x is variable 0 of the formula, parameter i variable i + 1.</summary>
    public FitModel(FitDefinition definition, IReadOnlyDictionary<string, double> constants)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Parameters = definition.Parameters(constants);
        count = Parameters.Count;
        formula = definition.Model.Rewrite(part => part is not Symbol symbol ? null
            : symbol.Name == definition.Variable ? new Variable(0, symbol.Position)
            : Parameters.Contains(symbol.Name) ? new Variable(Parameters.ToList().IndexOf(symbol.Name) + 1, symbol.Position)
            : new Number(constants[symbol.Name], symbol.Position));
    }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>f(x; p).</summary>
    public double Value(double x, IList<double> p) => formula.At(Dual.Constants([x, .. p])).Value;

    /// <summary>f(x; p) and ∂f/∂p.</summary>
    public (double Value, double[] ByParameter) Gradient(double x, IList<double> p)
    {
        var variables = new Dual[count + 1];
        variables[0] = new(x);
        for (int i = 0; i < count; i++) variables[i + 1] = Dual.Variable(p[i], i, count);
        Dual result = formula.At(variables);
        return (result.Value, result.Slope ?? new double[count]);
    }

    /// <summary>∂f/∂x.</summary>
    public double ByAbscissa(double x, IList<double> p) => formula.At([Dual.Variable(x, 0, 1), .. p.Select(value => new Dual(value))]).Slope?[0] ?? 0;
}
