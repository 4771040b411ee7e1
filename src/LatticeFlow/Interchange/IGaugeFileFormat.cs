using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// A file format of other codes that holds configurations. To add one, implement this and add a line to <see cref="GaugeFileFormats"/>.
/// Whatever is wrong with a file comes out as <see cref="StorageException"/>: exit code 4 when it is damaged or not understood, 2 when the place or the request cannot be used.
/// </summary>
public interface IGaugeFileFormat
{
    /// <summary>As the user writes it, in lower case.</summary>
    string Name { get; }

    /// <summary>Ending of file names, with its point.</summary>
    string Extension { get; }

    /// <summary>Whether <see cref="Write"/> is built.</summary>
    bool IsWritten => true;

    /// <summary>Whether a file with this content, of which the stream stands at the beginning and knows the length, has this format.</summary>
    bool Recognises(Stream stream);

    /// <summary>What the file says about each configuration that it holds, without reading links: one, of which nothing is known, unless a format knows more.</summary>
    IReadOnlyList<GaugeFileEntry> Entries(string path, GaugeReadSettings? settings = null) => [new(null, null)];

    /// <summary>Reads and verifies one of the configurations of the file: everything the file states about itself is compared with its links.</summary>
    GaugeFile Read(string path, GaugeReadSettings? settings = null, int entry = 0);

    /// <summary>Writes a new file atomically; an existing one is refused.</summary>
    void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null)
        => throw new StorageException(path, $"{Name} files can be read and not written", "Choose another format", StorageException.Unusable);
}

/// <summary>What a file says about the place of a configuration.</summary>
/// <param name="Label">Of the ensemble or chain, or null.</param>
/// <param name="Number">In its chain, not negative, or null.</param>
public sealed record GaugeFileEntry(string? Label, long? Number);

/// <summary>What a file does not say itself.</summary>
public sealed record GaugeReadSettings
{
    /// <summary>L_x, L_y, L_z, L_t of a file that does not state them; compared with the file's own where it does.</summary>
    public IReadOnlyList<int>? Extents { get; init; }

    /// <summary>N of SU(N), of a file that does not state it; compared with the file's own where it does.</summary>
    public int? N { get; init; }
}

/// <summary>How a file is written and what its descriptive fields say.</summary>
public sealed record GaugeWriteSettings
{
    /// <summary>Null: double, or what the format holds.</summary>
    public Precision? Precision { get; init; }

    /// <summary>NERSC, SU(3): keep two rows of each matrix.</summary>
    public bool TwoRows { get; init; }

    /// <summary>NERSC and MILC: little-endian numbers instead of the usual big-endian ones.</summary>
    public bool LittleEndian { get; init; }

    public string EnsembleId { get; init; } = "LatticeFlow";

    public string EnsembleLabel { get; init; } = "LatticeFlow";

    public long SequenceNumber { get; init; }

    public DateTime Created { get; init; } = DateTime.UtcNow;
}

/// <summary>A configuration that was read, and what its file said.</summary>
/// <param name="Configuration">Links as stored, to the bit in double; nothing is re-unitarised.</param>
/// <param name="Precision">Of the numbers in the file.</param>
/// <param name="Plaquette">Recomputed mean plaquette.</param>
/// <param name="LinkTrace">Recomputed mean link trace.</param>
/// <param name="Properties">The descriptive fields of the file by name, as written.</param>
/// <param name="Warnings">What could not be verified, a sentence each without its full stop.</param>
public sealed record GaugeFile(
    GaugeConfiguration Configuration, Precision Precision, double Plaquette, double LinkTrace, IReadOnlyDictionary<string, string> Properties, IReadOnlyList<string> Warnings);
