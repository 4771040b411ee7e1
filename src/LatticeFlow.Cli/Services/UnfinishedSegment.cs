using System.Diagnostics;
using LatticeFlow.Costs;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;
using EnsembleBlock = LatticeFlow.Sampling.EnsembleBlock;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// A chain on its way to the next segment, in thermalization or between two segments: its state and the configurations that it has drawn since the last one, in <c>unfinished.h5</c> beside the segments.
/// Written when a run is stopped and by wall clock, so that a stop need not wait for a segment and a killed run repeats no more than an interval.
/// </summary>
internal sealed class UnfinishedSegment(string path, MarkovChain chain, int segment, CheckpointClock clock, EnergyCounter? energy)
{
    public const string FileName = "unfinished.h5";
    private const string Kind = "unfinished";
    private const string Segment = "segment";
    private const string Drawn = "draws";
    private const string Elapsed = "seconds";
    private const string Thermal = "thermalization_seconds";
    private const string Done = "work";
    private const string Spent = "joules";

    // Numbers in one dataset: 64 MiB.
    private const int LongestSection = 1 << 23;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Work _workAtStart = chain.Work.Copy();
    private readonly double _joulesAtStart = energy?.Joules ?? double.NaN;
    private double _secondsBefore;
    private double _joulesBefore;

    // Null: an earlier version did not count.
    private Work? _workBefore = new();
    private long _savedStep;

    /// <summary>What has been drawn; null in thermalization.</summary>
    public EnsembleBlock? Block { get; private set; }

    /// <summary>Draws in <see cref="Block"/>.</summary>
    public int Draws { get; private set; }

    /// <summary>Wall time spent on the way.</summary>
    public double Seconds => _secondsBefore + _watch.Elapsed.TotalSeconds;

    /// <summary>The part of it that thermalization took.</summary>
    public double ThermalizationSeconds { get; private set; }

    /// <summary>What transitions did on the way; null where a part was not counted.</summary>
    public Work? Work
    {
        get
        {
            if (_workBefore is null) return null;
            var work = _workBefore.Copy();
            work.Add(chain.Work.Since(_workAtStart));
            return work;
        }
    }

    /// <summary>Energy spent on the way; not a number where a part was not measured.</summary>
    public double Joules => _joulesBefore + ((energy?.Joules ?? double.NaN) - _joulesAtStart);

    /// <summary>Thermalization ends here.</summary>
    public void MarkThermal() => ThermalizationSeconds = Seconds;

    public void Begin(EnsembleBlock block) => (Block, Draws) = (block, 0);

    /// <summary>Adds the configurations on which the chain stands.</summary>
    public void Record()
    {
        chain.Record(Block ?? throw new InvalidOperationException("there is no block to record in."), Draws);
        Draws++;
    }

    /// <summary>Saves if an interval has passed since the last time.</summary>
    public void SaveIfDue()
    {
        energy?.Update();
        if (clock.IsDue) Save();
    }

    /// <summary>Writes what is not stored anywhere yet.</summary>
    public void Save()
    {
        if (chain.Step != _savedStep)
        {
            CheckpointWriter.Write(path, Kind, Sections());
            _savedStep = chain.Step;
        }
        clock.Restart();
    }

    /// <summary>
    /// Continues from the file, if it is one of this segment: <paramref name="restore"/> gets the state of the chain, and <paramref name="newBlock"/> makes the block that is filled next. False where there is
    /// none, or it is from before a segment that is there.
    /// </summary>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public bool TryContinue(Action<StateSections> restore, Func<EnsembleBlock> newBlock)
    {
        if (!File.Exists(path)) return false;
        var saved = CheckpointReader.Read(path, Kind);
        if (saved.GetLong(Segment) != segment) return false;
        if (saved.GetLong(Drawn) is > 0 and var draws)
        {
            Block = newBlock();
            Draws = (int)Math.Min(draws, Block.Draws);
            Read(saved, Block, Draws);
        }
        // Last, so that a chain stands where it stood when anything before has failed.
        restore(saved);
        _savedStep = chain.Step;
        _secondsBefore = saved.GetDouble(Elapsed);
        ThermalizationSeconds = saved.Has(Thermal) ? saved.GetDouble(Thermal) : 0;
        _joulesBefore = saved.Has(Spent) ? saved.GetDouble(Spent) : double.NaN;
        _workBefore = saved.Has(Done) ? Costs.Work.FromNumbers(saved.GetDoubles(Done)) : null;
        return true;
    }

    /// <summary>Draws since the last segment, and the step on which the chain stands, of a file that is only looked at.</summary>
    /// <exception cref="StorageException">The file is damaged, or not there.</exception>
    public static (long Draws, long? Step) Progress(string path)
    {
        var saved = CheckpointReader.Read(path, Kind);
        return (saved.GetLong(Drawn), saved.Has($"{SamplingStage.Chain}.action") && saved.GetLongs(SamplingStage.Chain) is [var step, ..] ? step : null);
    }

    /// <summary>The chain stands where a segment ends: nothing is lost up to here.</summary>
    public void MarkStored()
    {
        _savedStep = chain.Step;
        clock.Restart();
    }

    private StateSections Sections()
    {
        var sections = new StateSections().Set(SamplingStage.Chain, chain.Save()).Set(Segment, (long)segment).Set(Drawn, (long)Draws).Set(Elapsed, Seconds).Set(Thermal, ThermalizationSeconds);
        if (Work is { } work) sections.Set(Done, work.ToNumbers());
        if (Joules is var joules && double.IsFinite(joules)) sections.Set(Spent, joules);
        if (Block is not { } block || Draws == 0) return sections;
        var rows = Draws * block.Replicas;
        foreach (var (name, first, count) in Parts(block, block.FieldRowsBefore(rows))) sections.Set(name, block.Field.AsSpan(first, count).ToArray());
        sections.Set("action", block.Action[..rows]).Set("accepted", block.Accepted[..rows]).Set("log_q", block.LogQ[..rows]).Set("log_weight", block.LogWeight[..rows])
            .Set("reverse_work", block.ReverseWork[..rows]).Set("delta_h", block.DeltaH[..rows]).Set("step", block.Step[..rows]).Set("replica", block.Replica[..rows]);
        foreach (var (name, values) in block.Observables) sections.Set($"observable.{name}", values[..(values.Length / block.Rows * rows)]);
        return sections;
    }

    private static void Read(StateSections saved, EnsembleBlock block, int draws)
    {
        var rows = draws * block.Replicas;
        foreach (var (name, first, count) in Parts(block, block.FieldRowsBefore(rows))) Copy(saved.GetDoubles(name), block.Field.AsSpan(first, count), name);
        Copy(saved.GetDoubles("action"), block.Action.AsSpan(0, rows), "action");
        Copy(saved.GetBytes("accepted"), block.Accepted.AsSpan(0, rows), "accepted");
        Copy(saved.GetDoubles("log_q"), block.LogQ.AsSpan(0, rows), "log_q");
        Copy(saved.GetDoubles("log_weight"), block.LogWeight.AsSpan(0, rows), "log_weight");
        // An earlier version has none, and no sampler that makes them.
        if (saved.Has("reverse_work")) Copy(saved.GetDoubles("reverse_work"), block.ReverseWork.AsSpan(0, rows), "reverse_work");
        Copy(saved.GetDoubles("delta_h"), block.DeltaH.AsSpan(0, rows), "delta_h");
        Copy(saved.GetLongs("step"), block.Step.AsSpan(0, rows), "step");
        Copy(saved.GetLongs("replica"), block.Replica.AsSpan(0, rows), "replica");
        foreach (var (name, values) in block.Observables) Copy(saved.GetDoubles($"observable.{name}"), values.AsSpan(0, values.Length / block.Rows * rows), name);

        void Copy<T>(T[] from, Span<T> to, string name)
        {
            if (from.Length != to.Length) throw new StorageException(saved.Origin, $"section '{name}' has {from.Length} numbers where {to.Length} belong", "Delete it: the run goes on from its last segment");
            from.CopyTo(to);
        }
    }

    // The configurations in pieces of whole rows.
    private static IEnumerable<(string Name, int First, int Count)> Parts(EnsembleBlock block, int rows)
    {
        var rowsOfPart = Math.Max(1, LongestSection / block.NumbersOfRow);
        for (var row = 0; row < rows; row += rowsOfPart)
            yield return ($"field.{row / rowsOfPart}", row * block.NumbersOfRow, Math.Min(rowsOfPart, rows - row) * block.NumbersOfRow);
    }
}
