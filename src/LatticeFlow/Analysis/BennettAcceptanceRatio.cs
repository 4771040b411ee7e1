namespace LatticeFlow.Analysis;

/// <summary>
/// The ratio of partition functions from the work of as many trajectories in both directions: L = ln(Z/Z_0) that solves ⟨f(W + L)⟩ = ⟨f(W_R − L)⟩, f(x) = 1/(1 + e^x), W of trajectories from S_0 to S, W_R of those back
/// (C. H. Bennett, J. Comput. Phys. 22 (1976) 245; M. R. Shirts, E. Bair, G. Hooker, V. S. Pande, Phys. Rev. Lett. 91 (2003) 140601: the estimate of maximal likelihood where p(W)/p_R(−W) = e^{W + L}, the relation of Crooks).
/// </summary>
public sealed class BennettAcceptanceRatio
{
    private const double Tolerance = 1e-13;

    /// <summary>Of rows with both works, <c>[replica][row]</c>, all finite.</summary>
    /// <exception cref="ArgumentException">There are none, they are not alike in shape, or one is not finite.</exception>
    public BennettAcceptanceRatio(IReadOnlyList<double[]> work, IReadOnlyList<double[]> reverseWork)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(reverseWork);
        if (!work.Select(replica => replica.Length).SequenceEqual(reverseWork.Select(replica => replica.Length))) throw new ArgumentException("there are not as many trajectories in both directions.", nameof(reverseWork));
        double[] forward = [.. work.SelectMany(replica => replica)], backward = [.. reverseWork.SelectMany(replica => replica)];
        if (forward.Length == 0 || !forward.All(double.IsFinite) || !backward.All(double.IsFinite)) throw new ArgumentException("the work of trajectories is finite, and there is at least one.", nameof(work));
        LogRatio = Solve(forward, backward);
        double sum = 0, mean = 0, squares = 0;
        foreach (double x in forward.Concat(backward.Select(w => -w)))
        {
            double weight = Fermi(x + LogRatio) * Fermi(-x - LogRatio);
            sum += weight;
            double change = x - mean;
            if (sum > 0) mean += weight / sum * change;
            squares += weight * change * (x - mean);
        }

        Curvature = sum / forward.Length;
        SlopeCurvature = squares / forward.Length;
        Overlap = 2 * forward.Average(w => Fermi(w + LogRatio));
        Residuals = Series(work, reverseWork, (w, r) => Fermi(w + LogRatio) - Fermi(r - LogRatio));
        SlopeResiduals = Series(work, reverseWork, (w, r) => (Fermi(w + LogRatio) * (w - mean)) - (Fermi(r - LogRatio) * (-r - mean)));
    }

    /// <summary>L.</summary>
    public double LogRatio { get; }

    /// <summary>∫ 2 p p_R/(p + p_R) dW, p that of W and p_R that of −W_R: 1 where nothing is dissipated, 0 where the directions have no work in common and L is not to be trusted.</summary>
    public double Overlap { get; }

    /// <summary>f(W + L) − f(W_R − L) of each row: the error of its mean over <see cref="Curvature"/> is that of L.</summary>
    public IReadOnlyList<double[]> Residuals { get; }

    /// <summary>−∂⟨residual⟩/∂L.</summary>
    public double Curvature { get; }

    /// <summary>
    /// The derivative of the likelihood of p(W)/p_R(−W) = e^{b (W + L)} by b at b = 1, of each row, made independent of L: with <see cref="SlopeCurvature"/> b is 1 + ⟨it⟩/curvature, and any fault in works, updates or starts that breaks
    /// the relation of Crooks moves it away from 1.
    /// </summary>
    public IReadOnlyList<double[]> SlopeResiduals { get; }

    /// <summary>Minus its derivative by b.</summary>
    public double SlopeCurvature { get; }

    private static double Fermi(double x) => x > 0 ? Math.Exp(-x) / (1 + Math.Exp(-x)) : 1 / (1 + Math.Exp(x));

    private static double[][] Series(IReadOnlyList<double[]> work, IReadOnlyList<double[]> reverseWork, Func<double, double, double> of) =>
        [.. work.Select((replica, r) => replica.Select((w, i) => of(w, reverseWork[r][i])).ToArray())];

    // The difference falls monotonically from 1 to −1. From max over both of what makes every term less than 1/2, and more than that, there is a root between.
    private static double Solve(double[] work, double[] reverseWork)
    {
        double low = Math.Min(work.Min(w => -w), reverseWork.Min()), high = Math.Max(work.Max(w => -w), reverseWork.Max());
        while (high - low > Tolerance * Math.Max(1, Math.Abs(low) + Math.Abs(high)))
        {
            double middle = low + ((high - low) / 2), difference = 0;
            for (int i = 0; i < work.Length; i++) difference += Fermi(work[i] + middle) - Fermi(reverseWork[i] - middle);
            if (difference > 0) low = middle;
            else high = middle;
        }

        return low + ((high - low) / 2);
    }
}
