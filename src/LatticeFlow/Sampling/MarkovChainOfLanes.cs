using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Observables;

namespace LatticeFlow.Sampling;

/// <inheritdoc/>
internal sealed class MarkovChain<T> : MarkovChain
    where T : unmanaged, IReal64<T>
{
    // Proposals of the steps use the chain's seed and its neighbours by the golden ratio; this one is neither.
    private const ulong StartSeed = 0xD1B54A32D192ED03UL;
    private readonly MarkovState<T> state;
    private readonly ITransitionRun transition;
    private readonly ObservableMeter<T>? meter;

    // Where a chain is a ladder of replicas, one of which is measured: a batch of these alone.
    private readonly IConfigurationMeter? meterOfChains;

    // Configurations and S of the chains, where a chain is more than one replica.
    private readonly double[] fieldOfChains = [];
    private readonly double[] actionOfChains = [];
    private long step;

    public MarkovChain(ComputeDevice device, MarkovChainSettings settings)
        : base(settings)
    {
        state = new MarkovState<T>(device, settings.Transition.ActionOf(settings.Action), settings.Replicas * settings.Transition.ReplicasOfChain, settings.Seed, settings.Transition.NeedsWholeLattices ? LaneUse.Replicas : settings.Lanes);
        try
        {
            if (settings.StartFrom is { } source) StartFrom(source);
            else if (settings.Start != ChainStart.Cold) state.StartHot(coldChains: settings.Start == ChainStart.Mixed ? settings.Transition.ReplicasOfChain : 0);
            transition = settings.Transition.Bind(state);
            if (settings.Transition.ReplicasOfChain > 1) (fieldOfChains, actionOfChains) = (new double[settings.Replicas * (long)state.Numbers], new double[settings.Replicas]);
            if (settings.Observables.Count > 0 && settings.Transition.ReplicasOfChain > 1)
                meterOfChains = ConfigurationMeter.OfChains(device, new FieldSpace(settings.Action.Field, settings.Action.Lattice), settings.Observables, ChainLayout.OfLadders(settings.Action, settings.Replicas));
            else meter = new ObservableMeter<T>(device, state.Stencil, settings.Action.Field, state.Field, settings.Observables);
        }
        catch
        {
            transition?.Dispose();
            state.Dispose();
            throw;
        }
    }

    public override long Step => step;

    public override IReadOnlyList<TransitionStatistics> Statistics => [.. transition.Statistics];

    public override Work Work => state.Work;

    public override TransitionOutcome Outcome => transition.Outcome;

    public override ReadOnlySpan<double> Field => Chains(state.ReadField(), state.Numbers, fieldOfChains);

    public override ReadOnlySpan<double> Action => Chains(state.ReadAction(), 1, actionOfChains);

    public override void Advance()
    {
        transition.Step(step < Settings.Thermalization);
        step++;
    }

    public override void Fill(EnsembleBlock block)
    {
        Thermalize();
        for (int draw = 0; draw < block.Draws; draw++)
        {
            for (int i = 0; i < Settings.Stride; i++) Advance();
            Record(block, draw);
        }
    }

    public override void Record(EnsembleBlock block, int draw)
    {
        if (block.HasField(draw)) WriteField(block.Field.AsSpan(block.FieldRowsBefore(draw * block.Replicas) * block.NumbersOfRow, block.Replicas * block.NumbersOfRow));
        WriteRows(block, draw * block.Replicas);
    }

    private void StartFrom(IProposalSource source)
    {
        var field = new double[state.Replicas * (long)state.Numbers];
        source.Draw(Settings.Seed ^ StartSeed, 0, state.Replicas, field, new double[state.Replicas]);
        state.Write(field);
    }

    public override SavedChain Save(bool withField = true)
    {
        var numbers = new double[transition.SavedLength];
        transition.Save(numbers);
        double[]? field = withField || !CanContinueFromRows ? new double[state.Replicas * (long)state.Numbers] : null;
        if (field is not null) state.CopyField(field);
        return new(step, state.Transitions, state.Version, field, state.ReadAction().ToArray(), numbers);
    }

    public override bool CanContinueFromRows => Settings.Transition.ReplicasOfChain == 1;

    public override void Restore(SavedChain saved)
    {
        saved.Check(state.Replicas * (long)state.Numbers, state.Replicas, transition.SavedLength);
        step = saved.Step;
        state.Restore(saved.Field, saved.Action, saved.Transitions, saved.Version);
        transition.Restore(saved.Transition);
    }

    public override void Dispose()
    {
        meter?.Dispose();
        meterOfChains?.Dispose();
        transition.Dispose();
        state.Dispose();
    }

    private void WriteField(Span<double> configurations)
    {
        if (Settings.Transition.ReplicasOfChain == 1) state.CopyField(configurations);
        else Field.CopyTo(configurations);
    }

    private void WriteRows(EnsembleBlock block, int row)
    {
        Action.CopyTo(block.Action.AsSpan(row));
        var outcome = transition.Outcome;
        outcome.LogQ.CopyTo(block.LogQ.AsSpan(row));
        outcome.LogWeight.CopyTo(block.LogWeight.AsSpan(row));
        outcome.ReverseWork.CopyTo(block.ReverseWork.AsSpan(row));
        outcome.DeltaH.CopyTo(block.DeltaH.AsSpan(row));
        for (int replica = 0; replica < block.Replicas; replica++)
        {
            block.Accepted[row + replica] = (byte)outcome.Accepted[replica];
            block.Replica[row + replica] = replica;
            block.Step[row + replica] = step;
        }

        if (Settings.Observables.Count == 0) return;
        if (meterOfChains is not null)
        {
            MeasureChains(meterOfChains, block, row);
            return;
        }

        state.Measure(meter!.Program);
        foreach (var observable in Settings.Observables)
        {
            int components = observable.Components();
            var values = new double[state.Replicas * components];
            meter.Read(observable, values);
            var rows = block.Observables[observable.Name].AsSpan(row * components, block.Replicas * components);
            Gather(values, components, rows);
        }
    }

    private void MeasureChains(IConfigurationMeter chains, EnsembleBlock block, int row)
    {
        for (int chain = 0; chain < Settings.Replicas; chain++) state.CopyReplica(transition.ReplicaOf(chain), fieldOfChains.AsSpan(chain * state.Numbers, state.Numbers));
        chains.Measure(fieldOfChains);
        foreach (var observable in Settings.Observables) chains.Read(observable, block.Observables[observable.Name].AsSpan(row * observable.Components(), block.Replicas * observable.Components()));
    }

    // Numbers of the replicas that hold the configurations of the chains.
    private ReadOnlySpan<double> Chains(ReadOnlySpan<double> replicas, int numbers, Span<double> chains)
    {
        if (Settings.Transition.ReplicasOfChain == 1) return replicas;
        Gather(replicas, numbers, chains);
        return chains;
    }

    private void Gather(ReadOnlySpan<double> replicas, int numbers, Span<double> chains)
    {
        for (int chain = 0; chain < Settings.Replicas; chain++) replicas.Slice(transition.ReplicaOf(chain) * numbers, numbers).CopyTo(chains[(chain * numbers)..]);
    }
}
