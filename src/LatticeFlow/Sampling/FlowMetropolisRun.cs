using LatticeFlow.Actions;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary><see cref="FlowMetropolis"/> at work. Step n of replica r decides on proposal n · replicas + r.</summary>
internal sealed class FlowMetropolisRun<T> : ITransitionRun
    where T : unmanaged, IReal64<T>
{
    private const int ScalarsLength = 4;
    private readonly FlowMetropolis settings;
    private readonly MarkovState<T> state;
    private readonly ActionEvaluator<T> evaluator;
    private readonly ulong seed;
    private readonly int stepsOfDraw;
    private readonly double[] links;
    private readonly double[] logQ;
    private readonly double[] action;
    private readonly double[] currentLogQ;
    private long step;
    private long firstDrawn;
    private long endDrawn;
    private long logQVersion = -1;
    private long proposed;
    private long accepted;

    public FlowMetropolisRun(FlowMetropolis settings, MarkovState<T> state)
    {
        if (settings.Source.Numbers != state.Numbers)
            throw new NotSupportedException($"the proposals are {settings.Source.Numbers} numbers, but a configuration of {state.Action.Field} on {state.Action.Lattice} takes {state.Numbers}.");
        this.settings = settings;
        this.state = state;
        seed = state.NextProposalSeed();
        stepsOfDraw = Math.Max(1, settings.ProposalsOfDraw / state.Replicas);
        int proposals = stepsOfDraw * state.Replicas;
        evaluator = new ActionEvaluator<T>(state.Device, state.Action, proposals);
        links = new double[(long)proposals * state.Numbers];
        logQ = new double[proposals];
        action = new double[proposals];
        currentLogQ = new double[state.Replicas];
        Outcome = new TransitionOutcome(state.Replicas);
    }

    public TransitionOutcome Outcome { get; }

    public IEnumerable<TransitionStatistics> Statistics => [new(settings.Name, proposed, accepted)];

    public int SavedLength => ScalarsLength + state.Replicas;

    public void Step(bool thermalizing)
    {
        if (step >= endDrawn || step < firstDrawn) DrawProposals();
        if (logQVersion != state.Version)
        {
            settings.Source.LogDensity(state.ReadField(), currentLogQ);
            state.Count(WorkKind.Flow, 1, settings.Source.Flops);
        }

        var key = state.NextKey();
        int first = (int)(step - firstDrawn) * state.Replicas;
        for (int replica = 0; replica < state.Replicas; replica++)
        {
            int proposal = first + replica;
            double current = -state.ReadAction()[replica] - currentLogQ[replica];
            if (double.IsNaN(current))
                throw new InvalidOperationException($"replica {replica}: S = {state.ReadAction()[replica]}, log q = {currentLogQ[replica]} have no weight; the chain cannot go on from this configuration.");
            double proposedAction = state.Coefficients[replica] * action[proposal];
            double next = -proposedAction - logQ[proposal];
            bool take = double.IsFinite(next) && Math.Log(Uniform(key, replica)) < next - current;
            if (take)
            {
                state.WriteReplica(replica, links.AsSpan(proposal * state.Numbers, state.Numbers), proposedAction);
                currentLogQ[replica] = logQ[proposal];
            }

            Outcome.Accepted[replica] = take ? 1 : 0;
            Outcome.LogQ[replica] = currentLogQ[replica];
            Outcome.LogWeight[replica] = take ? next : current;
            if (thermalizing) continue;
            proposed++;
            accepted += take ? 1 : 0;
        }

        logQVersion = state.Version;
        step++;
    }

    public void Save(Span<double> target)
    {
        target[0] = proposed;
        target[1] = accepted;
        target[2] = step;
        target[3] = logQVersion;
        currentLogQ.CopyTo(target[ScalarsLength..]);
    }

    public void Restore(ReadOnlySpan<double> source)
    {
        proposed = (long)source[0];
        accepted = (long)source[1];
        step = (long)source[2];
        logQVersion = (long)source[3];
        source.Slice(ScalarsLength, state.Replicas).CopyTo(currentLogQ);
        firstDrawn = endDrawn = 0;
    }

    public void Dispose() => evaluator.Dispose();

    private static double Uniform(in StreamKey key, int replica)
    {
        Distribution.Uniform(key.Block(Double1.Word((uint)replica), 0, Purpose.Accept), out var u, out _);
        return u.Value;
    }

    private void DrawProposals()
    {
        // A chain that is resumed within a draw makes the whole draw again: rounding in a flow depends on what is drawn together.
        firstDrawn = step - (step % stepsOfDraw);
        endDrawn = firstDrawn + stepsOfDraw;
        settings.Source.Draw(seed, firstDrawn * state.Replicas, logQ.Length, links, logQ);
        evaluator.Evaluate(links, action);
        state.Count(WorkKind.Flow, stepsOfDraw, settings.Source.Flops);
        state.Count(WorkKind.Action, stepsOfDraw);
    }
}
