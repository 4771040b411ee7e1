namespace LatticeFlow.Sampling;

/// <summary>A straight path of actions S_s = Σ_k λ_k(s) S^(k), λ(s) = (1 − s) λ(0) + s λ(1) with the time s in [0, 1], between two actions of the same components; one component is a factor on S.</summary>
public sealed class CoefficientPath
{
    /// <summary>From the coefficients of S_0 to those of the action that is sampled.</summary>
    /// <exception cref="ArgumentException">There are no coefficients, they differ in number or not at all, or one is not finite.</exception>
    public CoefficientPath(IReadOnlyList<double> start, IReadOnlyList<double> end)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(end);
        if (start.Count == 0 || start.Count != end.Count) throw new ArgumentException($"a path from {start.Count} to {end.Count} coefficients: both ends have the components of one action.", nameof(start));
        if (!start.Concat(end).All(double.IsFinite)) throw new ArgumentException("a coefficient of a path is not finite.", nameof(start));
        if (start.SequenceEqual(end)) throw new ArgumentException("a path that ends where it starts has no work: give another start.", nameof(start));
        (Start, End) = ([.. start], [.. end]);
    }

    /// <summary>The path of factors on the action from <paramref name="strength"/> to 1.</summary>
    public static CoefficientPath OfStrength(double strength) => new([strength], [1]);

    /// <summary>λ(0).</summary>
    public IReadOnlyList<double> Start { get; }

    /// <summary>λ(1).</summary>
    public IReadOnlyList<double> End { get; }

    /// <summary>K, the number of coefficients.</summary>
    public int Components => Start.Count;

    /// <summary>λ(s), to the last bit that of an end at s = 0 and 1.</summary>
    public void At(double time, Span<double> coefficients)
    {
        for (int k = 0; k < Components; k++) coefficients[k] = time == 0 ? Start[k] : time == 1 ? End[k] : ((1 - time) * Start[k]) + (time * End[k]);
    }
}
