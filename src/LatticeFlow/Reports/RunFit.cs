using LatticeFlow.Expressions;
using LatticeFlow.Fits;

namespace LatticeFlow.Reports;

/// <summary>What a fit over runs takes from one ensemble: its values by observable, and the constants of its theory.</summary>
public sealed record FitSource(string Name, IReadOnlyDictionary<string, (double Mean, double Error)> Values, IReadOnlyDictionary<string, double> Constants);

/// <summary>
/// A fit over independent ensembles, each a point: data and x are formulas of one observable each and of constants. Errors of x enter through the slope of the model (effective variance: J. Orear, Am. J. Phys. 50 (1982) 912).
/// </summary>
public static class RunFit
{
    private const int Iterations = 20;

    /// <exception cref="ExpressionException">A name means nothing.</exception>
    /// <exception cref="ArgumentException">The fit cannot be made.</exception>
    public static ComparedFit Make(FitDefinition definition, IReadOnlyList<FitSource> sources)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(sources);
        (string Name, (double Value, double Error) X, (double Value, double Error) Y)[] points = [.. sources.Select(source => (source.Name, Evaluate(definition, definition.Abscissa!, source), Evaluate(definition, definition.Data, source)))];
        var model = new FitModel(definition, new Dictionary<string, double> { ["pi"] = Math.PI, ["π"] = Math.PI });
        if (points.Length < model.Parameters.Count) throw new ArgumentException($"{points.Length} points do not determine {model.Parameters.Count} parameters.");
        if (points.Where(point => !(point.Y.Error > 0)).Select(point => point.Name).FirstOrDefault() is { } without) throw new ArgumentException($"the data of {without} have no error.");
        double[] x = [.. points.Select(point => point.X.Value)], y = [.. points.Select(point => point.Y.Value)];
        double[,] covariance = Covariance(points.Select(point => point.Y.Error * point.Y.Error));
        var problem = new LeastSquares(model, x, covariance);
        double[] best = problem.Fit(y, definition.Start);
        for (int step = 0; points.Any(point => point.X.Error > 0) && step < Iterations; step++)
        {
            covariance = Covariance(points.Select(point => (point.Y.Error * point.Y.Error) + Math.Pow(model.ByAbscissa(point.X.Value, best) * point.X.Error, 2)));
            problem = new LeastSquares(model, x, covariance);
            best = problem.Refine(y, best);
        }

        double[,] response = problem.Response(y, best);
        double chiSquared = problem.ChiSquared(y, best);
        int degrees = x.Length - best.Length;
        var document = new FitDocument
        {
            Formula = definition.Text,
            Parameters = [.. model.Parameters],
            Correlated = true,
            ChiSquared = chiSquared,
            DegreesOfFreedom = degrees,
            ExpectedChiSquared = degrees,
            PValue = degrees == 0 ? double.NaN : Analysis.SpecialFunctions.UpperRegularizedGamma(degrees / 2.0, chiSquared / 2),
            Points = [.. points.Select((point, k) => new FitPointDocument(point.X.Value, point.Y.Value, point.Y.Error, model.Value(point.X.Value, best)) { Run = point.Name })],
            Curve = EnsembleFit.CurveOf(model, x, best, response, covariance),
        };
        return new(document, model.Parameters.Select((name, i) => (name, i)).ToDictionary(entry => entry.name, entry =>
            new FittedParameter(best[entry.i], Math.Sqrt(Enumerable.Range(0, x.Length).Sum(k => response[entry.i, k] * response[entry.i, k] * covariance[k, k])))));
    }

    private static (double Value, double Error) Evaluate(FitDefinition definition, Expression formula, FitSource source)
    {
        var scope = new Scope(source);
        Expression bound = scope.Bind(definition.Text, formula);
        if (scope.Used.Count > 1) throw new ExpressionException(definition.Text, formula.Position, $"more than one observable ({string.Join(", ", scope.Used)}), whose correlation within a run is not in its results: analyze RUN --derive makes one quantity of them");
        if (scope.Used.Count == 0) return (bound.At([]).Value, 0);
        (double mean, double error) = source.Values[scope.Used[0]];
        Dual result = bound.At([Dual.Variable(mean, 0, 1)]);
        if (!double.IsFinite(result.Value)) throw new ArgumentException($"it does not exist for {source.Name}.");
        return (result.Value, Math.Abs(result.Slope?[0] ?? 0) * error);
    }

    private static double[,] Covariance(IEnumerable<double> variances)
    {
        double[] diagonal = [.. variances];
        var covariance = new double[diagonal.Length, diagonal.Length];
        for (int k = 0; k < diagonal.Length; k++) covariance[k, k] = diagonal[k];
        return covariance;
    }

    private sealed class Scope(FitSource source) : FormulaScope(source.Constants)
    {
        public List<string> Used { get; } = [];

        protected override IEnumerable<string> Names => source.Values.Keys;

        protected override int Components(string name) => source.Values.ContainsKey(name) ? 1 : 0;

        protected override Expression Observable(string name, int? component, int position)
        {
            if (!Used.Contains(name)) Used.Add(name);
            return new Variable(Used.IndexOf(name), position);
        }

        protected override Expression Average(string text, Mean mean) => Bind(text, mean.Body is Symbol or Call ? mean.Body : throw new ExpressionException(text, mean.Position, "of several runs there are only the mean values"));

        protected override Expression? Defined(string text, string name, int position) => null;
    }
}
