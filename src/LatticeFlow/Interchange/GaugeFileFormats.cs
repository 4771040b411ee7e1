using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The formats of this build.</summary>
public static class GaugeFileFormats
{
    public static IReadOnlyList<IGaugeFileFormat> All { get; } =
    [
        new NerscFile(),
        new IldgFile(),
    ];

    /// <summary>The format of this name, or null.</summary>
    public static IGaugeFileFormat? ByName(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>The format of a file by its first bytes. Throws <see cref="StorageException"/> when it cannot be read or none fits.</summary>
    public static IGaugeFileFormat Detect(string path)
    {
        using var stream = Open(path);
        foreach (var format in All)
        {
            stream.Position = 0;
            if (format.Recognises(stream))
                return format;
        }

        throw new StorageException(path, "is in no known gauge file format", $"Known are {string.Join(", ", All.Select(format => format.Name))}; the first bytes may be damaged");
    }

    internal static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    /// <summary>Writes a new file atomically.</summary>
    internal static void Create(string path, Action<FileStream> produce)
    {
        if (File.Exists(path))
            throw new StorageException(path, "exists already", "Choose another name", StorageException.Unusable);
        AtomicFile.Write(path, produce);
    }
}
