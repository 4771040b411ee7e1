using LatticeFlow.Analysis;
using LatticeFlow.Expressions;
using LatticeFlow.Fits;

namespace LatticeFlow.Reports;

/// <summary>
/// A fit to quantities of one ensemble. Its parameters are functions of the mean values, p(ȳ(ā)) with the covariance held fixed, so that their errors are the Γ-method's on the fluctuations projected by dp/dy · dy/da: all correlations
/// and autocorrelations are in them, whichever χ² was minimised.
/// </summary>
internal sealed class EnsembleFit
{
    // With fewer the inverse of an estimated correlation matrix is mostly noise (C. Michael, Phys. Rev. D 49 (1994) 2616).
    private const int BinsPerPoint = 10;

    private const double BinInTau = 8;

    private const int CurvePoints = 60;
    private const int MostKept = 256;

    private readonly FitDefinition definition;
    private readonly LeastSquares problem;
    private readonly IReadOnlyList<BoundQuantity> points;
    private readonly int[] indices;
    private readonly double[][] byMean;
    private readonly double[] best;
    private readonly List<(double[] Means, double[]? Parameters)> kept = [];

    private EnsembleFit(FitDefinition definition, FitModel model, LeastSquares problem, IReadOnlyList<BoundQuantity> points, int[] indices, double[] best, double[][] byMean, FitDocument document)
    {
        (this.definition, this.problem, this.points, this.indices, this.best, this.byMean) = (definition, problem, points, indices, best, byMean);
        Model = model;
        Document = document;
    }

    public FitModel Model { get; }

    public FitDocument Document { get; }

    /// <summary>A parameter as a function of the mean values.</summary>
    public Opaque Parameter(int i, int position) => new(means => Refit(means)[i], _ => byMean[i], [.. indices.Select(index => new Variable(index, position))], position);

    /// <exception cref="ArgumentException">It cannot be made.</exception>
    public static EnsembleFit Make(FitDefinition definition, FitModel model, IReadOnlyList<BoundQuantity> points, ErrorAnalysis errors)
    {
        double[] x = [.. definition.Range!];
        int n = x.Length;
        if (n < model.Parameters.Count) throw new ArgumentException($"{n} points do not determine {model.Parameters.Count} parameters.");
        int[] indices = [.. points.SelectMany(point => point.Indices).Distinct().Order()];
        Primary[] primaries = [.. indices.Select(index => points.Select(point => (point, place: point.Indices.ToList().IndexOf(index))).First(found => found.place >= 0)).Select(found => found.point.Primaries[found.place])];
        GammaResult[] results = [.. points.Select((point, k) => Analyze(point, definition, x[k], errors))];
        double[] means = PrimaryMeans.Of([.. primaries.Select(primary => primary.Series)]).Global;
        double[] y = Data(points, indices, means);
        double[][] slopes = [.. points.Select(point => Slope(point, indices, means))];
        int binSize = (int)Math.Max(1, Math.Ceiling(BinInTau * results.Max(result => Math.Max(result.TauInt, 0.5) - 0.5)));
        long bins = primaries[0].Series.Sum(replica => (long)(replica.Length / binSize));
        if (bins < 2) throw new ArgumentException("the chains are too short for their autocorrelation.");
        double[,] covariance = BinnedCovariance(primaries, means, slopes, [.. results.Select(result => result.Error)], binSize);
        string? reason = definition.Uncorrelated ? "that was asked for"
            : bins < BinsPerPoint * n ? FormattableString.Invariant($"{bins} independent bins of {binSize} configurations are fewer than {BinsPerPoint} for each of {n} points") : null;
        LeastSquares? whole = reason is null ? Positive(model, x, covariance) : null;
        if (reason is null && whole is null) reason = "the correlation matrix of the data cannot be inverted";
        LeastSquares problem = whole ?? new LeastSquares(model, x, Diagonal(covariance));
        double[] best = problem.Fit(y, definition.Start);
        double[,] response = problem.Response(y, best);
        double[][] byMean = [.. Enumerable.Range(0, best.Length).Select(i => Enumerable.Range(0, indices.Length).Select(a => Enumerable.Range(0, n).Sum(k => response[i, k] * slopes[k][a])).ToArray())];
        double chiSquared = problem.ChiSquared(y, best);
        int degrees = n - best.Length;
        (double expected, double p) = reason is null ? (degrees, FitProbability.Correlated(chiSquared, degrees, bins))
            : degrees == 0 ? (0, double.NaN) : FitProbability.Uncorrelated(chiSquared, problem.Projector(best), problem.Whitening, covariance);
        var document = new FitDocument
        {
            Formula = definition.Text,
            Parameters = [.. model.Parameters],
            Correlated = reason is null,
            Uncorrelated = reason,
            ChiSquared = chiSquared,
            DegreesOfFreedom = degrees,
            ExpectedChiSquared = expected,
            PValue = p,
            Points = [.. x.Select((at, k) => new FitPointDocument(at, y[k], results[k].Error, model.Value(at, best)))],
            Curve = CurveOf(model, x, best, response, covariance),
        };
        return new(definition, model, problem, points, indices, best, byMean, document);
    }

    /// <summary>The model with the error of its parameters between the first and the last point.</summary>
    internal static FitCurveDocument[] CurveOf(FitModel model, double[] x, double[] best, double[,] response, double[,] covariance)
    {
        int n = x.Length;
        var parameters = new double[best.Length, best.Length];
        for (int i = 0; i < best.Length; i++)
        {
            for (int j = 0; j < best.Length; j++)
            {
                for (int k = 0; k < n; k++)
                {
                    for (int l = 0; l < n; l++) parameters[i, j] += response[i, k] * covariance[k, l] * response[j, l];
                }
            }
        }

        double first = x.Min(), last = x.Max();
        return [.. Enumerable.Range(0, CurvePoints + 1).Select(step => first + ((last - first) * step / CurvePoints)).Select(at =>
        {
            (double value, double[] slope) = model.Gradient(at, best);
            double variance = 0;
            for (int i = 0; i < slope.Length; i++)
            {
                for (int j = 0; j < slope.Length; j++) variance += slope[i] * parameters[i, j] * slope[j];
            }

            return new FitCurveDocument(at, value, Math.Sqrt(Math.Max(0, variance)));
        })];
    }

    // The best parameters for other mean values, with the covariance of the data as it is.
    private double[] Refit(double[] means)
    {
        if (kept.Find(entry => entry.Means.AsSpan().SequenceEqual(means)) is { Means: not null } known) return known.Parameters ?? throw new ArgumentException("the fit does not exist for these means.");
        double[]? found = null;
        try
        {
            double[] y = Data(points, indices, means);
            if (y.All(double.IsFinite)) found = problem.Refine(y, best);
        }
        catch (ArgumentException)
        {
            // Single replicas can have means that the model cannot follow.
        }

        if (kept.Count == MostKept) kept.RemoveAt(0);
        kept.Add(([.. means], found));
        return found ?? throw new ArgumentException($"the fit {definition.Name} does not exist for these means.");
    }

    private static GammaResult Analyze(BoundQuantity point, FitDefinition definition, double x, ErrorAnalysis errors)
    {
        GammaResult result;
        try
        {
            result = point.Analyze(errors, definition.Name);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(FormattableString.Invariant($"at {definition.Variable} = {x}: {exception.Message}"), exception);
        }

        if (result.Error > 0 && double.IsFinite(result.Error)) return result;
        throw new ArgumentException(FormattableString.Invariant($"the data at {definition.Variable} = {x} have no error."));
    }

    private static double[] Data(IReadOnlyList<BoundQuantity> points, int[] indices, double[] means)
        => [.. points.Select(point => point.Value([.. point.Indices.Select(index => means[Array.IndexOf(indices, index)])]))];

    private static double[] Slope(BoundQuantity point, int[] indices, double[] means)
    {
        var slope = new double[indices.Length];
        double[] own = point.Gradient([.. point.Indices.Select(index => means[Array.IndexOf(indices, index)])]);
        for (int i = 0; i < own.Length; i++) slope[Array.IndexOf(indices, point.Indices[i])] = own[i];
        return slope;
    }

    /// <summary>Errors of the Γ-method, correlations of the means of bins of several autocorrelation times: equal times alone would give fast fluctuations the autocorrelation of the slow ones.</summary>
    private static double[,] BinnedCovariance(Primary[] primaries, double[] means, double[][] slopes, double[] errors, int binSize)
    {
        int n = slopes.Length;
        var covariance = new double[n, n];
        var deviation = new double[primaries.Length];
        var projected = new double[n];
        for (int r = 0; r < primaries[0].Series.Count; r++)
        {
            int length = primaries[0].Series[r].Length;
            for (int start = 0; start + binSize <= length; start += binSize)
            {
                for (int a = 0; a < deviation.Length; a++) deviation[a] = PrimaryMeans.Mean(primaries[a].Series[r].AsSpan(start, binSize)) - means[a];
                for (int k = 0; k < n; k++)
                {
                    projected[k] = 0;
                    for (int a = 0; a < deviation.Length; a++) projected[k] += slopes[k][a] * deviation[a];
                    for (int l = 0; l <= k; l++) covariance[k, l] += projected[k] * projected[l];
                }
            }
        }

        double[] scale = [.. Enumerable.Range(0, n).Select(k => errors[k] / Math.Sqrt(covariance[k, k]))];
        for (int k = 0; k < n; k++)
        {
            for (int l = 0; l <= k; l++) covariance[l, k] = covariance[k, l] *= scale[k] * scale[l];
        }

        return covariance;
    }

    // A matrix that rounding alone makes invertible has a root with entries next to nothing.
    private static LeastSquares? Positive(FitModel model, double[] x, double[,] covariance)
    {
        const double Least = 1e-10;
        try
        {
            var problem = new LeastSquares(model, x, covariance);
            double worst = Enumerable.Range(0, x.Length).Max(k => problem.Whitening[k, k] * problem.Whitening[k, k] * covariance[k, k]);
            return worst < 1 / Least ? problem : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    internal static double[,] Diagonal(double[,] covariance)
    {
        var diagonal = new double[covariance.GetLength(0), covariance.GetLength(1)];
        for (int k = 0; k < covariance.GetLength(0); k++) diagonal[k, k] = covariance[k, k];
        return diagonal;
    }
}
