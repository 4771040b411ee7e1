namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Which stored configurations are recomputed: all where that is quick or asked for, else rows spread evenly over segments spread evenly over the ensemble, with the first and the last.</summary>
public sealed class RowSample
{
    /// <summary>Numbers of configurations that are read and recomputed unless all are asked for: 256 MiB.</summary>
    public const long MostNumbers = 1L << 25;

    private const int MostSegments = 64;
    private const int FewestRows = 8;
    private readonly HashSet<int>? _segments;
    private readonly int _rowsOfSegment;

    public RowSample(int segments, long configurations, long numbers, bool all)
    {
        var most = Math.Max(FewestRows, MostNumbers / Math.Max(1, numbers));
        if (all || configurations <= most) return;
        var count = Math.Min(segments, MostSegments);
        _segments = [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)((long)i * (segments - 1) / (count - 1)))];
        _rowsOfSegment = (int)Math.Max(1, most / count);
    }

    /// <summary>Whether nothing is left out.</summary>
    public bool IsWhole => _segments is null;

    /// <summary>Rows of a segment, in order; of a segment that is read, the first and the last are among them where there is room for two.</summary>
    public int[] RowsOf(int segment, int count)
    {
        if (_segments is null) return [.. Enumerable.Range(0, count)];
        if (!_segments.Contains(segment)) return [];
        var rows = Math.Min(count, _rowsOfSegment);
        return [.. Enumerable.Range(0, rows).Select(i => rows == 1 ? count - 1 : (int)((long)i * (count - 1) / (rows - 1)))];
    }
}
