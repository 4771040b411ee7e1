using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;
using EnsembleBlock = LatticeFlow.Sampling.EnsembleBlock;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Draws the ensembles of a run, each from wherever it is to its end or to a signal. State and configurations of a segment become visible together, so that
/// a resumed ensemble equals the uninterrupted one bit for bit, however it was interrupted.
/// </summary>
public static class SamplingStage
{
    internal const string Chain = "chain";

    /// <summary>True when every ensemble is complete, false when a signal stopped one after a transition.</summary>
    public static bool Run(RunSession session)
    {
        using var work = session.Context.Stop.Checkpointed();
        var flow = session.Configuration.Samples.Any(sample => sample.Transition.UsesFlow) ? FlowStage.Trained(session) : null;
        foreach (var sample in session.Configuration.Samples)
        {
            if (!Draw(session, sample, flow)) return false;
        }
        return true;
    }

    private static bool Draw(RunSession session, SampleSettings sample, FlowModel? flow)
    {
        using var writer = EnsembleWriter.Resume(session.Directory.EnsembleDirectory(sample.Name), Header(session, sample));
        foreach (var repair in writer.Repairs) session.Context.Log.Warning($"{sample.Name}: {repair}");
        if (writer.Count >= sample.Configurations) return true;
        using var proposals = flow is not null && sample.Transition.StartsFromFlow
            ? new ProposalSources(session.Device, session.Precision, flow, new FieldSpace(session.Action.Field, session.Action.Lattice), TransitionFactory.ProposalsOfDraw, sample.Replicas)
            : null;
        using var chain = Create(session, sample, flow, proposals);
        var clock = new CheckpointClock(session.CheckpointInterval, TimeProvider.System);
        var energy = EnergyCounter.Of(session.Device);
        var rest = SegmentRows.LeftOver(session, sample, writer);
        var unfinished = Continue(session, sample, writer, chain, clock, energy);
        return Thermalize(session, sample, chain, unfinished) && Fill(session, sample, writer, chain, unfinished, clock, energy, rest);
    }

    /// <summary>The chain of a sample before its first step.</summary>
    internal static MarkovChain Create(RunSession session, SampleSettings sample, FlowModel? flow, ProposalSources? proposals)
    {
        try
        {
            return MarkovChain.Create(session.Device, new()
            {
                Action = session.Action,
                Transition = TransitionFactory.Create(
                    sample.Transition,
                    session.Action,
                    settings => proposals?.Of(settings) ?? throw new NotSupportedException("it proposes from a flow and the run has none"),
                    () => flow ?? throw new NotSupportedException("it moves in the coordinates of a flow and the run has none"),
                    sample.Thermalization),
                Replicas = sample.Replicas,
                Seed = session.Seed("sample", sample.Name),
                Start = sample.Start,
                StartFrom = proposals?.Flow,
                Thermalization = sample.Thermalization,
                Stride = sample.Stride,
                FieldEvery = sample.Store.Every,
                Observables = [.. Observables(session)],
            });
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), inner: exception) { File = session.Directory.ConfigPath, Key = $"sample.{sample.Name}" };
        }
    }

    /// <summary>What the chains of a run measure, in the order of their columns.</summary>
    internal static IEnumerable<IFieldObservable> Observables(RunSession session)
        => session.Configuration.Analyze.Observables.Select(name => ObservableRegistry.Create(name, session.Lattice, session.Action.Field));

    /// <summary>Brings the chain to where it was last saved, in the middle of a segment, at the end of one or in thermalization, or leaves it at the start: all end in the same state.</summary>
    private static UnfinishedSegment Continue(RunSession session, SampleSettings sample, EnsembleWriter writer, MarkovChain chain, CheckpointClock clock, EnergyCounter? energy)
    {
        var path = UnfinishedFile(session, sample);
        var unfinished = new UnfinishedSegment(path, chain, writer.NextSegment, clock, energy);
        try
        {
            if (unfinished.TryContinue(saved => Restore(chain, saved, path), () => NextBlock(sample, writer, chain)))
            {
                writer.ForgetState();
                return unfinished;
            }
        }
        catch (StorageException exception) when (exception.ExitCode == StorageException.Corrupt)
        {
            session.Context.Log.Warning($"{exception.Message} What came after {(writer.Count > 0 ? "the last segment" : "the start")} is computed again");
            unfinished = new UnfinishedSegment(path, chain, writer.NextSegment, clock, energy);
        }
        if (writer.State is { } state) Restore(chain, state.Sections, path);
        writer.ForgetState();
        unfinished.MarkStored();
        return unfinished;
    }

    private static bool Thermalize(RunSession session, SampleSettings sample, MarkovChain chain, UnfinishedSegment unfinished)
    {
        if (chain.Step >= sample.Thermalization) return true;
        var figures = new SamplingFigures(TransitionFactory.CanReject(sample.Transition));
        return session.Context.Progress.Run($"{sample.Name} thermalization", sample.Thermalization, progress =>
        {
            while (chain.Step < sample.Thermalization)
            {
                if (session.Context.Stop.IsRequested)
                {
                    unfinished.Save();
                    return false;
                }
                unfinished.SaveIfDue();
                chain.Advance();
                figures.Add(chain.Outcome, chain.Action);
                progress.Report(chain.Step, figures.All);
            }
            unfinished.MarkThermal();
            return true;
        }, chain.Step);
    }

    private static string UnfinishedFile(RunSession session, SampleSettings sample) => Path.Join(ExistingRun.Ensemble(session.Directory.Path, sample.Name), UnfinishedSegment.FileName);

    private static EnsembleBlock NextBlock(SampleSettings sample, EnsembleWriter writer, MarkovChain chain)
    {
        var own = Math.Max(0, SegmentRows.CountAt(sample, writer.Count) - DrawRest.CountAfter(writer.Count, sample));
        return chain.NewBlock((own + sample.Replicas - 1) / sample.Replicas, (writer.Count + sample.Replicas - 1) / sample.Replicas);
    }

    private static bool Fill(RunSession session, SampleSettings sample, EnsembleWriter writer, MarkovChain chain, UnfinishedSegment unfinished, CheckpointClock clock, EnergyCounter? energy, Storage.EnsembleBlock? rest)
        => session.Context.Progress.Run(sample.Name, sample.Configurations, progress =>
        {
            var figures = new SamplingFigures(TransitionFactory.CanReject(sample.Transition));
            while (writer.Count < sample.Configurations)
            {
                if (!Draw(session, sample, writer, chain, unfinished, rest?.Count ?? 0, figures, progress)) return false;
                Store(session, sample, writer, chain, unfinished, rest);
                rest = null;
                unfinished = new UnfinishedSegment(UnfinishedFile(session, sample), chain, writer.NextSegment, clock, energy);
                unfinished.MarkStored();
                progress.Report(writer.Count, figures.All);
            }
            return true;
        }, writer.Count + (rest?.Count ?? 0) + (unfinished.Draws * sample.Replicas));

    /// <summary>Fills the block of the next segment, which <paramref name="rest"/> rows go before; false when a signal came first, after a checkpoint.</summary>
    private static bool Draw(RunSession session, SampleSettings sample, EnsembleWriter writer, MarkovChain chain, UnfinishedSegment unfinished, int rest, SamplingFigures figures, ITaskProgress progress)
    {
        if (unfinished.Block is null) unfinished.Begin(NextBlock(sample, writer, chain));
        while (unfinished.Draws < unfinished.Block!.Draws)
        {
            if (session.Context.Stop.IsRequested)
            {
                unfinished.Save();
                return false;
            }
            unfinished.SaveIfDue();
            chain.Advance();
            if ((chain.Step - sample.Thermalization) % sample.Stride == 0)
            {
                unfinished.Record();
                figures.Add(unfinished.Block, unfinished.Draws - 1);
            }
            progress.Report(Math.Min(sample.Configurations, writer.Count + rest + (unfinished.Draws * sample.Replicas)), figures.All);
        }
        return true;
    }

    private static void Store(RunSession session, SampleSettings sample, EnsembleWriter writer, MarkovChain chain, UnfinishedSegment unfinished, Storage.EnsembleBlock? rest)
    {
        var (stored, state) = SegmentRows.Of(session, sample, chain, rest, unfinished.Block!, SegmentRows.CountAt(sample, writer.Count));
        writer.Append(stored, state);
        var record = new JsonObject
        {
            ["kind"] = "sample",
            ["sample"] = sample.Name,
            ["segment"] = writer.NextSegment - 1,
            ["configurations"] = stored.Count,
            ["seconds"] = unfinished.Seconds,
            ["transitions"] = new JsonArray([.. chain.Statistics.Select(Statistics)]),
        };
        CostRecord.Write(record, unfinished);
        session.Metrics.Append(record);
        // What it held is in the segment now.
        File.Delete(UnfinishedFile(session, sample));
    }

    private static JsonObject Statistics(TransitionStatistics statistics)
    {
        var entry = new JsonObject { ["name"] = statistics.Name, ["proposed"] = statistics.Proposed, ["accepted"] = statistics.Accepted };
        if (statistics.Steps > 0)
        {
            entry["steps"] = statistics.Steps;
            entry["step_size"] = statistics.StepSize;
        }
        return entry;
    }

    /// <summary>Brings a chain to the state that a segment, or a file of the thermalization, holds.</summary>
    internal static void Restore(MarkovChain chain, StateSections sections, string path)
    {
        try
        {
            chain.Restore(sections.GetChain(Chain, chain.Settings.Action.Field));
        }
        catch (InvalidDataException exception)
        {
            throw new StorageException(path, $"holds a state that does not belong to this chain ({exception.Message.TrimEnd('.')})", "Resume with the configuration of the run",
                StorageException.Corrupt, exception);
        }
    }

    /// <summary>What the segments of a sample say about themselves when this session writes them.</summary>
    internal static EnsembleHeader Header(RunSession session, SampleSettings sample)
    {
        var (version, commit) = Provenance.OfThisBuild();
        return new()
        {
            Field = session.Action.Field.Name,
            Extents = [.. session.Configuration.Theory.Extents],
            Action = session.Action.Name,
            ActionParameters = session.Action.Parameters,
            Sampler = TransitionSettings.Kinds.Text(sample.Transition.Kind),
            Seed = (ulong)session.Configuration.Run.Seed,
            Precision = RunSettings.Precisions.Text(session.Configuration.Run.Precision),
            Device = session.Device.Name,
            Version = version,
            Commit = commit,
            Config = session.Resolved,
        };
    }
}
