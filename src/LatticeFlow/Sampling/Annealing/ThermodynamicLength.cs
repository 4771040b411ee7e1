namespace LatticeFlow.Sampling;

/// <summary>
/// Where a protocol dissipates, from trajectories that ran through it: with x_b the work done in part b of it and W = Σ_b x_b, the variance of W is Σ_b cov(x_b, W), so that ζ_b = cov(x_b, W)/Δs_b is the dissipation
/// in unit time there, autocorrelation included (c τ of slow protocols). The dissipated work of n steps is least, and the same in each, where steps are equally far in the length L(s) = ∫ ζ^{1/2} ds: ds/dt ∝ ζ^{−1/2}.
/// </summary>
/// <remarks>Source: D. A. Sivak, G. E. Crooks, Phys. Rev. Lett. 108 (2012) 190602; G. E. Crooks, Phys. Rev. Lett. 99 (2007) 100602. For one coupling ζ = 2 τ c with c = dp/dβ. The estimate of ζ is as good as the pilot; a bad one costs effective configurations, never exactness.</remarks>
internal sealed class ThermodynamicLength
{
    // ζ of a part is a covariance of noise with W as well: with more parts than these a short pilot finds noise.
    private const int MostParts = 16;

    // A part that seems to dissipate less than this share of the largest is given that much: noise must not leave a part with a single step.
    private const double LeastShare = 0.01;

    private readonly int steps;
    private readonly double[] sums;
    private readonly double[] products;
    private double sum;
    private double count;

    /// <summary>Of a protocol of so many steps of equal time.</summary>
    public ThermodynamicLength(int steps)
    {
        this.steps = steps;
        Parts = Math.Min(MostParts, steps);
        sums = new double[Parts];
        products = new double[Parts];
    }

    /// <summary>Parts of the protocol.</summary>
    public int Parts { get; }

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => 2 + (2 * Parts);

    /// <summary>Whether there is something to find times from.</summary>
    public bool HasTrajectories => count > 0;

    /// <summary>The part that a step 1 … n belongs to.</summary>
    public int PartOf(int step) => (int)((long)(step - 1) * Parts / steps);

    /// <summary>Adds a trajectory: the work done in each part.</summary>
    public void Add(ReadOnlySpan<double> work)
    {
        double total = 0;
        foreach (double part in work) total += part;
        for (int b = 0; b < Parts; b++)
        {
            sums[b] += work[b];
            products[b] += work[b] * total;
        }

        sum += total;
        count++;
    }

    /// <summary>s_0 … s_n at equal distance in length; even times where nothing was seen to dissipate.</summary>
    public double[] Times()
    {
        // Ends of the parts in even times, and length of each.
        var ends = new double[Parts + 1];
        for (int step = 1; step <= steps; step++) ends[PartOf(step) + 1] = (double)step / steps;
        double[] dissipation = [.. Enumerable.Range(0, Parts).Select(b => ((products[b] / count) - (sums[b] / count * (sum / count))) / (ends[b + 1] - ends[b]))];
        double largest = dissipation.Max();
        if (!(largest > 0) || !double.IsFinite(largest)) Array.Fill(dissipation, largest = 1);
        var length = new double[Parts + 1];
        for (int b = 0; b < Parts; b++) length[b + 1] = length[b] + (Math.Sqrt(Math.Max(dissipation[b], LeastShare * largest)) * (ends[b + 1] - ends[b]));
        var times = new double[steps + 1];
        for (int step = 1, b = 0; step < steps; step++)
        {
            double wanted = length[Parts] * step / steps;
            while (b < Parts - 1 && length[b + 1] < wanted) b++;
            times[step] = ends[b] + ((wanted - length[b]) / (length[b + 1] - length[b]) * (ends[b + 1] - ends[b]));
        }

        times[steps] = 1;
        return times;
    }

    /// <summary>Writes what was added.</summary>
    public void Save(Span<double> target)
    {
        (target[0], target[1]) = (sum, count);
        sums.CopyTo(target[2..]);
        products.CopyTo(target[(2 + Parts)..]);
    }

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<double> source)
    {
        (sum, count) = (source[0], source[1]);
        source.Slice(2, Parts).CopyTo(sums);
        source.Slice(2 + Parts, Parts).CopyTo(products);
    }
}
