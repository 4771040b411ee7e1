namespace LatticeFlow.Exact;

/// <summary>
/// b_r of e^{(β/N) Re tr U} = Σ_r b_r χ_r(U) for SU(N), b_r = ∫ dU e^{(β/N) Re tr U} χ_r(U). Multiplication by (1/N) Re tr U is a matrix J ≥ 0 between
/// representations, so b = e^{βJ} applied to the trivial one: a sum of positive terms, which keeps fourteen digits at every N and β. It equals the
/// determinants Σ_n det I_{λ_j − j + k + n}(β/N) (Bars and Green 1979), whose cancellations grow like β^{N(N−1)/2}.
/// </summary>
internal sealed class CharacterCoefficients
{
    // Below, the logarithm of b_0 − 1 keeps the relative precision of small logarithms; above, e^{−β} is taken out.
    private const double UnscaledBelow = 2;
    private const double LongestStep = 20;

    // The weight at half way, squared, of paths that would leave the set: an error of 1e-15 in b_r/(d_r b_0) by Cauchy and Schwarz.
    private const double NegligibleSquare = 1e-30;
    private const double NegligibleWeight = 1e-18;
    private const int MostRepresentations = 600_000;

    // For N = 2 … 8: where the sum takes two seconds or a third of these representations.
    private static readonly double[] s_largestBeta = [10_000, 400, 200, 80, 40, 30, 20];

    private CharacterCoefficients(Representations representations, double[] values, double logTrivial) =>
        (Representations, Values, LogTrivial) = (representations, values, logTrivial);

    public Representations Representations { get; }

    /// <summary>b_r up to a common factor.</summary>
    public double[] Values { get; }

    /// <summary>ln b_0 = ln ∫ dU e^{(β/N) Re tr U}.</summary>
    public double LogTrivial { get; }

    /// <summary>b_r/d_r over its value for the trivial representation.</summary>
    public double Relative(int r) => Values[r] / (Representations.Dimension[r] * Values[0]);

    /// <summary>The β up to which the representations of SU(N) are few enough, 2 ≤ N ≤ 8.</summary>
    public static double LargestBeta(int colors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(colors, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(colors, 8);
        return s_largestBeta[colors - 2];
    }

    /// <summary>
    /// All representations whose share (b_r/d_r)^<paramref name="volume"/> of a torus's Z counts.
    /// Throws <see cref="ArgumentOutOfRangeException"/> unless 2 ≤ N ≤ 8 and 0 ≤ β ≤ <see cref="LargestBeta"/>.
    /// </summary>
    public static CharacterCoefficients Of(int colors, double beta, long volume)
    {
        double largest = LargestBeta(colors);
        if (!(beta >= 0) || beta > largest)
            throw new ArgumentOutOfRangeException(nameof(beta), beta, $"beta must lie in [0, {largest}] for SU({colors}): beyond, more representations count than can be summed.");
        for (double casimir = 4 * colors + 16 * beta / colors; ; casimir *= 1.25)
        {
            Representations set = Representations.UpTo(colors, casimir, MostRepresentations)
                ?? throw new ArgumentOutOfRangeException(nameof(beta), beta, $"SU({colors}) on {volume} plaquettes: more than {MostRepresentations} representations count; take a smaller beta or a larger torus.");
            double[] half = new double[set.Count];
            half[0] = 1;
            double excess = Propagate(set, half, beta);
            double outside = set.Boundary.Sum(r => half[r] * half[r]);
            if (outside > NegligibleSquare * half.Sum(x => x * x))
                continue;

            var result = Complete(set, half, beta, excess);
            if (set.Boundary.All(r => Math.Pow(result.Relative(r), volume) < NegligibleWeight))
                return result;
        }
    }

    /// <summary>Those of a smaller β, of the same representations.</summary>
    public CharacterCoefficients At(double beta)
    {
        double[] half = new double[Representations.Count];
        half[0] = 1;
        return Complete(Representations, half, beta, Propagate(Representations, half, beta));
    }

    // From b_r(β/2), of which that of the trivial one is 1 + excess where nothing is scaled. J is symmetric: b_0(β) = Σ_r b_r(β/2)².
    private static CharacterCoefficients Complete(Representations set, double[] half, double beta, double excess)
    {
        double logTrivial = beta < UnscaledBelow
            ? BesselRatios.LogOnePlus(excess * (2 + excess) + half.Skip(1).Sum(x => x * x))
            : beta + Math.Log(half.Sum(x => x * x));
        Propagate(set, half, beta);
        return new(set, half, logTrivial);
    }

    // v → e^{βJ/2} v, times e^{−β/2} from UnscaledBelow on; returns what the trivial entry gained.
    private static double Propagate(Representations set, double[] v, double beta)
    {
        int steps = Math.Max(1, (int)Math.Ceiling(beta / 2 / LongestStep));
        double step = beta / 2 / steps, scale = beta < UnscaledBelow ? 1 : Math.Exp(-step), gain = 0;
        double[] term = new double[v.Length], next = new double[v.Length], sum = new double[v.Length];
        for (int i = 0; i < steps && beta > 0; i++)
        {
            v.CopyTo(term, 0);
            Array.Clear(sum);
            // Only every second power reaches a representation of SU(N) with N even; the sum is complete after two powers that changed nothing.
            for (int power = 1, idle = 0; idle < 2; power++)
            {
                set.Multiply(term, next);
                bool changed = false;
                for (int r = 0; r < v.Length; r++)
                {
                    next[r] *= step / power;
                    sum[r] += next[r];
                    changed |= next[r] > 1e-17 * (v[r] + sum[r]) && next[r] > 1e-290;
                }

                idle = changed ? 0 : idle + 1;
                (term, next) = (next, term);
            }

            gain = sum[0];
            for (int r = 0; r < v.Length; r++)
                v[r] = (v[r] + sum[r]) * scale;
        }

        return gain;
    }
}
