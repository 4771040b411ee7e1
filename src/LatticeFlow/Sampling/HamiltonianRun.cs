using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary><see cref="HamiltonianMonteCarlo"/> at work: a whole trajectory with its decision is one kernel program.</summary>
internal sealed class HamiltonianRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private const int CountsLength = 2;

    // A chain that starts cold gains energy in proportion to the volume until its short waves are thermal, and would reject for ever. Its first trajectories are taken whatever u is, unless the integrator blows up:
    // SU(3) on 8⁴ at β = 6 with ten steps gains 14, 10⁻⁴ of its degrees of freedom.
    private const int FirstTrajectories = 20;
    private const double AllowedPerDegree = 0.01;

    private readonly HamiltonianMonteCarlo settings;
    private readonly MarkovState<T> state;
    private readonly StepSizeTuner? tuner;
    private readonly Trajectory<T> trajectory;
    private readonly Field<T> stepSize;
    private readonly Field<T> allowance;
    private readonly Field<T> momenta;
    private readonly Field<T> saved;
    private readonly SumField energies;
    private readonly SumField outcome;
    private readonly ReplicaSums outcomeOfReplicas;
    private readonly double[] outcomes;
    private readonly Dictionary<int, KernelProgram> programs = [];
    private long proposed;
    private long accepted;

    public HamiltonianRun(HamiltonianMonteCarlo settings, MarkovState<T> state)
    {
        this.settings = settings;
        this.state = state;
        if (!double.IsNaN(settings.TargetAcceptance)) tuner = new StepSizeTuner(settings.TrajectoryLength, settings.TargetAcceptance);
        trajectory = settings.Levels is [{ Parts.Count: 0 } only]
            ? new(only.Integrator, state.ActionSteps, state.FieldSteps)
            : new(settings.Levels, state.Action, state.Bind, state.FieldSteps);
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

    public IEnumerable<TransitionStatistics> Statistics => [new(settings.Name, proposed, accepted, settings.TrajectoryLength / Steps, Steps)];

    public int SavedLength => CountsLength + (tuner is null ? 0 : StepSizeTuner.SavedLength);

    private int Steps => tuner?.Steps ?? settings.Steps;

    public void Step(bool thermalizing)
    {
        int steps = Steps;
        if (!programs.TryGetValue(steps, out var program)) programs[steps] = program = Program(steps);
        bool isFirst = thermalizing && state.Transitions < FirstTrajectories;
        allowance.WriteShared([isFirst ? AllowedPerDegree * state.Action.Field.Tangents(state.Action.Lattice) : double.NegativeInfinity]);
        var key = state.NextKey();
        stepSize.WriteShared([settings.Length(key) / steps]);
        state.Run(program);
        state.Count(WorkKind.Momenta);
        state.Count(WorkKind.Action, 2);
        trajectory.Count(state, steps);
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

    private KernelProgram Program(int steps)
    {
        var program = new KernelProgram(state.Shape);
        state.FieldSteps.AddMomenta(program, momenta, state.Key, Purpose.Momenta);
        settings.Fault?.AfterMomenta(program, momenta);
        program.Add(new Copy<T> { Source = state.Field.View, Target = saved.View }, saved.Elements);
        AddEnergy(program, DecideTrajectory<T>.Element.StartKinetic, DecideTrajectory<T>.Element.StartAction);
        trajectory.Append(program, steps, state.Field, momenta, stepSize);
        AddEnergy(program, DecideTrajectory<T>.Element.EndKinetic, DecideTrajectory<T>.Element.EndAction);
        settings.Fault?.BeforeDecision<T>(program, energies);
        program.Add(new DecideTrajectory<T> { Energies = energies.View, Action = state.ActionField.View, Outcome = outcome.View, Allowance = allowance.View, Streams = state.Stencil.Streams<T>(state.Key) }, 1);
        state.FieldSteps.AddAcceptOrRestore(program, state.Field, saved, outcome, DecideTrajectory<T>.Element.Accepted);
        return program;
    }

    private void AddEnergy(KernelProgram program, int kinetic, int action)
    {
        state.FieldSteps.AddKinetic(program, momenta, energies, kinetic);
        state.ActionSteps.AddEvaluate(program, state.Field, energies, action);
    }
}
