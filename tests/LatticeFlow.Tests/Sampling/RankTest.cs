using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>
/// The rank test of Gandy and Scott: of a stationary chain of <see cref="Length"/> states, one is drawn exactly from exp(−S), at a random position; the states after it
/// are made by the transition, the ones before it by the time-reversed transition. Then the rank of a statistic of the exact one among all is uniform.
/// </summary>
/// <remarks>Source: A. Gandy, J. Scott, arXiv:2001.06465. Every replica is one repetition. A χ² over the counts of the ranks tells the verdict.</remarks>
internal sealed class RankTest(IExactTarget target, ITransition transition, ITransition reversed, int replicas, int seed) : DoubleLaneUser<double>
{
    /// <summary>States of a chain, hence ranks.</summary>
    public const int Length = 8;

    /// <summary>χ² with 7 degrees of freedom exceeds this with probability 10⁻⁴: the false-alarm rate of one statistic of one fixed-seed test.</summary>
    public const double AlarmLevel = 29.88;

    /// <summary>A fault counts as caught beyond this: probability about 10⁻¹⁰ by chance.</summary>
    public const double CaughtLevel = 60.5;

    private const int Statistics = 2;

    /// <summary>The larger χ² of the two statistics: S, and what is at the origin; of a ladder: S of the first rung and S of the last, before their factors.</summary>
    protected override double Use<T>(ComputeDevice device)
    {
        var random = new Random(seed);
        var strengths = transition is ParallelTempering tempering ? tempering.Strengths : [1];
        int numbers = target.Action().Field.Numbers(target.Lattice);
        var start = new double[replicas * strengths.Count * numbers];
        for (int r = 0; r < replicas * strengths.Count; r++) target.Draw(random, strengths[r % strengths.Count], start.AsSpan(r * numbers, numbers));
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
        int rungs = step.ReplicasOfChain;
        using var state = new MarkovState<T>(device, target.Action(), replicas * rungs, chainSeed);
        state.Write(start);
        using var run = step.Bind(state);
        var values = new double[Length][][];
        for (int i = 0; i < Length; i++)
        {
            if (i > 0) run.Step(false);
            values[i] = rungs == 1 ? OfReplicas(state) : OfLadders(state, rungs, ((ParallelTempering)step).Strengths[^1]);
        }

        return values;
    }

    private double[][] OfReplicas<T>(MarkovState<T> state)
        where T : unmanaged, Kernels.Lanes.IReal64<T>
    {
        var field = state.ReadField();
        var corner = new double[replicas];
        for (int r = 0; r < replicas; r++) corner[r] = target.Corner(field.Slice(r * state.Numbers, state.Numbers));
        return [state.ReadAction().ToArray(), corner];
    }

    private double[][] OfLadders<T>(MarkovState<T> state, int rungs, double last)
        where T : unmanaged, Kernels.Lanes.IReal64<T>
    {
        var values = new[] { new double[replicas], new double[replicas] };
        var action = state.ReadAction();
        for (int r = 0; r < state.Replicas; r++)
        {
            double strength = state.Coefficients[r];
            if (strength == 1) values[0][r / rungs] = action[r];
            if (strength == last) values[1][r / rungs] = action[r] / last;
        }

        return values;
    }
}
