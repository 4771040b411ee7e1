namespace LatticeFlow.Analysis;

/// <summary>
/// Error of ρ(t) by Bartlett's formula as M. Lüscher has it (hep-lat/0409106, eq. E.11): δρ(t)² = (1/N_t) Σ_{k≥1} [ρ(k+t) + ρ(|k−t|) − 2 ρ(t) ρ(k)]², N_t the pairs at lag t. Beyond the window ρ is taken as 0, so that the band
/// tends to √[(1 + 2 Σ ρ²)/N_t], the noise of a lag at which nothing is left, and does not shrink where lags end.
/// </summary>
internal static class AutocorrelationError
{
    public static double At(double[] rho, int lag, int window, double pairs)
    {
        if (lag == 0) return 0;
        double sum = 0;
        for (int k = 1; k <= lag + window; k++)
        {
            double term = Rho(k + lag) + Rho(Math.Abs(k - lag)) - (2 * Rho(lag) * Rho(k));
            sum += term * term;
        }

        return Math.Sqrt(sum / Math.Max(pairs, 1));

        double Rho(int t) => t <= window && t < rho.Length ? rho[t] : 0;
    }
}
