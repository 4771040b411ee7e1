using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services.Verification;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;
using EnsembleBlock = LatticeFlow.Sampling.EnsembleBlock;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Which rows a segment holds. Segments end where <c>segment</c> configurations (whole draws of all replicas) are full, and where the run ended once: an ensemble that was extended has one more end there than one that was
/// asked for its length from the start, and the same rows.
/// </summary>
internal static class SegmentRows
{
    /// <summary>How many rows the segment gets that begins with row <paramref name="first"/>.</summary>
    public static int CountAt(SampleSettings sample, long first)
    {
        var full = sample.Segment / sample.Replicas * sample.Replicas;
        return (int)Math.Min(full - (first % full), sample.Configurations - first);
    }

    /// <summary>The rows of the last draw that the segments so far do not hold; null where the draw is whole.</summary>
    /// <exception cref="StorageException">An earlier version did not keep them, and they cannot be drawn again here (exit code 2).</exception>
    public static Storage.EnsembleBlock? LeftOver(RunSession session, SampleSettings sample, EnsembleWriter writer)
    {
        if (DrawRest.CountAfter(writer.Count, sample) is not (> 0 and var missing)) return null;
        var rest = DrawRest.Of(session, sample, writer.State) ?? new SampleSource(session, sample).DrawRestAgain(writer.NextSegment - 1);
        return rest.Count == missing
            ? rest
            : throw new StorageException(ExistingRun.Ensemble(session.Directory.Path, sample.Name), $"ends within a draw, of which its state has {rest.Count} rows where {missing} belong", "Restore it from a copy");
    }

    /// <summary>A segment of <paramref name="count"/> rows, first those left over from the draw before, and the state after it. The block holds whole draws, the last of which may be stored in part.</summary>
    public static (Storage.EnsembleBlock Stored, ChainState State) Of(RunSession session, SampleSettings sample, MarkovChain chain, Storage.EnsembleBlock? before, EnsembleBlock block, int count)
    {
        var left = before?.Count ?? 0;
        if (count <= left) return (BlockRows.Slice(before!, 0, count), StateAfter(chain, 0, count < left ? BlockRows.Slice(before!, count, left - count) : null));
        var own = Of(session, sample, block, 0, count - left);
        var rest = own.Count < block.Rows ? Of(session, sample, block, own.Count, block.Rows - own.Count) : null;
        var inRows = chain.CanContinueFromRows && rest is null && block.HasField(block.Draws - 1) && sample.Store.Encoding.IsExact;
        return (before is null ? own : BlockRows.Join(before, own), StateAfter(chain, inRows ? block.Replicas : 0, rest));
    }

    /// <summary>Rows of a block as they are stored.</summary>
    public static Storage.EnsembleBlock Of(RunSession session, SampleSettings sample, EnsembleBlock block, int first, int count)
    {
        var rows = first..(first + count);
        var observables = new OrderedDictionary<string, ObservableColumn>();
        foreach (var observable in SamplingStage.Observables(session))
        {
            var components = observable.Components();
            observables[observable.Name] = (block.Observables[observable.Name][(first * components)..((first + count) * components)], [.. observable.Shape]);
        }
        int field = block.FieldRowsBefore(first), fields = block.FieldRowsBefore(first + count) - field;
        return new()
        {
            Count = count,
            Field = field == 0
                ? session.Action.Field.AsStored(block.Field, fields * block.NumbersOfRow)
                : session.Action.Field.ToStored(block.Field.AsSpan(field * block.NumbersOfRow, fields * block.NumbersOfRow)),
            FieldRows = block.HasAllFields ? null : [.. Enumerable.Range(0, count).Where(row => block.HasField((first + row) / block.Replicas))],
            Encoding = sample.Store.Encoding,
            Replica = block.Replica[rows],
            Step = block.Step[rows],
            Accepted = block.Accepted[rows],
            Action = block.Action[rows],
            LogQ = TransitionFactory.KnowsDensity(sample.Transition) ? block.LogQ[rows] : null,
            LogWeight = sample.Transition.KnowsDensity || sample.Transition.IsWeighted ? block.LogWeight[rows] : null,
            ReverseWork = sample.Transition.RunsBackward ? block.ReverseWork[rows] : null,
            DeltaH = TransitionFactory.HasTrajectories(sample.Transition) ? block.DeltaH[rows] : null,
            Observables = observables,
        };
    }

    /// <summary>Where rows of a segment are not those that follow a state, to the bit, in words; null where all are. The chain stands at the state; it makes one draw.</summary>
    public static string? DifferenceAfter(RunSession session, SampleSettings sample, MarkovChain chain, ChainState? state, Storage.EnsembleBlock next)
    {
        // Those that the draw before left over, or that an earlier version drew again, are of the step on which the chain stands.
        var left = next.Step.TakeWhile(step => state is not null && step == chain.Step).Count();
        if (left > 0 && DrawRest.Of(session, sample, state) is { } rest && StoredRows.Difference(next, BlockRows.AsRead(rest, SamplingStage.Header(session, sample)), Math.Min(left, rest.Count)) is { } fault) return fault;
        if (left == next.Count) return null;
        var block = chain.NewBlock(1);
        chain.Fill(block);
        var rows = Math.Min(next.Count - left, block.Rows);
        return StoredRows.Difference(BlockRows.Slice(next, left, rows), BlockRows.AsRead(Of(session, sample, block, 0, rows), SamplingStage.Header(session, sample)), rows);
    }

    /// <summary>The state of the chain; its configurations are left out where the last <paramref name="fieldRows"/> rows of the segment are they.</summary>
    private static ChainState StateAfter(MarkovChain chain, int fieldRows, Storage.EnsembleBlock? rest)
    {
        var sections = new StateSections().Set(SamplingStage.Chain, chain.Save(withField: fieldRows == 0));
        return new() { RngCounter = (ulong)chain.Step, FieldRows = fieldRows, Sections = rest is null ? sections : DrawRest.Set(sections, rest) };
    }
}
