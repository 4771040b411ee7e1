using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// HDF5 files of other codes with links of SU(N) in four dimensions: datasets <c>[t, z, y, x, d]</c> of matrices (QDP++'s HDF5Writer, elements that are arrays of compounds {r, i}),
/// <c>[t, z, y, x, d, row, column]</c> or <c>[d, t, z, y, x, row, column]</c> of complex numbers (h5py, PyQUDA), d counting x, y, z, t; float or double, contiguous. An attribute <c>plaquette</c> of the
/// dataset is compared with its links. Every such dataset is a configuration, in the order of their paths. Read only.
/// </summary>
public sealed class Hdf5GaugeFile : IGaugeFileFormat
{
    private const double PlaquetteTolerance = 1e-5;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Of merged ensembles of this program.</summary>
    private static ReadOnlySpan<byte> OwnSignature => "LatticeFlow "u8;

    public string Name => "h5";

    public string Extension => ".h5";

    public bool IsWritten => false;

    public bool Recognises(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var start = new byte[OwnSignature.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && (start.AsSpan().StartsWith(Signature) || OwnSignature.SequenceEqual(start));
    }

    public IReadOnlyList<GaugeFileEntry> Entries(string path, GaugeReadSettings? settings = null) => Opened(path, (_, fields) => fields.Select(_ => new GaugeFileEntry(null, null)).ToArray());

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0) => Opened(path, (source, fields) =>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, fields.Length);
        return Read(path, source, fields[entry], settings ?? new());
    });

    private static T Opened<T>(string path, Func<Hdf5Source, ForeignMatrices[], T> read)
    {
        var stream = GaugeFileFormats.Open(path);
        var start = new byte[OwnSignature.Length];
        bool own = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && OwnSignature.SequenceEqual(start);
        using var source = Hdf5Source.Open(new Hdf5Bytes(path, stream) { IsForeign = true });
        if (own || ForeignHdf5.IsOwn(source))
            throw new StorageException(path, "is an ensemble of this program already", "Give it, or its directory, to analyze or export", StorageException.Unusable);
        var fields = ForeignHdf5.Find(source).Where(field => DirectionAxis(field) is not null).ToArray();
        return fields.Length > 0
            ? read(source, fields)
            : throw new StorageException(path, "has no contiguous dataset [t, z, y, x, 4] or [4, t, z, y, x] of complex matrices", "Give a file with gauge configurations, without chunks and compression", StorageException.Unusable);
    }

    /// <summary>Number of the axis of length 4 that counts directions, the last one before the first; null where there is none.</summary>
    private static int? DirectionAxis(ForeignMatrices field)
    {
        ulong[] axes = Axes(field);
        return field.MatrixSize < 2 || axes.Length != ForeignOrder.Dimensions + 1 ? null : axes[^1] == ForeignOrder.Dimensions ? axes.Length - 1 : axes[0] == ForeignOrder.Dimensions ? 0 : null;
    }

    /// <summary>Without those of the matrix.</summary>
    private static ulong[] Axes(ForeignMatrices field)
    {
        ulong n = (ulong)field.MatrixSize;
        return field.Shape.Length == ForeignOrder.Dimensions + 3 && field.Shape[^1] == n && field.Shape[^2] == n ? field.Shape[..^2] : field.Shape;
    }

    private static GaugeFile Read(string path, Hdf5Source source, ForeignMatrices field, GaugeReadSettings settings)
    {
        ulong[] axes = Axes(field);
        int axis = DirectionAxis(field)!.Value, n = field.MatrixSize;
        long[] slowest = [.. (axis == 0 ? axes[1..] : axes[..^1]).Select(extent => (long)Math.Min(extent, long.MaxValue))], extents = [.. slowest.Reverse()];
        GaugeFileFormats.RequireAsAsked(path, settings, n, extents);
        byte[] bytes = ForeignHdf5.Read(source, field);
        var real = new RealFormat(field.IsDouble, field.IsBigEndian);
        var codec = new SiteCodec(n, n, real);
        var lattice = ForeignOrder.Lattice(path, extents, n, codec.BytesPerSite, bytes.Length);

        var configuration = Decoded(bytes, lattice, n, real, axis == 0);
        LinkPayload.RequireGroup(path, configuration);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration);
        List<string> warnings = ["has no checksum: only unitarity and, where stated, the plaquette could be checked"];
        if (field.Plaquette is { } stated)
        {
            PlaquetteCheck.Require(path, configuration, plaquette, $"the attribute of {field.Name} says", stated, PlaquetteTolerance, 1, n);
        }
        else
        {
            warnings.Add(PlaquetteCheck.NotStated);
            if (PlaquetteCheck.OrderWarning(configuration, plaquette) is { } order)
                warnings.Add(order);
        }

        if (axes[0] == axes[^1])
            warnings.Add($"has the shape [{string.Join(", ", field.Shape)}] in {PrintableText.Short(field.Name)}, in which the first axis could be that of the directions: the last one is taken");
        return new(configuration, field.IsDouble ? Precision.Double : Precision.Single, plaquette, GaugeMeasurement.LinkTrace(configuration), new Dictionary<string, string> { ["dataset"] = field.Name }, warnings);
    }

    private static GaugeConfiguration Decoded(byte[] bytes, Lattice.LatticeGeometry lattice, int n, RealFormat real, bool directionFirst)
    {
        int length = 2 * n * n;
        var links = new double[checked(length * lattice.Links)];
        for (int stored = 0; stored < lattice.Links; stored++)
        {
            int site = directionFirst ? stored % lattice.Volume : stored / ForeignOrder.Dimensions, direction = directionFirst ? stored / lattice.Volume : stored % ForeignOrder.Dimensions;
            int target = lattice.Link(site, ForeignOrder.Direction(direction)) * length, from = stored * length * real.Bytes;
            for (int part = 0; part < length; part++)
                links[target + part] = real.Get(bytes.AsSpan(from + (part * real.Bytes)));
        }

        return new(lattice, n, links);
    }
}
