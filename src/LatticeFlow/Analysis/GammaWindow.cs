namespace LatticeFlow.Analysis;

/// <summary>The last lag that is summed, whether the criterion was met, and whether an exponential tail follows.</summary>
internal sealed record GammaWindow(int Last, bool Found, bool TailAttached)
{
    // Small enough that exp(−W/τ) vanishes, large enough that τ/√(W N) does not underflow.
    private const double UncorrelatedTau = 2.2e-16;

    /// <summary>
    /// First W with g(W) = exp(−W/τ) − τ/√(W N) &lt; 0, τ = S / ln((2τ_W + 1)/(2τ_W − 1)) (Wolff, eqs. 50–52);
    /// of anticorrelated data with |ρ| in the place of ρ; with τ_exp the first W with ρ(W) − n_σ δρ(W) &lt; 0 (Schaefer, Sommer, Virotta, eq. 21).
    /// </summary>
    public static GammaWindow Choose(double[] gamma, int count, GammaOptions options)
    {
        if (options.TauExp > 0)
            return ChooseTail(gamma, count, options);
        if (options.S == 0)
            return new GammaWindow(0, true, false);
        // Alternating signs cancel in the sum long before ρ has died out: its decay is that of |ρ|.
        bool alternates = options.Convention == GammaConvention.UWerr && GammaEstimate.IsAnticorrelated(gamma, count);
        double sum = 0;
        for (int w = 1; w < gamma.Length; w++)
        {
            sum += alternates ? Math.Abs(gamma[w] / gamma[0]) : gamma[w] / gamma[0];
            // A sum at or below zero means τ_W ≤ ½: nothing is correlated and the criterion holds at once.
            double tau = sum <= 0 ? UncorrelatedTau : options.S / Math.Log((sum + 1) / sum);
            if (Math.Exp(-w / tau) - tau / Math.Sqrt((double)w * count) < 0)
                return new GammaWindow(w, true, false);
        }

        return new GammaWindow(gamma.Length - 1, false, false);
    }

    private static GammaWindow ChooseTail(double[] gamma, int count, GammaOptions options)
    {
        if (gamma.Length / 2 <= 1)
            throw new ArgumentException($"The tail of tau_exp needs at least 8 values in a replica; the largest usable lag is {gamma.Length - 1}.");
        double[] rho = [.. gamma.Select(g => g / gamma[0])];
        int end = Math.Max(1, gamma.Length / 2 - 2);
        for (int w = 1; w < end; w++)
        {
            if (rho[w] - options.TailSigmas * GammaEstimate.RhoError(rho, w, rho.Length, count) < 0)
                return new GammaWindow(w, true, true);
        }

        return new GammaWindow(end, false, true);
    }
}
