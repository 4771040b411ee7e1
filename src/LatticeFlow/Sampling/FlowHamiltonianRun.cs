using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary><see cref="FlowHamiltonianMonteCarlo"/> at work: <see cref="HamiltonianRun{T}"/> on a state of its own, which holds z. Of a rejected trajectory U stays as it was, to the bit.</summary>
internal sealed class FlowHamiltonianRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private const int ScalarsLength = 1;
    private readonly FlowHamiltonianMonteCarlo settings;
    private readonly MarkovState<T> state;
    private readonly MarkovState<T> coordinates;
    private readonly HamiltonianRun<T> dynamics;
    private readonly IFlowEngine flow;
    private readonly ConfigurationField<T> links;
    private readonly ActionCoefficients<T> coefficients;
    private readonly SumField energies;
    private readonly SumField kept;
    private readonly IActionSteps<T> target;
    private readonly KernelProgram finish;
    private readonly double[] configurations;
    private readonly double[] action;
    private readonly double[] logDensity;
    private readonly double flopsOfFlow;

    // Of the state of which z is the origin; negative: of none yet.
    private long version = -1;

    public FlowHamiltonianRun(FlowHamiltonianMonteCarlo settings, MarkovState<T> state)
    {
        // A factor on S does not belong to the log-determinant.
        if (state.Coefficients.ContainsAnyExcept(1.0)) throw new NotSupportedException("\"flow-hmc\" is no part of a ladder: its trajectories are of S itself, not of multiples of it.");
        this.settings = settings;
        this.state = state;
        try
        {
            coordinates = new MarkovState<T>(state.Device, new FlowedAction(state.Action, settings.Flow), state.Replicas, state.Seed);
            dynamics = new HamiltonianRun<T>(settings.Dynamics, coordinates);
            flow = FlowEngine.Create(state.Device, Precision.Double, settings.Flow, new FieldSpace(state.Action.Field, state.Action.Lattice), state.Replicas);
            coefficients = new ActionCoefficients<T>(state.Device, coordinates.Layout, state.Action.Components);
            target = state.Action.Bind(state.Device, coordinates.Stencil, coefficients);
        }
        catch
        {
            coefficients?.Dispose();
            flow?.Dispose();
            dynamics?.Dispose();
            coordinates?.Dispose();
            throw;
        }

        links = new ConfigurationField<T>(state.Device, coordinates.Layout, state.Action.Field);
        energies = state.Device.NewSums<T>(coordinates.Shape, 1);
        kept = state.Device.NewSums<T>(coordinates.Shape, 1);
        kept.WriteReplicas([.. Enumerable.Repeat(1.0, state.Replicas)]);

        // U is brought back to its group, and S is that of what is stored.
        finish = new KernelProgram(coordinates.Shape);
        coordinates.FieldSteps.AddAcceptOrRestore(finish, links.Field, links.Field, kept, 0);
        target.AddEvaluate(finish, links.Field, energies);
        configurations = new double[(long)state.Replicas * state.Numbers];
        action = new double[state.Replicas];
        logDensity = new double[state.Replicas];
        flopsOfFlow = FlowFloor.OfConfiguration(settings.Flow, new FieldSpace(state.Action.Field, state.Action.Lattice));
    }

    public TransitionOutcome Outcome => dynamics.Outcome;

    public IEnumerable<TransitionStatistics> Statistics => dynamics.Statistics.Select(statistics => statistics with { Name = settings.Name });

    public int SavedLength => ScalarsLength + configurations.Length + dynamics.SavedLength;

    public void Step(bool thermalizing)
    {
        if (version != state.Version)
        {
            state.Count(WorkKind.Flow, 1, flopsOfFlow);
            flow.Inverse(state.ReadField(), configurations, logDensity);
            coordinates.Write(configurations);
        }

        coordinates.CountFrom(state.Transitions);
        state.NextKey();
        dynamics.Step(thermalizing);
        flow.Forward(coordinates.ReadField(), configurations, logDensity);
        links.Write(configurations);
        state.Device.Run(finish);
        links.Read(configurations);
        energies.ReadReplicas(action);
        for (int replica = 0; replica < state.Replicas; replica++)
        {
            if (Outcome.Accepted[replica] == 1) state.WriteReplica(replica, configurations.AsSpan(replica * state.Numbers, state.Numbers), action[replica]);
        }

        state.Work.Add(coordinates.Work);
        coordinates.Work.Clear();
        state.Count(WorkKind.Flow, 1, flopsOfFlow);
        version = state.Version;
    }

    public void Save(Span<double> target)
    {
        target[0] = version;
        coordinates.ReadField().CopyTo(target[ScalarsLength..]);
        dynamics.Save(target[(ScalarsLength + configurations.Length)..]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        version = (long)source[0];
        coordinates.Write(source.Slice(ScalarsLength, configurations.Length));
        dynamics.Restore(source[(ScalarsLength + configurations.Length)..]);
    }

    public void Dispose()
    {
        links.Dispose();
        energies.Dispose();
        kept.Dispose();
        target.Dispose();
        coefficients.Dispose();
        flow.Dispose();
        dynamics.Dispose();
        coordinates.Dispose();
    }
}
