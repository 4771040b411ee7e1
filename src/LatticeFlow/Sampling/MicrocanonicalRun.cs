using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary><see cref="MicrocanonicalMonteCarlo"/> at work: a whole trajectory with its decision is one kernel program.</summary>
internal sealed class MicrocanonicalRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private const int CountsLength = 2;

    // As of Hamiltonian Monte Carlo: a chain that starts cold would reject for ever.
    private const int FirstTrajectories = 20;
    private const double AllowedPerDegree = 0.01;

    private readonly HamiltonianMonteCarlo settings;
    private readonly string name;
    private readonly MarkovState<T> state;
    private readonly StepSizeTuner? tuner;
    private readonly IsokineticTrajectory<T> trajectory;
    private readonly Field<T> stepSize;
    private readonly Field<T> allowance;
    private readonly Field<T> momenta;
    private readonly Field<T> saved;
    private readonly SumField energies;
    private readonly SumField outcome;
    private readonly ReplicaSums outcomeOfReplicas;
    private readonly double[] outcomes;
    private readonly int dimension;
    private readonly Dictionary<int, (KernelProgram Program, int Forces, int Drifts)> programs = [];
    private long proposed;
    private long accepted;

    public MicrocanonicalRun(MicrocanonicalMonteCarlo transition, MarkovState<T> state)
    {
        settings = transition.Dynamics;
        name = transition.Name;
        this.state = state;
        dimension = state.Action.Field.Tangents(state.Action.Lattice);
        trajectory = new(settings.Integrator, state.Device, state.Layout, dimension, state.ActionSteps, state.FieldSteps, transition.FaultyFactor);
        if (!double.IsNaN(settings.TargetAcceptance)) tuner = new StepSizeTuner(settings.TrajectoryLength, settings.TargetAcceptance);
        stepSize = state.Device.NewShared<T>(1);
        allowance = state.Device.NewShared<T>(1);
        momenta = state.FieldSteps.NewTangents(Scope.Scratch);
        saved = state.FieldSteps.NewField(Scope.Scratch);
        energies = state.Device.NewSums<T>(state.Shape, DecideTrajectory<T>.Element.Count);
        outcome = state.Device.NewSums<T>(state.Shape, DecideTrajectory<T>.Element.OutcomeCount);
        outcomeOfReplicas = new ReplicaSums(state.Layout, outcome);
        outcomes = new double[state.Replicas * DecideTrajectory<T>.Element.OutcomeCount];
        Outcome = new TransitionOutcome(state.Replicas, hasTrajectories: true);
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics => [new(name, proposed, accepted, settings.TrajectoryLength / Steps, Steps)];

    public int SavedLength => CountsLength + (tuner is null ? 0 : StepSizeTuner.SavedLength);

    private int Steps => tuner?.Steps ?? settings.Steps;

    public void Step(bool thermalizing)
    {
        int steps = Steps;
        if (!programs.TryGetValue(steps, out var made)) programs[steps] = made = Program(steps);
        bool isFirst = thermalizing && state.Transitions < FirstTrajectories;
        allowance.WriteShared([isFirst ? AllowedPerDegree * dimension : double.NegativeInfinity]);
        var key = state.NextKey();
        stepSize.WriteShared([settings.Length(key) / steps]);
        state.Run(made.Program);
        state.Count(WorkKind.Momenta);
        state.Count(WorkKind.Action, 2);
        state.Count(WorkKind.Force, made.Forces);
        state.Count(WorkKind.Drift, made.Drifts);
        outcomeOfReplicas.Read(outcomes);
        for (int replica = 0; replica < state.Replicas; replica++)
        {
            Outcome.Accepted[replica] = outcomes[(replica * DecideTrajectory<T>.Element.OutcomeCount) + DecideTrajectory<T>.Element.Accepted];
            Outcome.DeltaH[replica] = outcomes[(replica * DecideTrajectory<T>.Element.OutcomeCount) + DecideTrajectory<T>.Element.DeltaH];
            if (thermalizing) continue;
            proposed++;
            accepted += (long)Outcome.Accepted[replica];
        }

        if (thermalizing && !isFirst) tuner?.Update(Outcome.DeltaH);
    }

    public void Save(Span<double> target)
    {
        target[0] = proposed;
        target[1] = accepted;
        tuner?.Save(target[CountsLength..]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        proposed = (long)source[0];
        accepted = (long)source[1];
        tuner?.Restore(source[CountsLength..]);
    }

    public void Dispose()
    {
        trajectory.Dispose();
        stepSize.Dispose();
        allowance.Dispose();
        momenta.Dispose();
        saved.Dispose();
        energies.Dispose();
        outcome.Dispose();
    }

    private (KernelProgram Program, int Forces, int Drifts) Program(int steps)
    {
        var program = new KernelProgram(state.Shape);
        state.FieldSteps.AddMomenta(program, momenta, state.Key, Purpose.Momenta);
        trajectory.AddDirection(program, momenta);
        program.Add(new Copy<T> { Source = state.Field.View, Target = saved.View }, saved.Elements);
        program.Add(new ClearSums<T> { Target = energies.View }, DecideTrajectory<T>.Element.Count);
        state.ActionSteps.AddEvaluate(program, state.Field, energies, DecideTrajectory<T>.Element.StartAction);
        trajectory.Append(program, steps, state.Field, momenta, stepSize, energies);
        state.ActionSteps.AddEvaluate(program, state.Field, energies, DecideTrajectory<T>.Element.EndAction);
        settings.Fault?.BeforeDecision<T>(program, energies);
        program.Add(new DecideTrajectory<T> { Energies = energies.View, Action = state.ActionField.View, Outcome = outcome.View, Allowance = allowance.View, Streams = state.Stencil.Streams<T>(state.Key) }, 1);
        state.FieldSteps.AddAcceptOrRestore(program, state.Field, saved, outcome, DecideTrajectory<T>.Element.Accepted);
        var parts = settings.Integrator.Trajectory(steps);
        int drifts = parts.Count(part => part.Update == IntegratorUpdate.Drift);
        return (program, parts.Count - drifts, drifts);
    }
}
