using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// Trajectories that run the other way: from configurations of a chain at S = S_n, moved by the update of the protocol, back to S_0. Their work W_R obeys ⟨e^{−W_R}⟩ = Z_0/Z_n and, with the work W of those that run forwards, the
/// relation of Crooks, p(W)/p_R(−W_R = W) = e^{W} Z_n/Z_0 (G. E. Crooks, Phys. Rev. E 60 (1999) 2721).
/// </summary>
internal sealed class ReverseTrajectories<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly ProtocolRun<T> protocol;
    private readonly KeptConfigurations<T> chain;
    private readonly int transitions;
    private readonly double[] work;

    /// <param name="state">The replicas.</param>
    /// <param name="protocol">What is run backwards.</param>
    /// <param name="transitions">Updates of the chain at S between two starts.</param>
    public ReverseTrajectories(MarkovState<T> state, ProtocolRun<T> protocol, int transitions)
    {
        (this.protocol, this.transitions) = (protocol, transitions);
        chain = new KeptConfigurations<T>(state);
        work = new double[state.Replicas];
    }

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => chain.SavedLength;

    /// <summary>Moves the chain at S, whose configurations are those of the state afterwards.</summary>
    public void MoveChain()
    {
        protocol.SetTime(1);
        chain.Put();
        for (int i = 0; i < transitions; i++) protocol.Update();
        chain.Keep();
    }

    /// <summary>One trajectory of each replica back to S_0; its work is written to <paramref name="reverseWork"/>. The state has the end points afterwards, and S_0.</summary>
    public void Run(ReadOnlySpan<double> times, TrajectoryStarts<T> starts, Span<double> reverseWork)
    {
        MoveChain();
        Array.Clear(work);
        protocol.Backward(times, work);
        starts.SubtractFirstWork(work);
        work.CopyTo(reverseWork);
    }

    /// <summary>Writes what the next trajectories depend on.</summary>
    public void Save(Span<double> target) => chain.Save(target);

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<double> source) => chain.Restore(source);

    /// <inheritdoc/>
    public void Dispose() => chain.Dispose();
}
