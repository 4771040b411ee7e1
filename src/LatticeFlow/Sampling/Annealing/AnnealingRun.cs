using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// <see cref="Annealing"/> at work: a step is one trajectory of every replica. During thermalization chains at S_0 move alone, but for pilot trajectories and where end points are accepted or refused. Between steps the state holds
/// the end points, with the action that is sampled.
/// </summary>
internal sealed class AnnealingRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private const int CountsLength = 2;
    private readonly Annealing settings;
    private readonly MarkovState<T> state;
    private readonly ProtocolRun<T> protocol;
    private readonly TrajectoryStarts<T> starts;
    private readonly TrajectoryDecision<T>? decision;
    private readonly ReverseTrajectories<T>? reverse;
    private readonly ThermodynamicLength? length;
    private readonly double[] workOfParts = [];
    private readonly double[] work;
    private double[] times;
    private long thermalizing;
    private bool timesKnown;

    public AnnealingRun(Annealing settings, MarkovState<T> state)
    {
        (this.settings, this.state) = (settings, state);
        times = [.. settings.Schedule.Times];
        timesKnown = settings.Schedule.PilotAfter is null;
        if (!timesKnown)
        {
            length = new ThermodynamicLength(settings.Schedule.Steps);
            workOfParts = new double[state.Replicas * length.Parts];
        }

        work = new double[state.Replicas];
        Outcome = new TransitionOutcome(state.Replicas);
        Array.Fill(Outcome.Accepted, 1);
        try
        {
            protocol = new ProtocolRun<T>(state, settings.Path, settings.Update, settings.Map, settings.RunsBackward, settings.Fault);
            protocol.ChangeTime(1);
            starts = new TrajectoryStarts<T>(state, settings.Start, goesAndComes: settings.Metropolis);
            if (settings.Metropolis) decision = new TrajectoryDecision<T>(state);
            else if (settings.RunsBothWays) reverse = new ReverseTrajectories<T>(state, protocol, settings.TransitionsAtEnd);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics =>
        [.. decision is null ? Enumerable.Empty<TransitionStatistics>() : [new(settings.Name, decision.Proposed, decision.Accepted)], .. starts.Statistics, .. protocol.Statistics];

    public int SavedLength => CountsLength + (length is null ? 0 : times.Length + length.SavedLength) + protocol.SavedLength + starts.SavedLength + (decision?.SavedLength ?? 0) + (reverse?.SavedLength ?? 0);

    public void Step(bool thermalizing)
    {
        bool pilot = thermalizing && this.thermalizing >= settings.Schedule.PilotAfter;
        if (thermalizing) this.thermalizing++;
        else if (!timesKnown) FindTimes();
        if (decision is null) Trajectory(thermalizing, pilot);
        else if (settings.Start.Chain is null) IndependentProposal(thermalizing, pilot);
        else GoAndCome(thermalizing, pilot);
    }

    public void Save(Span<double> target)
    {
        (target[0], target[1]) = (thermalizing, timesKnown ? 1 : 0);
        target = target[CountsLength..];
        if (length is not null)
        {
            times.CopyTo(target);
            length.Save(target[times.Length..]);
            target = target[(times.Length + length.SavedLength)..];
        }

        protocol.Save(target[..protocol.SavedLength]);
        target = target[protocol.SavedLength..];
        starts.Save(target[..starts.SavedLength]);
        target = target[starts.SavedLength..];
        decision?.Save(target);
        reverse?.Save(target);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        (thermalizing, timesKnown) = ((long)source[0], source[1] == 1);
        source = source[CountsLength..];
        if (length is not null)
        {
            source[..times.Length].CopyTo(times);
            length.Restore(source[times.Length..]);
            source = source[(times.Length + length.SavedLength)..];
        }

        protocol.Restore(source[..protocol.SavedLength]);
        protocol.SetTime(1);
        source = source[protocol.SavedLength..];
        starts.Restore(source[..starts.SavedLength]);
        source = source[starts.SavedLength..];
        decision?.Restore(source);
        reverse?.Restore(source);
    }

    public void Dispose()
    {
        protocol?.Dispose();
        starts?.Dispose();
        reverse?.Dispose();
    }

    // ln w = −W, and of starts from a density q the first change of the action, from −ln q to S_0.
    private void Trajectory(bool thermalizing, bool pilot)
    {
        if (thermalizing) reverse?.MoveChain();
        else reverse?.Run(times, starts, Outcome.ReverseWork);
        if (thermalizing && !pilot && !starts.IsChain) return;
        protocol.SetTime(0);
        starts.Next(thermalizing);
        if (thermalizing && !pilot)
        {
            protocol.ChangeTime(1);
            return;
        }

        Array.Clear(work);
        starts.AddFirstWork(work);
        Forward(pilot);
        for (int replica = 0; replica < work.Length; replica++) Outcome.LogWeight[replica] = -work[replica];
    }

    // The state of this chain is a whole trajectory with its weight.
    private void IndependentProposal(bool thermalizing, bool pilot)
    {
        if (!decision!.KnowsWeights) DrawWeights();
        decision.Keep();
        protocol.SetTime(0);
        starts.Next(thermalizing);
        Array.Clear(work);
        starts.AddFirstWork(work);
        Forward(pilot);
        decision.Decide(work, againstWeights: true, takeAll: thermalizing && this.thermalizing == 1, counts: !thermalizing, Outcome.Accepted);
    }

    /// <summary>The trajectory of a configuration that comes without one is drawn as trajectories that end there are: backwards. Minus the work of the way back is that of the trajectory, ln w minus that.</summary>
    internal void DrawWeights()
    {
        decision!.Keep();
        Array.Clear(work);
        protocol.Backward(times, work);
        starts.SubtractFirstWork(work);
        decision.PutBack();
        protocol.SetTime(1);
        decision.SetWeights(work);
    }

    /// <summary>The trajectories that led to the configurations are those of another run with the same configurations.</summary>
    internal void TakeWeights(AnnealingRun<T> other) => decision!.SetWeights(other.decision!.LogWeights);

    private void GoAndCome(bool thermalizing, bool pilot)
    {
        decision!.Keep();
        Array.Clear(work);
        protocol.Backward(times, work);
        starts.MoveThereAndBack(thermalizing);
        Forward(pilot);
        decision.Decide(work, againstWeights: false, takeAll: false, counts: !thermalizing, Outcome.Accepted);
    }

    private void Forward(bool pilot)
    {
        if (!pilot)
        {
            protocol.Forward(times, work);
            return;
        }

        Array.Clear(workOfParts);
        protocol.Forward(times, work, length, workOfParts);
        for (int replica = 0; replica < state.Replicas; replica++) length!.Add(workOfParts.AsSpan(replica * length.Parts, length.Parts));
    }

    private void FindTimes()
    {
        if (!length!.HasTrajectories) throw new InvalidOperationException("an optimised schedule is found during thermalization, and there was no trajectory: take a longer one.");
        times = length.Times();
        timesKnown = true;
        decision?.ForgetWeights();
    }
}
