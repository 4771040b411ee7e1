using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>A checksum over the bytes of a payload as stored, given whole sites in order.</summary>
internal interface IPayloadChecksum
{
    void Add(ReadOnlySpan<byte> sites, int bytesPerSite);
}

/// <summary>The links of all sites to and from a stream, some sites at a time.</summary>
internal static class LinkPayload
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Reads V sites from where the stream stands. The caller has checked that the file is long enough, which bounds what is allocated.</summary>
    public static GaugeConfiguration Read(Stream stream, LatticeGeometry lattice, int n, SiteCodec codec, IPayloadChecksum? checksum)
    {
        var links = new double[checked(lattice.Volume * codec.NumbersPerSite)];
        foreach (var (first, buffer) in Pieces(lattice, codec))
        {
            stream.ReadExactly(buffer.Span);
            checksum?.Add(buffer.Span, codec.BytesPerSite);
            for (int site = 0; site < buffer.Length / codec.BytesPerSite; site++)
                codec.Decode(buffer.Span[(site * codec.BytesPerSite)..], links.AsSpan((first + site) * codec.NumbersPerSite, codec.NumbersPerSite));
        }

        return new(lattice, n, links);
    }

    public static void Write(Stream stream, GaugeConfiguration configuration, SiteCodec codec, IPayloadChecksum checksum)
    {
        foreach (var (first, buffer) in Pieces(configuration.Lattice, codec))
        {
            for (int site = 0; site < buffer.Length / codec.BytesPerSite; site++)
                codec.Encode(configuration.Links.AsSpan((first + site) * codec.NumbersPerSite, codec.NumbersPerSite), buffer.Span[(site * codec.BytesPerSite)..]);
            checksum.Add(buffer.Span, codec.BytesPerSite);
            stream.Write(buffer.Span);
        }
    }

    /// <summary>Throws <see cref="StorageException"/> when the links are not in SU(N): damaged where no checksum protects them, or carrying phases.</summary>
    public static void RequireGroup(string path, GaugeConfiguration configuration)
    {
        // Single precision rounds entries by 6e-8; two-row files written from links that drifted off the group are worse, but not by this much.
        const double Tolerance = 1e-3;
        var (unitarity, determinant) = GaugeMeasurement.LargestDefects(configuration);
        if (!(unitarity <= Tolerance))
        {
            throw new StorageException(
                path, FormattableString.Invariant($"has a link that is not unitary (largest |U U+ - 1| = {unitarity:G3})"),
                "The file is damaged, smeared without projection, or of another precision or byte order than it says");
        }

        if (!(determinant <= Tolerance))
        {
            throw new StorageException(
                path, FormattableString.Invariant($"has a link with determinant other than 1 (largest |det U - 1| = {determinant:G3})"),
                "Write it without staggered phases and without antiperiodic boundaries in the links");
        }
    }

    private static IEnumerable<(int First, Memory<byte> Buffer)> Pieces(LatticeGeometry lattice, SiteCodec codec)
    {
        int sites = Math.Min(lattice.Volume, Math.Max(1, BufferBytes / codec.BytesPerSite));
        var buffer = new byte[sites * codec.BytesPerSite];
        for (int first = 0; first < lattice.Volume; first += sites)
            yield return (first, buffer.AsMemory(0, Math.Min(sites, lattice.Volume - first) * codec.BytesPerSite));
    }
}
