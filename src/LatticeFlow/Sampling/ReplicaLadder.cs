using LatticeFlow.Compute.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary>
/// Which replica holds which rung of each ladder, and exchanges of neighbours: rung k has the weight exp(−S − v_k X) with its own value v_k of one coefficient, so that the pair (k, k + 1) exchanges its values with
/// min(1, exp((v_k − v_{k+1})(X_k − X_{k+1}))). Chain c is replicas c·K … c·K + K − 1, K rungs.
/// </summary>
internal sealed class ReplicaLadder
{
    // [chain][rung]: the replica that holds the value of this rung.
    private readonly int[] holders;
    private readonly double[] uniforms;
    private readonly long[] proposed;
    private readonly long[] accepted;

    public ReplicaLadder(int replicas, int rungs)
    {
        if (replicas % rungs != 0) throw new NotSupportedException($"{replicas} replicas cannot be ladders of {rungs}: take a multiple.");
        Rungs = rungs;
        Chains = replicas / rungs;
        holders = [.. Enumerable.Range(0, replicas)];
        uniforms = new double[rungs - 1];
        proposed = new long[rungs - 1];
        accepted = new long[rungs - 1];
        Chances = new double[rungs - 1];
    }

    /// <summary>K.</summary>
    public int Rungs { get; }

    /// <summary>Ladders.</summary>
    public int Chains { get; }

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => holders.Length + (2 * proposed.Length);

    /// <summary>The mean over the chains of the probability of each exchange of the last sweep.</summary>
    public double[] Chances { get; }

    /// <summary>The replica that holds the first rung of a chain.</summary>
    public int ReplicaOf(int chain) => holders[chain * Rungs];

    /// <summary>The replicas of a chain, rung after rung.</summary>
    public ReadOnlySpan<int> HoldersOf(int chain) => holders.AsSpan(chain * Rungs, Rungs);

    /// <summary>The name, number and acceptance of the exchanges of each pair.</summary>
    public IEnumerable<TransitionStatistics> Statistics(IReadOnlyList<string> values) =>
        proposed.Select((count, k) => new TransitionStatistics($"{TransitionStatistics.ExchangePrefix}{values[k]}-{values[k + 1]}", count, accepted[k]));

    /// <summary>target[replica] = value of the rung that it holds.</summary>
    public void CopyValues(IReadOnlyList<double> values, Span<double> target)
    {
        for (int i = 0; i < holders.Length; i++) target[holders[i]] = values[i % Rungs];
    }

    /// <summary>Exchanges of the pairs (0, 1), (2, 3), … and then of (1, 2), (3, 4), … of every chain, or <paramref name="reversed"/>.</summary>
    /// <param name="seed">The seed of the state.</param>
    /// <param name="step">The step of its random key.</param>
    /// <param name="values">v_k.</param>
    /// <param name="conjugate">X of every replica.</param>
    /// <param name="counts">Whether exchanges are counted.</param>
    /// <param name="reversed">The other half first.</param>
    /// <param name="scale">What the logarithm of the probability is multiplied with: 1 but in tests.</param>
    public void Exchange(ulong seed, long step, IReadOnlyList<double> values, ReadOnlySpan<double> conjugate, bool counts, bool reversed, double scale)
    {
        Array.Clear(Chances);
        for (int chain = 0; chain < Chains; chain++)
        {
            var random = new HostRandom(seed, Kernels.RandomNumbers.Purpose.Exchange, step, (uint)chain);
            for (int k = 0; k < uniforms.Length; k++) uniforms[k] = random.NextUniform();
            Sweep(chain, reversed ? 1 : 0, values, conjugate, counts, scale);
            Sweep(chain, reversed ? 0 : 1, values, conjugate, counts, scale);
        }
    }

    public void Save(Span<double> target)
    {
        for (int i = 0; i < holders.Length; i++) target[i] = holders[i];
        var counts = target[holders.Length..];
        for (int k = 0; k < proposed.Length; k++) (counts[2 * k], counts[(2 * k) + 1]) = (proposed[k], accepted[k]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        for (int i = 0; i < holders.Length; i++) holders[i] = (int)source[i];
        var counts = source[holders.Length..];
        for (int k = 0; k < proposed.Length; k++) (proposed[k], accepted[k]) = ((long)counts[2 * k], (long)counts[(2 * k) + 1]);
    }

    // Pairs (k, k + 1) with k of one parity share no replica.
    private void Sweep(int chain, int parity, IReadOnlyList<double> values, ReadOnlySpan<double> conjugate, bool counts, double scale)
    {
        var ladder = holders.AsSpan(chain * Rungs, Rungs);
        for (int k = parity; k + 1 < Rungs; k += 2)
        {
            double log = (values[k] - values[k + 1]) * (conjugate[ladder[k]] - conjugate[ladder[k + 1]]);
            bool take = Math.Log(uniforms[k]) < scale * log;
            Chances[k] += Math.Min(1, Math.Exp(log)) / Chains;
            if (take) (ladder[k], ladder[k + 1]) = (ladder[k + 1], ladder[k]);
            if (!counts) continue;
            proposed[k]++;
            accepted[k] += take ? 1 : 0;
        }
    }
}
