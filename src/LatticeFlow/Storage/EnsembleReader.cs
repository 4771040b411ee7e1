using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Reads an ensemble folder. Every segment is hashed before the HDF5 library sees it (once a reader, as long as its length and time stay the same), dimensions are checked before anything is allocated, and whatever is wrong comes out as
/// <see cref="StorageException"/>. A run may be writing to the folder meanwhile: the reader sees the segments that were listed when it was opened.
/// </summary>
public sealed class EnsembleReader
{
    private readonly string folder;
    private readonly bool verify;
    private readonly Dictionary<int, (long Length, DateTime Written)> verified = [];

    private EnsembleReader(string folder, bool verify, List<ManifestEntry> segments, EnsembleHeader header)
    {
        this.folder = folder;
        this.verify = verify;
        Segments = segments;
        Header = header;
    }

    /// <summary>Header of the first segment; every other one is checked against it when it is read.</summary>
    public EnsembleHeader Header { get; }

    public IReadOnlyList<ManifestEntry> Segments { get; }

    /// <summary>The folder of the ensemble.</summary>
    public string Folder => folder;

    /// <summary>Configurations in all segments.</summary>
    public long Count => Segments.Sum(segment => (long)segment.Count);

    /// <summary>
    /// Opens a folder with at least one segment to look at its columns while a run is at work: hashes are not compared, so that a look costs what it reads, and damage passes unnoticed. Nothing that is kept may be made of it.
    /// </summary>
    public static EnsembleReader OpenToLook(string folder) => Open(folder, verifyHashes: false);

    /// <summary>Opens a folder with at least one segment.</summary>
    public static EnsembleReader Open(string folder) => Open(folder, verifyHashes: true);

    /// <summary>
    /// For <see cref="OpenToLook"/> and tests: without hashes flipped bits in the data pass unnoticed.
    /// </summary>
    internal static EnsembleReader Open(string folder, bool verifyHashes)
    {
        var (entries, _, _) = Manifest.Load(folder);
        if (entries.Count == 0)
            throw new StorageException(folder, "holds no segment yet", "Sample first");
        foreach (var entry in entries)
        {
            if (!File.Exists(Path.Combine(folder, entry.File)))
                throw new StorageException(Path.Combine(folder, entry.File), "is missing", "Restore it from a copy; if it is the last segment, run again with --resume");
        }

        using var source = Hdf5Source.Open(HashedStream.OpenVerified(folder, entries[0], verifyHashes));
        return new(folder, verifyHashes, entries, HeaderAttributes.Read(source));
    }

    /// <summary>Hashes every segment and reads every dataset of it once; throws for the first that is bad.</summary>
    public void VerifyAll()
    {
        verified.Clear();
        foreach (var _ in Blocks(withField: true))
        {
            // Reading is the check.
        }
    }

    public EnsembleBlock ReadSegment(int index, bool withField = true) => WithSegment(index, (source, count) => SegmentFile.Read(source, Header, count, withField));

    /// <summary>The header of one segment: device, version and commit may differ from those of the first.</summary>
    public EnsembleHeader ReadHeader(int index) => WithSegment(index, (source, _) => HeaderAttributes.Read(source));

    /// <summary>The configurations of one segment, laid out as in <see cref="EnsembleBlock.Field"/>.</summary>
    public double[] ReadField(int index) => ReadSegment(index).Field;

    /// <summary>The configurations of one segment, to be read in parts.</summary>
    public StoredField OpenField(int index)
    {
        var source = OpenSegment(index);
        try
        {
            return new(source, Header, Segments[index].Count);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Which chain and which step of it each row of a segment is.</summary>
    public (long[] Replica, long[] Step) ReadPlaces(int index) => WithSegment(index, (source, count) => (
        source.Read<long>("/chain/replica", H5DataTypeClass.FixedPoint, [(ulong)count]), source.Read<long>("/chain/step", H5DataTypeClass.FixedPoint, [(ulong)count])));

    /// <summary>One column of one segment, with its shape.</summary>
    public ObservableColumn ReadColumnOf(int index, string name) => WithSegment(index, (source, count) => SegmentFile.ReadColumn(source, name, count));

    /// <summary>State of the sampler after the segment's last configuration.</summary>
    public ChainState ReadState(int index) => WithSegment(index, (source, _) => SegmentFile.ReadState(source, Header));

    /// <summary>One segment after another; one is in memory at a time.</summary>
    public IEnumerable<EnsembleBlock> Blocks(bool withField = true)
    {
        for (int index = 0; index < Segments.Count; index++)
            yield return ReadSegment(index, withField);
    }

    /// <summary>
    /// One column over all segments, one array per replica (in the order of their numbers), each ordered by step: <c>action</c>, <c>accepted</c>, <c>log_q</c>, <c>log_weight</c>, <c>reverse_work</c>,
    /// <c>delta_h</c>, or an observable's name, of which <paramref name="component"/> is taken when it has a shape.
    /// </summary>
    public double[][] ReadColumn(string name, int component = 0)
    {
        var chains = new SortedDictionary<long, List<(long Step, double Value)>>();
        for (int index = 0; index < Segments.Count; index++)
        {
            WithSegment(index, (source, count) =>
            {
                var column = SegmentFile.ReadColumn(source, name, count);
                if (component < 0 || component >= column.Components)
                    throw new ArgumentOutOfRangeException(nameof(component), $"column '{name}' has {column.Components} components");
                long[] replica = source.Read<long>("/chain/replica", H5DataTypeClass.FixedPoint, [(ulong)count]);
                long[] step = source.Read<long>("/chain/step", H5DataTypeClass.FixedPoint, [(ulong)count]);
                for (int row = 0; row < count; row++)
                {
                    if (!chains.TryGetValue(replica[row], out var chain))
                        chains[replica[row]] = chain = [];
                    chain.Add((step[row], column.Values[(row * column.Components) + component]));
                }

                return count;
            });
        }

        // OrderBy is stable: rows of one step keep the order in which they were stored.
        return chains.Values.Select(chain => chain.OrderBy(entry => entry.Step).Select(entry => entry.Value).ToArray()).ToArray();
    }

    private T WithSegment<T>(int index, Func<Hdf5Source, int, T> read)
    {
        using var source = OpenSegment(index);
        return read(source, Segments[index].Count);
    }

    private Hdf5Source OpenSegment(int index)
    {
        var entry = Segments[index];
        string path = Path.Combine(folder, entry.File);
        var source = Hdf5Source.Open(OpenBytes(index, entry, path));
        try
        {
            if (HeaderAttributes.Read(source).FirstDifference(Header) is string field)
                throw new StorageException(path, $"belongs to another ensemble: '{field}' differs from the first segment", "Restore the folder from a copy");
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private Hdf5Bytes OpenBytes(int index, ManifestEntry entry, string path)
    {
        var file = new FileInfo(path);
        var stamp = file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
        bool known = file.Exists && verified.TryGetValue(index, out var before) && before == stamp;
        var bytes = HashedStream.OpenVerified(folder, entry, verify && !known);
        verified[index] = stamp;
        return bytes;
    }
}
