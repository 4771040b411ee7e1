using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>The configurations of one segment, read a part at a time from the file whose hash was found right, so that no configuration has to be in memory. Throws <see cref="StorageException"/>.</summary>
public sealed class StoredField : IDisposable
{
    private readonly Hdf5Source source;
    private readonly EnsembleHeader header;
    private readonly FieldEncoding encoding;

    internal StoredField(Hdf5Source source, EnsembleHeader header, int count)
    {
        this.source = source;
        this.header = header;
        int[] rows = SegmentFile.ReadFieldRows(source, count) ?? [.. Enumerable.Range(0, count)];
        Count = rows.Length;
        encoding = Count > 0 ? FieldDataset.EncodingOf(source, header) : FieldEncoding.Exact;
        if (Count > 0)
            FieldDataset.Require(source, header, encoding, Count);
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

    /// <summary>Numbers of a configuration (whole matrices in double, however they are stored) from number <paramref name="first"/> on, of whole links.</summary>
    public void Read(int configuration, long first, Span<double> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)configuration, (uint)Count, nameof(configuration));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + target.Length, header.DoublesPerConfiguration, nameof(first));
        FieldDataset.ReadPart(source, header, encoding, (configuration * header.DoublesPerConfiguration) + first, target);
    }

    public void Dispose() => source.Dispose();
}
