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

    public IReadOnlyList<string> Configurations { get; } = RunProvenance.Of(session.Directory).Resolved(session.Resolved);

    public long PositionOf(long replica, long step)
    {
        var steps = step - sample.Thermalization;
        return replica >= 0 && replica < sample.Replicas && steps > 0 && steps % sample.Stride == 0 ? (((steps / sample.Stride) - 1) * sample.Replicas) + replica : -1;
    }

    public int CountAt(long first)
    {
        // Where the run ended once, a segment did.
        var ends = RunProvenance.Of(session.Directory).AskedFor(ResolvedConfiguration.ConfigurationsOf(sample.Name)).Where(end => end > first);
        return (int)ends.Select(end => end - first).Append(SegmentRows.CountAt(sample, first)).Min();
    }

    public (Storage.EnsembleBlock Block, ChainState State) Draw(ChainState? before, int count)
    {
        using var proposals = Proposals();
        using var chain = Chain(before, proposals);
        var rest = DrawRest.Of(session, sample, before);
        var block = chain.NewBlock((Math.Max(0, count - (rest?.Count ?? 0)) + sample.Replicas - 1) / sample.Replicas);
        chain.Fill(block);
        return SegmentRows.Of(session, sample, chain, rest, block, count);
    }

    public bool Continues(ChainState before, Storage.EnsembleBlock next)
    {
        using var proposals = Proposals();
        using var chain = Chain(before, proposals);
        return SegmentRows.DifferenceAfter(session, sample, chain, before, next) is null;
    }

    /// <summary>The rows of the last draw that a segment does not hold, where its state has not kept them: the segment is drawn again, and has to come out as it is stored.</summary>
    /// <exception cref="StorageException">It comes out otherwise (exit code 2).</exception>
    internal Storage.EnsembleBlock DrawRestAgain(int segment)
    {
        var folder = ExistingRun.Ensemble(session.Directory.Path, sample.Name);
        var reader = EnsembleReader.Open(folder);
        var stored = reader.ReadSegment(segment);
        var (drawn, state) = Draw(segment == 0 ? null : reader.ReadState(segment - 1), stored.Count);
        if (StoredRows.Difference(stored, BlockRows.AsRead(drawn, Header), stored.Count) is not { } fault && DrawRest.Of(session, sample, state) is { } rest) return rest;
        throw new StorageException(
            Path.Join(folder, reader.Segments[segment].File), "ends within a draw, and this program draws it otherwise on this device", "Extend it on the device and with the version that drew it", StorageException.Unusable);
    }

    // At the start, after thermalization, or where a segment ends.
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

    private ProposalSources? Proposals() => sample.Transition.StartsFromFlow
        ? new(session.Device, session.Precision, Flow()!, new FieldSpace(session.Action.Field, session.Action.Lattice), TransitionFactory.ProposalsOfDraw, sample.Replicas)
        : null;
}
