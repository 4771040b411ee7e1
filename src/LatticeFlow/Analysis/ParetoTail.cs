namespace LatticeFlow.Analysis;

/// <summary>
/// The shape k̂ of a generalised Pareto distribution fitted to the largest weights: of w only moments below 1/k exist. With k̂ &lt; ½ the variance of w and so the effective sample size is finite; from 0.7 on,
/// no practical number of draws gives either (A. Vehtari et al., arXiv:1507.02646). Fit: J. Zhang, M. A. Stephens, Technometrics 51 (2009) 316, drawn to ½ as if by ten more draws (Vehtari et al., appendix C).
/// </summary>
public static class ParetoTail
{
    /// <summary>From here on the moments that an effective sample size is made of are not to be had.</summary>
    public const double LargestShape = 0.7;

    private const int FewestTailWeights = 5;
    private const double PriorOfScale = 3;
    private const double PriorCount = 10;
    private const double PriorShape = 0.5;

    /// <summary>Weights that count as the tail of n: min(n/5, 3√n).</summary>
    public static int TailCount(int count) => (int)Math.Min(count / 5.0, 3 * Math.Sqrt(count));

    /// <summary>Share of Σ w² that the tail has: of even weights that of its number, near 1 where everything hangs on it; null where there is no tail.</summary>
    public static double? Share(ReadOnlySpan<double> logWeights)
    {
        int tail = TailCount(logWeights.Length);
        if (tail < FewestTailWeights) return null;
        double[] sorted = logWeights.ToArray();
        Array.Sort(sorted);
        double largest = sorted[^1], all = 0, last = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double square = Math.Exp(2 * (sorted[i] - largest));
            all += square;
            if (i >= sorted.Length - tail) last += square;
        }

        return last / all;
    }

    /// <summary>k̂ of weights e^{log w}; null where there are fewer than 25, or where the tail is one value.</summary>
    public static double? Shape(ReadOnlySpan<double> logWeights)
    {
        int tail = TailCount(logWeights.Length);
        if (tail < FewestTailWeights) return null;
        double[] sorted = logWeights.ToArray();
        Array.Sort(sorted);
        double largest = sorted[^1], threshold = Math.Exp(sorted[^(tail + 1)] - largest);
        var excess = new double[tail];
        for (int i = 0; i < tail; i++) excess[i] = Math.Exp(sorted[sorted.Length - tail + i] - largest) - threshold;
        return Shape(excess);
    }

    // In ascending order. θ is scanned on a grid, weighted with its profile likelihood; k follows from the mean θ.
    private static double? Shape(double[] excess)
    {
        int n = excess.Length, points = 30 + (int)Math.Sqrt(n);
        double quartile = excess[(int)((n / 4.0) + 0.5) - 1];
        if (!(quartile > 0)) return null;
        var theta = new double[points];
        var likelihood = new double[points];
        for (int j = 0; j < points; j++)
        {
            theta[j] = (1 / excess[^1]) + ((1 - Math.Sqrt(points / (j + 0.5))) / (PriorOfScale * quartile));
            double shape = MeanLog(excess, theta[j]);
            likelihood[j] = n * (Math.Log(-theta[j] / shape) - shape - 1);
        }

        double best = likelihood.Max(), norm = 0, mean = 0;
        for (int j = 0; j < points; j++)
        {
            double weight = Math.Exp(likelihood[j] - best);
            norm += weight;
            mean += weight * theta[j];
        }

        return ((n * MeanLog(excess, mean / norm)) + (PriorCount * PriorShape)) / (n + PriorCount);
    }

    private static double MeanLog(double[] excess, double theta)
    {
        double sum = 0;
        foreach (double x in excess) sum += Math.Log(1 - (theta * x));
        return sum / excess.Length;
    }
}
