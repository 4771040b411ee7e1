using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary>
/// The mixture (1 − ε) q + ε r of two proposal densities (T. Hesterberg 1995: defensive importance sampling): every proposal is of r with probability ε, and has the density of the mixture wherever it is from, so that
/// no p/q is above (p/r)/ε. Where a flow q misses part of the target, r has to reach it.
/// </summary>
public sealed class DefensiveProposals : IProposalSource, IDisposable
{
    private readonly IProposalSource flow;
    private readonly IProposalSource prior;
    private readonly double logFlow;
    private readonly double logPrior;
    private readonly double share;
    private double[] others = [];
    private double[] logOther = [];
    private double[] logChosen = [];
    private int[] places = [];

    /// <summary>Proposals of <paramref name="flow"/> but a <paramref name="share"/> ε between 0 and 1 of <paramref name="prior"/>, on one field and lattice.</summary>
    /// <exception cref="ArgumentException">ε is not between 0 and 1, or the sources differ in their numbers.</exception>
    public DefensiveProposals(IProposalSource flow, IProposalSource prior, double share)
    {
        if (!(share > 0 && share < 1)) throw new ArgumentException($"a share of {share} is not between 0 and 1.", nameof(share));
        if (flow.Numbers != prior.Numbers) throw new ArgumentException($"proposals of {flow.Numbers} and of {prior.Numbers} numbers do not mix.", nameof(prior));
        (this.flow, this.prior, this.share) = (flow, prior, share);
        logFlow = Math.Log(1 - share);
        logPrior = Math.Log(share);
    }

    /// <inheritdoc/>
    public int Numbers => flow.Numbers;

    /// <summary>Of both sources: each proposal is drawn from both and has both densities.</summary>
    public double Flops => flow.Flops + prior.Flops;

    /// <inheritdoc/>
    public void Draw(ulong seed, long firstProposal, int count, Span<double> configurations, Span<double> logQ)
    {
        Reserve(count);
        // Proposal n is that of the flow or that of the prior with this number: which one does not depend on how many are drawn together.
        flow.Draw(seed, firstProposal, count, configurations, logQ);
        prior.Draw(~seed, firstProposal, count, others.AsSpan(0, count * Numbers), logOther.AsSpan(0, count));
        int chosen = 0;
        for (int n = 0; n < count; n++)
        {
            if (new HostRandom(seed, Purpose.Accept, firstProposal + n).NextUniform() >= share) continue;
            var other = others.AsSpan(n * Numbers, Numbers);
            other.CopyTo(configurations[(n * Numbers)..]);
            // Side by side, for the inverse of the flow: n is not before the place that is taken.
            other.CopyTo(others.AsSpan(chosen * Numbers));
            places[chosen++] = n;
        }

        flow.LogDensity(others.AsSpan(0, chosen * Numbers), logChosen.AsSpan(0, chosen));
        for (int k = 0; k < chosen; k++) logQ[places[k]] = logChosen[k];
        Mix(configurations[..(count * Numbers)], logQ[..count]);
    }

    /// <inheritdoc/>
    public void LogDensity(ReadOnlySpan<double> configurations, Span<double> logQ)
    {
        Reserve(logQ.Length);
        flow.LogDensity(configurations, logQ);
        Mix(configurations, logQ);
    }

    /// <summary>Disposes of the source of r; that of the flow is its owner's.</summary>
    public void Dispose() => (prior as IDisposable)?.Dispose();

    // From ln q of the flow to that of the mixture.
    private void Mix(ReadOnlySpan<double> configurations, Span<double> logQ)
    {
        prior.LogDensity(configurations, logOther.AsSpan(0, logQ.Length));
        for (int n = 0; n < logQ.Length; n++) logQ[n] = LogSum(logFlow + logQ[n], logPrior + logOther[n]);
    }

    private void Reserve(int count)
    {
        if (logOther.Length >= count) return;
        others = new double[(long)count * Numbers];
        logOther = new double[count];
        logChosen = new double[count];
        places = new int[count];
    }

    private static double LogSum(double a, double b)
    {
        double largest = Math.Max(a, b);
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(Math.Exp(a - largest) + Math.Exp(b - largest));
    }
}
