using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The formats of this build, in the order in which a file is tried: those with a magic number first.</summary>
public static class GaugeFileFormats
{
    public static IReadOnlyList<IGaugeFileFormat> All { get; } =
    [
        new NerscFile(),
        new IldgFile(),
        new MilcFile(),
        new NumpyFile(),
        new Hdf5GaugeFile(),
        new OpenQcdFile(),
        new HiRepFile(),
    ];

    /// <summary>The format of this name, or null.</summary>
    public static IGaugeFileFormat? ByName(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>The format of a file by its content. Throws <see cref="StorageException"/> when it cannot be read or none fits.</summary>
    public static IGaugeFileFormat Detect(string path)
    {
        var found = Opened(path, stream => All.FirstOrDefault(format =>
        {
            stream.Position = 0;
            return format.Recognises(stream);
        }));
        return found ?? throw new StorageException(path, "is in no known gauge file format", $"Known are {string.Join(", ", All.Select(format => format.Name))}; the first bytes may be damaged, or the file is of another length than they say");
    }

    /// <summary>Reads from a file; failures of the operating system come out as StorageException.</summary>
    internal static T Opened<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = Open(path);
            return read(stream);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    /// <summary>Compares what a file states with what the user asked for, exit code 2.</summary>
    internal static void RequireAsAsked(string path, GaugeReadSettings settings, int n, IReadOnlyList<long> extents)
    {
        if (settings.Extents is { } given && !extents.SequenceEqual(given.Select(extent => (long)extent)))
            throw new StorageException(path, $"is {string.Join("x", extents)}, not {string.Join("x", given)} as asked for", "Leave the extents out: the file states them", StorageException.Unusable);
        if (settings.N is { } group && group != n)
            throw new StorageException(path, $"is of {(n == 1 ? "U(1)" : $"SU({n})")}, not of {(group == 1 ? "U(1)" : $"SU({group})")} as asked for", "Leave the group out: the file states it", StorageException.Unusable);
    }

    internal static FileStream Open(string path)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.CanSeek)
                return stream;
            stream.Dispose();
            throw new StorageException(path, "is a pipe, of which the links cannot be read twice", "Write it to a file first, or use import, which keeps a copy", StorageException.Unusable);
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
