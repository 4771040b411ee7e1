namespace LatticeFlow.Analysis;

/// <summary>
/// What R̂ converged chains reach by their length alone. Means of n values with ρ(t) = aᵗ have the variance σ² v, v = (1/n) [(1 + a)/(1 − a) − 2a (1 − aⁿ)/(n (1 − a)²)], and n values scatter by σ² (1 − v) about
/// their own mean, so that R̂² − 1 is v/(1 − v) at most, times the fluctuation √(2/(M − 1)) of a variance of M means. a is that of τ_int = (1 + a)/(2 (1 − a)).
/// </summary>
public static class ExpectedRHat
{
    /// <summary>Where ρ at the end of the window is above this, τ_int cannot be had from such chains.</summary>
    internal const double LargestEnd = 0.3;

    /// <summary>Chance is allowed this many standard deviations.</summary>
    private const double Sigmas = 4;

    /// <summary>The largest R̂ that split chains of <paramref name="length"/> values reach by τ_int and chance; 1 where the autocorrelation does not die out within a chain: there is no telling whether they have converged.</summary>
    public static double Of(GammaResult result, int length, int chains)
    {
        ArgumentNullException.ThrowIfNull(result);
        double n = length / 2;
        if (!double.IsFinite(result.TauInt) || result.Rho[result.Window] > LargestEnd || n < 2) return 1;
        double a = Math.Max(0, ((2 * result.TauInt) - 1) / ((2 * result.TauInt) + 1));
        double share = (((1 + a) / (1 - a)) - (2 * a * (1 - Math.Pow(a, n)) / (n * (1 - a) * (1 - a)))) / n;
        double chance = 1 + (Sigmas * Math.Sqrt(2.0 / Math.Max(1, (2 * chains) - 1)));
        return Math.Sqrt(1 + (share / (1 - share) * chance));
    }
}
