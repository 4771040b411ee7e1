namespace LatticeFlow.Sampling;

/// <summary>
/// The coefficients 1 = c_0 &gt; c_1 &gt; … &gt; c_{K−1} = 0 of a ladder, and their stochastic approximation to rates of exchange that are all alike: ln g_k += γ_n (p_k − p̄), γ_n = 2 (n + 1)^−0.7, of the gaps g_k = c_k − c_{k+1} ∝ e^{ln g_k}. Where a
/// pair exchanges more often than the others its gap grows. Deterministic, given the probabilities.
/// </summary>
/// <remarks>Source: H. Robbins, S. Monro, Ann. Math. Stat. 22 (1951) 400.</remarks>
internal sealed class DefectSpacing
{
    private const double Gain = 2;
    private const double Decay = -0.7;
    private readonly double[] logGaps;
    private readonly double[] values;
    private long updates;

    public DefectSpacing(IReadOnlyList<double> coefficients)
    {
        values = [.. coefficients];
        logGaps = [.. Enumerable.Range(0, values.Length - 1).Select(k => Math.Log(values[k] - values[k + 1]))];
    }

    /// <summary>c_k.</summary>
    public IReadOnlyList<double> Values => values;

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => logGaps.Length + 1;

    /// <summary>Takes in the mean probabilities of one sweep of exchanges.</summary>
    public void Update(ReadOnlySpan<double> chances)
    {
        double mean = 0;
        foreach (double chance in chances) mean += chance / chances.Length;
        double gain = Gain * Math.Pow(++updates, Decay);
        for (int k = 0; k < logGaps.Length; k++) logGaps[k] += gain * (chances[k] - mean);
        SetValues();
    }

    public void Save(Span<double> target)
    {
        logGaps.CopyTo(target);
        target[logGaps.Length] = updates;
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        source[..logGaps.Length].CopyTo(logGaps);
        updates = (long)source[logGaps.Length];

        // As given, unless they have been tuned.
        if (updates > 0) SetValues();
    }

    private void SetValues()
    {
        double sum = 0;
        foreach (double gap in logGaps) sum += Math.Exp(gap);
        double rest = 1;
        for (int k = 0; k + 1 < logGaps.Length; k++) values[k + 1] = rest -= Math.Exp(logGaps[k]) / sum;
    }
}
