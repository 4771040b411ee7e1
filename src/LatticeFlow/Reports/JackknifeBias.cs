using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>A function at the means of all configurations, and the part of order 1/N by which it is off there.</summary>
/// <param name="AtMeans">F(ā), nothing taken off.</param>
/// <param name="Bias">What a jackknife finds (M. H. Quenouille, Biometrika 43 (1956) 353); null where there are too few configurations.</param>
internal sealed record JackknifeBias(double AtMeans, double? Bias)
{
    // Bins of so many τ are independent; more bins than this change nothing but the time it takes.
    private const double BinInTau = 6;
    private const int MostBins = 100;
    private const int FewestBins = 10;

    public static JackknifeBias Of(IReadOnlyList<IReadOnlyList<double[]>> primaries, Func<double[], double> function, double tau)
    {
        double atMeans = function(PrimaryMeans.Of(primaries).Global);
        long count = primaries[0].Sum(replica => (long)replica.Length);
        double wanted = Math.Max(double.IsFinite(tau) ? Math.Ceiling(BinInTau * tau) : 1, Math.Ceiling((double)count / MostBins));
        int size = (int)Math.Clamp(wanted, 1, int.MaxValue);
        if (primaries[0].Sum(replica => (long)(replica.Length / size)) < FewestBins) return new(atMeans, null);
        try
        {
            double bias = Jackknife.OfMeans(primaries, function, size).Bias;
            return new(atMeans, double.IsFinite(bias) ? bias : null);
        }
        catch (ArgumentException)
        {
            // It does not exist without one of the bins.
            return new(atMeans, null);
        }
    }
}
