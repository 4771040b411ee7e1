using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>Where proposals that change the topological charge are possible.</summary>
public static class TopologicalRun
{
    /// <summary>Why not, in words; null where they are.</summary>
    public static string? Refusal(string group, int dimensions) => group == GaugeGroup.U1.Name && dimensions == 2
        ? null
        : "is built for U1 in two dimensions, where a gauge transformation can wind around a square; other groups and dimensions would need a map from S^3 to the group, of which no cheap form with a fair acceptance is known";

    /// <summary>Refuses other theories.</summary>
    /// <exception cref="NotSupportedException">The message says why.</exception>
    internal static void Check(string name, IAction action)
    {
        if (Refusal(action.Field.Name, action.Lattice.Dimensions) is { } reason) throw new NotSupportedException($"\"{name}\" {reason}.");
    }
}

/// <summary>A shift of all links that is its own reverse up to a random sign, with its decision, as one kernel program.</summary>
internal sealed class TopologicalRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly string name;
    private readonly double flopsOfLink;
    private readonly IDisposable[] owned;
    private readonly Field<T> saved;
    private readonly SumField proposal;
    private readonly SumField accepted;
    private readonly ReplicaSums acceptedOfReplicas;
    private readonly KernelProgram program;
    private long proposals;
    private long taken;

    public TopologicalRun(MarkovState<T> state, string name, double flopsOfLink, double scale, Action<KernelProgram> addShift, params IDisposable[] owned)
    {
        this.state = state;
        this.name = name;
        this.flopsOfLink = flopsOfLink;
        this.owned = owned;
        Outcome = new TransitionOutcome(state.Replicas);
        saved = state.FieldSteps.NewField(Scope.Scratch);
        proposal = state.Device.NewSums<T>(state.Shape, 1);
        accepted = state.Device.NewSums<T>(state.Shape, 1);
        acceptedOfReplicas = new ReplicaSums(state.Layout, accepted);
        program = new KernelProgram(state.Shape);
        program.Add(new Copy<T> { Source = state.Field.View, Target = saved.View }, saved.Elements);
        addShift(program);
        state.ActionSteps.AddEvaluate(program, state.Field, proposal);
        program.Add(
            new DecideProposal<T> { Proposal = proposal.View, Action = state.ActionField.View, Accepted = accepted.View, Streams = state.Stencil.Streams<T>(state.Key), Scale = scale },
            1);
        state.FieldSteps.AddAcceptOrRestore(program, state.Field, saved, accepted, 0);
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics => [new(name, proposals, taken)];

    public int SavedLength => 2;

    public void Step(bool thermalizing)
    {
        state.NextKey();
        state.Run(program);
        state.Count(WorkKind.Proposal, 1, flopsOfLink * state.Action.Lattice.Links);
        state.Count(WorkKind.Action);
        acceptedOfReplicas.Read(Outcome.Accepted);
        if (thermalizing) return;
        proposals += state.Replicas;
        foreach (double one in Outcome.Accepted) taken += (long)one;
    }

    public void Save(Span<double> target)
    {
        target[0] = proposals;
        target[1] = taken;
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        proposals = (long)source[0];
        taken = (long)source[1];
    }

    public void Dispose()
    {
        saved.Dispose();
        proposal.Dispose();
        accepted.Dispose();
        foreach (var one in owned) one.Dispose();
    }
}
