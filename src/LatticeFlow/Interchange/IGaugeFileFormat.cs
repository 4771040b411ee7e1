using LatticeFlow.Compute;

namespace LatticeFlow.Interchange;

/// <summary>
/// A file format of other codes that holds one configuration. To add one, implement this and add a line to <see cref="GaugeFileFormats"/>.
/// Whatever is wrong with a file comes out as <see cref="Storage.StorageException"/>: exit code 4 when it is damaged or not understood, 2 when the place or the request cannot be used.
/// </summary>
public interface IGaugeFileFormat
{
    /// <summary>As the user writes it, in lower case.</summary>
    string Name { get; }

    /// <summary>Ending of file names, with its point.</summary>
    string Extension { get; }

    /// <summary>Whether a file that begins like this stream, which stands at its beginning, has this format.</summary>
    bool Recognises(Stream stream);

    /// <summary>Reads and verifies: everything the file states about itself is compared with its links.</summary>
    GaugeFile Read(string path, GaugeReadSettings? settings = null);

    /// <summary>Writes a new file atomically; an existing one is refused.</summary>
    void Write(string path, GaugeConfiguration configuration, GaugeWriteSettings? settings = null);
}

/// <summary>What a file does not say itself.</summary>
public sealed record GaugeReadSettings
{
    /// <summary>L_x, L_y, L_z, L_t of a file that does not state them; compared with the file's own where it does.</summary>
    public IReadOnlyList<int>? Extents { get; init; }
}

/// <summary>How a file is written and what its descriptive fields say.</summary>
public sealed record GaugeWriteSettings
{
    public Precision Precision { get; init; } = Precision.Double;

    /// <summary>NERSC, SU(3): keep two rows of each matrix.</summary>
    public bool TwoRows { get; init; }

    /// <summary>NERSC: little-endian numbers instead of the archive's usual big-endian ones.</summary>
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
