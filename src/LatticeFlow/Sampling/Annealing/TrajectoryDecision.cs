using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary>The accept step between end points of trajectories: what is refused is put back.</summary>
internal sealed class TrajectoryDecision<T>
    where T : unmanaged, IReal64<T>
{
    private const int CountsLength = 3;
    private readonly MarkovState<T> state;
    private readonly double[] field;
    private readonly double[] action;
    private readonly double[] logWeights;
    private long weightsOf = -1;

    public TrajectoryDecision(MarkovState<T> state)
    {
        this.state = state;
        field = new double[state.Replicas * (long)state.Numbers];
        action = new double[state.Replicas];
        logWeights = new double[state.Replicas];
    }

    /// <summary>Trajectories after thermalization.</summary>
    public long Proposed { get; private set; }

    /// <summary>Those taken.</summary>
    public long Accepted { get; private set; }

    /// <summary>Whether the weights of the trajectories that led to the configurations are known.</summary>
    public bool KnowsWeights => weightsOf == state.Version;

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => CountsLength + logWeights.Length;

    /// <summary>Keeps configurations and S, to which <see cref="Decide"/> and <see cref="PutBack"/> return.</summary>
    public void Keep()
    {
        state.CopyField(field);
        state.CopyAction(action);
    }

    /// <summary>All configurations become those that were kept.</summary>
    public void PutBack()
    {
        for (int replica = 0; replica < action.Length; replica++) state.WriteReplica(replica, Kept(replica), action[replica]);
    }

    /// <summary>ln w of the configurations.</summary>
    public void SetWeights(ReadOnlySpan<double> weights)
    {
        weights.CopyTo(logWeights);
        weightsOf = state.Version;
    }

    /// <summary>ln w of the configurations.</summary>
    public ReadOnlySpan<double> LogWeights => logWeights;

    /// <summary>The weights are those of another protocol.</summary>
    public void ForgetWeights() => weightsOf = -1;

    /// <summary>Takes each trajectory with min(1, e^{−W}/w), w the weight of the one that led to what was kept, or with min(1, e^{−W}). W that is no number is never taken.</summary>
    /// <exception cref="InvalidOperationException">A kept configuration has no weight.</exception>
    public void Decide(ReadOnlySpan<double> work, bool againstWeights, bool takeAll, bool counts, Span<double> accepted)
    {
        var key = state.NextKey();
        for (int replica = 0; replica < action.Length; replica++)
        {
            double current = againstWeights && !takeAll ? logWeights[replica] : 0, next = -work[replica];
            if (double.IsNaN(current)) throw new InvalidOperationException($"replica {replica}: the trajectory to its configuration, S = {action[replica]}, has no weight; the chain cannot go on from there.");
            Distribution.Uniform(key.Block(Double1.Word((uint)replica), 0, Purpose.Accept), out var u, out _);
            bool take = double.IsFinite(next) && (takeAll || Math.Log(u.Value) < next - current);
            accepted[replica] = take ? 1 : 0;
            if (take) logWeights[replica] = next;
            else state.WriteReplica(replica, Kept(replica), action[replica]);
            if (!counts) continue;
            Proposed++;
            Accepted += take ? 1 : 0;
        }

        weightsOf = state.Version;
    }

    /// <summary>Writes what the next decisions depend on.</summary>
    public void Save(Span<double> target)
    {
        (target[0], target[1], target[2]) = (Proposed, Accepted, weightsOf);
        logWeights.CopyTo(target[CountsLength..]);
    }

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<double> source)
    {
        (Proposed, Accepted, weightsOf) = ((long)source[0], (long)source[1], (long)source[2]);
        source[CountsLength..].CopyTo(logWeights);
    }

    private ReadOnlySpan<double> Kept(int replica) => field.AsSpan(replica * state.Numbers, state.Numbers);
}
