using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>
/// The rank test of Gandy and Scott: of a stationary chain of <see cref="Length"/> states, one is drawn exactly from exp(−S), at a random position; the states after it
/// are made by the transition, the ones before it by the time-reversed transition. Then the rank of a statistic of the exact one among all is uniform.
/// </summary>
/// <remarks>Source: A. Gandy, J. Scott, arXiv:2001.06465. Every replica is one repetition. A χ² over the counts of the ranks tells the verdict.</remarks>
internal sealed class RankTest(OpenCylinder target, ITransition transition, ITransition reversed, int replicas, int seed) : DoubleLaneUser<double>
{
    /// <summary>States of a chain, hence ranks.</summary>
    public const int Length = 8;

    /// <summary>χ² with 7 degrees of freedom exceeds this with probability 10⁻⁴: the false-alarm rate of one statistic of one fixed-seed test.</summary>
    public const double AlarmLevel = 29.88;

    /// <summary>A fault counts as caught beyond this: probability about 10⁻¹⁰ by chance.</summary>
    public const double CaughtLevel = 60.5;

    private const int Statistics = 2;

    /// <summary>The larger χ² of the two statistics: S, and the cosine of the first plaquette.</summary>
    protected override double Use<T>(ComputeDevice device)
    {
        var random = new Random(seed);
        var start = new double[replicas * target.Lattice.Links];
        for (int r = 0; r < replicas; r++) target.Draw(random, start.AsSpan(r * target.Lattice.Links, target.Lattice.Links));
        var after = Chain<T>(device, transition, start, (ulong)seed);
        var before = Chain<T>(device, reversed, start, (ulong)seed + 1);
        double worst = 0;
        for (int statistic = 0; statistic < Statistics; statistic++)
        {
            var counts = new int[Length];
            for (int r = 0; r < replicas; r++)
            {
                int position = random.Next(Length);
                double exact = after[0][statistic][r];
                int below = 0;
                int ties = 0;
                void Compare(double other)
                {
                    if (other < exact) below++;
                    else if (other == exact) ties++;
                }

                for (int i = 1; i < Length - position; i++) Compare(after[i][statistic][r]);
                for (int i = 1; i <= position; i++) Compare(before[i][statistic][r]);
                counts[below + random.Next(ties + 1)]++;
            }

            double expected = (double)replicas / Length;
            worst = Math.Max(worst, counts.Sum(count => (count - expected) * (count - expected) / expected));
        }

        return worst;
    }

    // [step][statistic][replica]
    private double[][][] Chain<T>(ComputeDevice device, ITransition step, double[] start, ulong chainSeed)
        where T : unmanaged, Kernels.Lanes.IReal64<T>
    {
        using var state = new MarkovState<T>(device, target.Action(), replicas, chainSeed);
        state.Write(start);
        using var run = step.Bind(state);
        var values = new double[Length][][];
        for (int i = 0; i < Length; i++)
        {
            if (i > 0) run.Step(false);
            var links = state.ReadLinks();
            var plaquette = new double[replicas];
            for (int r = 0; r < replicas; r++) plaquette[r] = Corner(links.Slice(r * state.Links, state.Links));
            values[i] = [state.ReadAction().ToArray(), plaquette];
        }

        return values;
    }

    private double Corner(ReadOnlySpan<double> links)
    {
        var lattice = target.Lattice;
        return Math.Cos(links[lattice.Link(0, 0)] + links[lattice.Link(lattice.Neighbour(0, 0), 1)] - links[lattice.Link(lattice.Neighbour(0, 1), 0)] - links[lattice.Link(0, 1)]);
    }
}
