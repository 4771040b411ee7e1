using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>
/// Whether the rows of an ensemble are those that a chain writes: every replica at every stored step once and in order, no configuration twice but after a rejection, rejections where configurations
/// repeat, and acceptances as often as the energies of the trajectories say. Of a merged ensemble the rows of each of its <paramref name="origins"/> are those of its chains.
/// </summary>
public sealed class RowChecks(SampleSettings sample, EnsembleReader reader, IReadOnlyList<MergedOrigin> origins)
{
    /// <summary>Given all ΔH, acceptances are independent: their number is off by more than five deviations once in 1.7 million; one more where they are few.</summary>
    private const double AcceptanceDeviations = 5;

    // S of a configuration that was kept comes from the start of the refused trajectory: another order of the same sum.
    private const double SameAction = 1e-9;

    private readonly bool _canReject = TransitionFactory.CanReject(sample.Transition);

    // One transition a row, and nothing after it: what was refused stays, what was taken is new.
    private readonly bool _isSingle = sample.Transition is HmcSettings or FlowTransitionSettings && sample.Stride == 1;
    private readonly bool _isLadder = sample.Transition.ReplicasOfChain > 1;
    private readonly Dictionary<long, Row> _last = [];
    private readonly Dictionary<double, Row> _byAction = [];
    private readonly Dictionary<Guid, Row> _byField = [];
    private long _rows;
    private string? _grid;
    private string? _twice;
    private string? _accepted;
    private double _taken;
    private double _expected;
    private double _variance;
    private double? _firstDeltaH;
    private bool _deltaHVaries;
    private string? _impossible;

    private readonly record struct Row(int Segment, int Index, long Replica, double Action, int Observables, byte Accepted);

    /// <summary>Takes in a segment; its configurations of some rows, where they were read.</summary>
    public void Add(int segment, EnsembleBlock block, EnsembleBlock sampled, int[] sampledRows)
    {
        for (var row = 0; row < block.Count; row++, _rows++)
        {
            Place(segment, block, row);
            Repetition(RowOf(segment, block, row));
            if (block.DeltaH is { } deltaH) Energy(segment, row, deltaH[row], block.Accepted[row]);
        }
        var last = block.Step[^1];
        if (reader.Segments[segment].RngCounter != (ulong)last) _grid ??= $"segment {segment} ends with step {last} and manifest.jsonl says {reader.Segments[segment].RngCounter}";
        Fields(segment, sampled, sampledRows, block);
    }

    public void Report(Checklist list)
    {
        var name = sample.Name;
        list.Unless($"{name}: rows", _grid, FormattableString.Invariant($"{_rows} rows: {sample.Replicas} replicas, each every {sample.Stride} steps after {sample.Thermalization}"));
        list.Unless($"{name}: duplicates", _twice, _canReject ? "no configuration twice but after a rejection" : "no configuration twice");
        if (_canReject) list.Unless($"{name}: accepted", _accepted, "rejected rows repeat the one before, others do not");
        if (_firstDeltaH is null) return;
        if (!_deltaHVaries && _rows > 2) _impossible ??= FormattableString.Invariant($"dH is {_firstDeltaH} in all {_rows} rows");
        list.Unless($"{name}: dH", _impossible, sample.Transition is HmcSettings ? "varies, and every trajectory with dH <= 0 was accepted" : "varies");
        if (sample.Transition is HmcSettings)
            list.AtMost($"{name}: acceptance", FormattableString.Invariant($"{_taken} accepted, {_expected:F1} expected of their dH: difference"), _taken - _expected, AcceptanceDeviations * (Math.Sqrt(_variance) + 1));
    }

    private void Place(int segment, EnsembleBlock block, int row)
    {
        var origin = origins.LastOrDefault(origin => origin.FirstRow <= _rows);
        var (own, replicas) = origin is null ? (_rows, sample.Replicas) : (_rows - origin.FirstRow, origin.Replicas.Count);
        var replica = (own % replicas) + (origin?.FirstReplica ?? 0);
        var step = sample.Thermalization + (((own / replicas) + 1) * sample.Stride);
        if (block.Replica[row] != replica || block.Step[row] != step)
            _grid ??= $"row {row} of segment {segment} is of replica {block.Replica[row]}, step {block.Step[row]}; the run stores replica {replica}, step {step} there";
    }

    private static Row RowOf(int segment, EnsembleBlock block, int row)
    {
        // Equal configurations have equal observables to the bit: the same kernels measured them.
        var observables = new HashCode();
        foreach (var column in block.Observables.Values) observables.AddBytes(MemoryMarshal.AsBytes(column.Values.AsSpan(row * column.Components, column.Components)));
        return new(segment, row, block.Replica[row], block.Action[row], observables.ToHashCode(), block.Accepted[row]);
    }

    private static bool MayBeSame(Row a, Row b) => a.Observables == b.Observables && Math.Abs(a.Action - b.Action) <= SameAction * Math.Max(1, Math.Abs(a.Action));

    private void Repetition(Row row)
    {
        var replica = row.Replica;
        var before = _last.TryGetValue(replica, out var previous) ? previous : (Row?)null;
        _last[replica] = row;
        if (row.Accepted > 1) _accepted ??= $"row {row.Index} of segment {row.Segment} says {row.Accepted}, which is neither 0 nor 1";
        if (before is { } one && MayBeSame(one, row))
        {
            // On a ladder a configuration can leave and come back between two rows.
            if (_canReject && (row.Accepted == 0 || (_isLadder && sample.Stride > 1))) return;
            if ((_canReject ? _accepted : _twice) is not null || !AreSame(one, row)) return;
            if (_canReject) _accepted = $"row {row.Index} of segment {row.Segment} is said to be accepted and repeats the one before it of replica {replica}";
            else _twice = Twice(one, row);
            return;
        }
        if (_isSingle && before is not null && row.Accepted == 0) _accepted ??= $"row {row.Index} of segment {row.Segment} is said to be rejected and does not repeat the one before it of replica {replica}";
        if (_byAction.TryAdd(row.Action, row)) return;
        var other = _byAction[row.Action];
        if (_twice is null && !(_isLadder && other.Replica == replica) && AreSame(other, row)) _twice = Twice(other, row);
    }

    // The configurations themselves, where they are read: actions can be edited.
    private void Fields(int segment, EnsembleBlock sampled, int[] rows, EnsembleBlock block)
    {
        if (rows.Length == 0) return;
        var numbers = sampled.Field.Length / sampled.Count;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < rows.Length; i++)
        {
            SHA256.HashData(MemoryMarshal.AsBytes(sampled.Field.AsSpan(i * numbers, numbers)), hash);
            var row = RowOf(segment, block, rows[i]);
            if (_byField.TryAdd(new(hash[..16]), row)) continue;
            var other = _byField[new(hash[..16])];
            if (!MayBeSame(other, row) || !_canReject || other.Replica != row.Replica) _twice ??= Twice(other, row);
        }
    }

    private void Energy(int segment, int row, double deltaH, byte accepted)
    {
        _firstDeltaH ??= deltaH;
        _deltaHVaries |= !deltaH.Equals(_firstDeltaH);
        if (sample.Transition is not HmcSettings) return;
        var probability = double.IsNaN(deltaH) ? 0 : Math.Exp(-Math.Max(0, deltaH));
        if (accepted != 1 && probability == 1) _impossible ??= FormattableString.Invariant($"row {row} of segment {segment} is rejected with dH = {deltaH}, which is always accepted");
        if (accepted == 1 && probability == 0) _impossible ??= FormattableString.Invariant($"row {row} of segment {segment} is accepted with dH = {deltaH}, which never is");
        _taken += accepted;
        _expected += probability;
        _variance += probability * (1 - probability);
    }

    // Equal actions of different configurations are possible, if hardly. Of rows without configurations nothing but what was measured can be compared: only what follows one another is.
    private bool AreSame(Row a, Row b) => Field(a) is { } one && Field(b) is { } other ? one.AsSpan().SequenceEqual(other) : a.Replica == b.Replica && _last[b.Replica] == b && a.Action.Equals(b.Action) && MayBeSame(a, b);

    private double[]? Field(Row row)
    {
        var block = reader.ReadSegment(row.Segment);
        if (block.FieldIndexOf(row.Index) is not (>= 0 and var place)) return null;
        var numbers = block.Field.Length / block.FieldCount;
        return block.Field.AsSpan(place * numbers, numbers).ToArray();
    }

    private static string Twice(Row a, Row b) => $"row {b.Index} of segment {b.Segment} is the configuration of row {a.Index} of segment {a.Segment}";
}
