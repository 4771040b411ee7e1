using LatticeFlow.Compute;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Arrays of NumPy (<c>.npy</c>) with links of U(1) in two dimensions, as codes of flow papers keep them (M. Albergo et al., arXiv:2101.08176): <c>[configuration, μ, x_0, x_1]</c> or
/// <c>[μ, x_0, x_1]</c>, also with μ last, of angles (float) or phases (complex). μ is the axis of length 2; U_μ(x) goes from x along axis μ of the array. Read only. Such a file states neither
/// checksum nor plaquette. Angles of any size are taken modulo 2π.
/// </summary>
public sealed class NumpyFile : IGaugeFileFormat
{
    private const int Dimensions = 2;

    /// <summary>Of |phase| from 1: float rounds by 6e-8.</summary>
    private const double PhaseTolerance = 1e-3;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public string Name => "npy";

    public string Extension => ".npy";

    public bool IsWritten => false;

    public bool Recognises(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var start = new byte[Magic.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && Magic.SequenceEqual(start);
    }

    public IReadOnlyList<GaugeFileEntry> Entries(string path, GaugeReadSettings? settings = null)
        => GaugeFileFormats.Opened(path, stream => Enumerable.Repeat(new GaugeFileEntry(null, null), checked((int)Layout.Of(path, stream, settings ?? new()).Count)).ToArray());

    public GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0) => GaugeFileFormats.Opened(path, stream => Read(path, stream, settings ?? new(), entry));

    private static GaugeFile Read(string path, FileStream stream, GaugeReadSettings settings, int entry)
    {
        var layout = Layout.Of(path, stream, settings);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entry, layout.Count);
        var (header, lattice) = (layout.Header, new LatticeGeometry(layout.Extents));
        var bytes = new byte[layout.BytesPerConfiguration];
        stream.Position = header.Length + (entry * layout.BytesPerConfiguration);
        stream.ReadExactly(bytes);
        var angles = new double[lattice.Links];
        for (int link = 0; link < angles.Length; link++)
        {
            int site = link / Dimensions, mu = link % Dimensions, at = (layout.DirectionFirst ? (mu * lattice.Volume) + site : link) * header.ElementBytes;
            double re = header.Real.Get(bytes.AsSpan(at)), angle = header.IsComplex ? Angle(re, header.Real.Get(bytes.AsSpan(at + header.Real.Bytes))) : Reduced(re);
            if (!double.IsFinite(angle))
                throw new StorageException(path, "has a link that is not finite, or a phase whose modulus is not 1", "The file is damaged, or holds something else than angles or phases");
            angles[link] = angle;
        }

        var configuration = new GaugeConfiguration(lattice, 1, angles);
        double plaquette = GaugeMeasurement.MeanPlaquette(configuration);
        List<string> warnings = ["states neither checksum nor plaquette: only its length could be checked"];
        if (layout.IsAmbiguous)
            warnings.Add($"has the shape ({string.Join(", ", header.Shape)}), in which several axes could be that of the directions: [..., mu, x_0, x_1] is taken");
        return new(configuration, header.Real.IsDouble ? Precision.Double : Precision.Single, plaquette, GaugeMeasurement.LinkTrace(configuration), new Dictionary<string, string> { ["shape"] = string.Join(", ", header.Shape) }, warnings);
    }

    private static double Angle(double re, double im) => Math.Abs(Math.Sqrt((re * re) + (im * im)) - 1) <= PhaseTolerance ? Reduced(Math.Atan2(im, re)) : double.NaN;

    /// <summary>To (−pi, pi], to the bit where it is there already.</summary>
    private static double Reduced(double angle)
    {
        if (angle is > -Math.PI and <= Math.PI)
            return angle;
        double reduced = Math.IEEERemainder(angle, 2 * Math.PI);
        return reduced <= -Math.PI ? Math.PI : reduced;
    }

    /// <summary>Where the numbers of a configuration stand.</summary>
    private sealed record Layout(NumpyHeader Header, long Count, int[] Extents, bool DirectionFirst, bool IsAmbiguous)
    {
        public long BytesPerConfiguration => (long)Dimensions * Extents[0] * Extents[1] * Header.ElementBytes;

        public static Layout Of(string path, FileStream stream, GaugeReadSettings settings)
        {
            const int LargestExtent = 1 << 14, LargestCount = 1 << 20;
            var header = NumpyHeader.Read(path, stream);
            long[] shape = [.. header.Shape], last = shape.Length is 3 or 4 ? shape[^3..] : [];
            bool first = last is [Dimensions, _, _], final = last is [_, _, Dimensions];
            if (!first && !final)
                throw new StorageException(path, $"has the shape ({string.Join(", ", shape)})", "Read are U(1) links in two dimensions of the shapes [n, 2, L_0, L_1], [2, L_0, L_1], [n, L_0, L_1, 2] and [L_0, L_1, 2]", StorageException.Unusable);
            long count = shape.Length == 4 ? shape[0] : 1;
            long[] extents = first ? last[1..] : last[..2];
            if (extents.Any(extent => extent is < 1 or > LargestExtent) || count is < 1 or > LargestCount)
                throw new StorageException(path, $"has the shape ({string.Join(", ", shape)})", $"1 to {LargestExtent} sites in each direction and 1 to {LargestCount} configurations are read: restore the file from a copy");
            var needed = (UInt128)count * Dimensions * (UInt128)extents[0] * (UInt128)extents[1] * (UInt128)header.ElementBytes;
            if (needed != (UInt128)(stream.Length - header.Length))
                throw new StorageException(path, $"has {stream.Length - header.Length} bytes of numbers where its shape ({string.Join(", ", shape)}) takes {needed}: truncated or extended", "Restore the file from a copy");
            GaugeFileFormats.RequireAsAsked(path, settings, 1, [.. extents.Reverse()]);
            return new(header, count, [.. extents.Select(extent => (int)extent)], first, first && final);
        }
    }
}
