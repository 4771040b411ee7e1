namespace LatticeFlow.Analysis;

/// <summary>Effective sample size by Geyer's initial monotone positive sequence over several chains (Vehtari et al., arXiv:1903.08008, eqs. 10–13).</summary>
internal static class GeyerEffectiveSampleSize
{
    public static double Of(IReadOnlyList<double[]> chains)
    {
        int n = chains[0].Length, total = chains.Count * n;
        if (n < 3)
            return double.NaN;
        if (ChainDiagnostics.IsConstant(chains))
            return total;

        // Biased autocovariances (divided by n at every lag), averaged over chains.
        var covariance = new double[n];
        foreach (double[] chain in chains)
        {
            double[] sums = ChainDiagnostics.CentredSums(chain);
            for (int t = 0; t < n; t++)
                covariance[t] += sums[t] / n / chains.Count;
        }

        double within = covariance[0] * n / (n - 1.0), pooled = covariance[0];
        if (chains.Count > 1)
            pooled += ChainDiagnostics.Variance([.. chains.Select(x => PrimaryMeans.Mean(x))]);
        double Rho(int t) => 1 - (within - covariance[t]) / pooled;

        var rho = new double[n];
        double even = 1, odd = Rho(1);
        (rho[0], rho[1]) = (even, odd);
        int last = 0;
        while (last < n - 5 && even + odd > 0)
        {
            last += 2;
            (even, odd) = (Rho(last), Rho(last + 1));
            if (even + odd >= 0)
                (rho[last], rho[last + 1]) = (even, odd);
        }

        // The last even term lowers the variance for anticorrelated chains.
        if (even > 0)
            rho[last] = even;
        for (int t = 2; t <= last - 2; t += 2)
        {
            if (rho[t] + rho[t + 1] > rho[t - 2] + rho[t - 1])
                rho[t] = rho[t + 1] = (rho[t - 2] + rho[t - 1]) / 2;
        }

        double tau = -1 + rho[last];
        for (int t = 0; t < last; t++)
            tau += 2 * rho[t];
        // A chain cannot be more than log10(total) times better than independent draws.
        return total / Math.Max(tau, 1 / Math.Log10(total));
    }
}
