using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services.Verification;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Segments of a sample, drawn again by a chain with the settings of its run.</summary>
public sealed class SampleSource(RunSession session, SampleSettings sample) : ISegmentSource
{
    public EnsembleHeader Header { get; } = SamplingStage.Header(session, sample);

    public long PositionOf(long replica, long step)
    {
        var steps = step - sample.Thermalization;
        return replica >= 0 && replica < sample.Replicas && steps > 0 && steps % sample.Stride == 0 ? (((steps / sample.Stride) - 1) * sample.Replicas) + replica : -1;
    }

    public int CountAt(long first) => (int)Math.Min(sample.Segment / sample.Replicas * sample.Replicas, sample.Configurations - first);

    public (Storage.EnsembleBlock Block, ChainState State) Draw(ChainState? before, int count)
    {
        using var proposals = Proposals();
        using var chain = Chain(before, proposals);
        var block = chain.NewBlock((count + sample.Replicas - 1) / sample.Replicas);
        chain.Fill(block);
        return (SamplingStage.SegmentOf(session, block, sample, count), SamplingStage.StateAfter(chain, block, count));
    }

    public bool Continues(ChainState before, Storage.EnsembleBlock next)
    {
        using var proposals = Proposals();
        using var chain = Chain(before, proposals);
        var block = chain.NewBlock(1);
        chain.Fill(block);
        var rows = Math.Min(next.Count, block.Rows);
        return StoredRows.Difference(next, SamplingStage.SegmentOf(session, block, sample, rows), rows) is null;
    }

    private MarkovChain Chain(ChainState? before, ProposalSources? proposals)
    {
        var chain = SamplingStage.Create(session, sample, Flow(), proposals);
        try
        {
            if (before is not null) SamplingStage.Restore(chain, before.Sections, ExistingRun.Ensemble(session.Directory.Path, sample.Name));
            while (chain.Step < sample.Thermalization)
            {
                session.Context.Stop.Token.ThrowIfCancellationRequested();
                chain.Advance();
            }
            return chain;
        }
        catch
        {
            chain.Dispose();
            throw;
        }
    }

    private FlowModel? Flow() => sample.Transition.UsesFlow ? FlowStage.Trained(session) : null;

    private ProposalSources? Proposals() => sample.Transition.UsesFlow
        ? new(session.Device, session.Precision, Flow()!, new FieldSpace(session.Action.Field, session.Action.Lattice), TransitionFactory.ProposalsOfDraw, sample.Replicas)
        : null;
}
