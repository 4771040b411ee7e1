using LatticeFlow.Actions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// A protocol at work: all replicas of a state are taken along a path of actions, and the work that this does on each is added up. Forwards a step changes the action from S_{t−1} to S_t, maps the configuration if there
/// is a map, and makes an update that leaves exp(−S_t) invariant; backwards everything runs in opposite order, with the time-reversed update.
/// </summary>
internal sealed class ProtocolRun<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly ActionComponents<T> components;
    private readonly ITransitionRun update;
    private readonly ITransitionRun? reversedUpdate;
    private readonly IProtocolMapRun? map;
    private readonly AnnealingFault fault;
    private readonly double[] done;
    private readonly double[] changes;
    private readonly double[] logDeterminants;

    /// <summary>Of a transition, with what runs backwards where <paramref name="reversible"/>.</summary>
    /// <exception cref="NotSupportedException">The update, its time-reversal or the map is not possible for this state.</exception>
    public ProtocolRun(MarkovState<T> state, ActionPath path, ITransition update, IProtocolMap? map, bool reversible, AnnealingFault fault)
    {
        (this.state, this.fault) = (state, fault);
        if (path.Components != state.Action.Components) throw new NotSupportedException($"the path has {path.Components} coefficients, but the action '{state.Action.Name}' has {state.Action.Components} component(s).");
        (done, changes, logDeterminants) = (new double[state.Replicas], new double[state.Replicas], new double[state.Replicas]);
        try
        {
            components = new ActionComponents<T>(state, path);
            this.update = update.Bind(state);
            if (reversible) reversedUpdate = update.TimeReversal() is var reversal && ReferenceEquals(reversal, update) ? this.update : reversal.Bind(state);
            this.map = map?.Bind(state);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Statistics of the updates in both directions.</summary>
    public IEnumerable<TransitionStatistics> Statistics => [.. update.Statistics, .. OwnReversal?.Statistics ?? []];

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => update.SavedLength + (OwnReversal?.SavedLength ?? 0);

    private ITransitionRun? OwnReversal => ReferenceEquals(reversedUpdate, update) ? null : reversedUpdate;

    /// <summary>The action becomes that of a time; S of the configurations is not brought up to date.</summary>
    public void SetTime(double time) => components.SetTime(time);

    /// <summary>The action becomes that of a time, and S of the configurations is what it is with it.</summary>
    public void ChangeTime(double time) => components.ChangeTime(time, done);

    /// <summary>The update, with the action that the state has.</summary>
    public void Update() => update.Step(thermalizing: false);

    /// <summary>
    /// From the time s_0 to s_n = 1. The state has the action of s_0, and the S of its configurations. Adds Σ_t [S_t(f_t(U_{t−1})) − S_{t−1}(U_{t−1}) − ln|det ∂f_t|] of every replica to <paramref name="work"/>, U_t the configuration
    /// after the update of step t; and to <paramref name="workOfParts"/> <c>[replica][part]</c> what each part of the protocol does, as <paramref name="length"/> divides it.
    /// </summary>
    public void Forward(ReadOnlySpan<double> times, Span<double> work, ThermodynamicLength? length = null, Span<double> workOfParts = default)
    {
        for (int step = 1; step < times.Length; step++)
        {
            components.ChangeTime(times[step], done);
            if (map is not null)
            {
                map.Forward(times[step - 1], times[step], changes, logDeterminants);
                AddMap();
            }

            if (fault == AnnealingFault.WorkAfterUpdate)
            {
                Update();
                components.Work(times[step - 1], done);
                for (int replica = 0; replica < done.Length; replica++) done[replica] = -done[replica];
            }

            if (fault != AnnealingFault.WithoutLastStep || step < times.Length - 1) AddWork(work, workOfParts, length?.Parts ?? 0, length?.PartOf(step) ?? 0);
            if (fault != AnnealingFault.WorkAfterUpdate) Update();
        }
    }

    /// <summary>
    /// From the time 1 to s_0, so that the work of a path run backwards is minus that of the path. The state has the action of time 1. The update of step t, then the change of the action from S_t to S_{t−1}, t = n … 1.
    /// </summary>
    public void Backward(ReadOnlySpan<double> times, Span<double> work)
    {
        for (int step = times.Length - 1; step >= 1; step--)
        {
            if (fault != AnnealingFault.BackwardWorkAfterUpdate || step == times.Length - 1) reversedUpdate!.Step(thermalizing: false);
            if (map is null) components.ChangeTime(times[step - 1], done);
            else
            {
                map.Inverse(times[step - 1], times[step], changes, logDeterminants);
                components.ChangeTime(times[step - 1], done);
                AddMap();
            }

            if (fault == AnnealingFault.BackwardWorkAfterUpdate)
            {
                reversedUpdate!.Step(thermalizing: false);
                components.Work(times[step], done);
                for (int replica = 0; replica < done.Length; replica++) done[replica] = -done[replica];
            }

            if (fault != AnnealingFault.WithoutLastStep || step < times.Length - 1) AddWork(work, default, 0, 0);
        }
    }

    /// <summary>Writes what the next steps depend on.</summary>
    public void Save(Span<double> target)
    {
        update.Save(target[..update.SavedLength]);
        OwnReversal?.Save(target[update.SavedLength..]);
    }

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<double> source)
    {
        update.Restore(source[..update.SavedLength]);
        OwnReversal?.Restore(source[update.SavedLength..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        OwnReversal?.Dispose();
        update?.Dispose();
        map?.Dispose();
    }

    // What the map does at the coefficients of the later time.
    private void AddMap()
    {
        for (int replica = 0; replica < done.Length; replica++) done[replica] += changes[replica] - logDeterminants[replica];
    }

    private void AddWork(Span<double> work, Span<double> workOfParts, int parts, int part)
    {
        for (int replica = 0; replica < done.Length; replica++)
        {
            work[replica] += done[replica];
            if (parts > 0) workOfParts[(replica * parts) + part] += done[replica];
        }
    }
}
