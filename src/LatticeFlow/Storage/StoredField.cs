using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>The configurations of one segment, read a part at a time from the file whose hash was found right, so that no configuration has to be in memory. Throws <see cref="StorageException"/>.</summary>
public sealed class StoredField : IDisposable
{
    // Which rows of the segment have their configuration, where not all have.
    private const string StoredRows = "/chain/stored";
    private readonly Hdf5Source source;
    private readonly string dataset;
    private readonly long numbers;

    internal StoredField(Hdf5Source source, EnsembleHeader header, int count)
    {
        this.source = source;
        dataset = "/" + header.Dataset;
        numbers = header.DoublesPerConfiguration;
        int[] rows = [.. Enumerable.Range(0, count)];
        if (source.Exists(StoredRows))
        {
            byte[] stored = source.Read<byte>(StoredRows, H5DataTypeClass.FixedPoint, [(ulong)count]);
            rows = [.. rows.Where(row => stored[row] != 0)];
        }

        Count = rows.Length;
        if (Count > 0)
            source.RequireDoubles(dataset, header.FieldShape(Count));
        long[] replica = source.Read<long>("/chain/replica", H5DataTypeClass.FixedPoint, [(ulong)count]);
        long[] step = source.Read<long>("/chain/step", H5DataTypeClass.FixedPoint, [(ulong)count]);
        (Replica, Step) = (Array.ConvertAll(rows, row => replica[row]), Array.ConvertAll(rows, row => step[row]));
    }

    /// <summary>Configurations.</summary>
    public int Count { get; }

    /// <summary>Which chain each is of.</summary>
    public long[] Replica { get; }

    /// <summary>Which step of the chain each is.</summary>
    public long[] Step { get; }

    /// <summary>Numbers of a configuration, as they are stored, from number <paramref name="first"/> on.</summary>
    public void Read(int configuration, long first, Span<double> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)configuration, (uint)Count, nameof(configuration));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + target.Length, numbers, nameof(first));
        source.ReadDoubles(dataset, (configuration * numbers) + first, target);
    }

    public void Dispose() => source.Dispose();
}
