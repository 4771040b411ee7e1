using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The configurations in files given by a user. Of a pipe, which can be read once only, the content is kept in the staging directory first.</summary>
internal static class ImportSources
{
    public static IReadOnlyList<ChainSource> Find(IReadOnlyList<string> files, ImportSettings settings, StagingDirectory staging, CancellationToken stop)
    {
        var sources = new List<ChainSource>();
        for (int at = 0; at < files.Count; at++)
        {
            stop.ThrowIfCancellationRequested();
            string name = files[at], path = Seekable(name, staging.At($"pipe-{at}"), stop);
            var format = settings.Format ?? Detected(path, name);
            var entries = Said(format, path, name, settings);
            for (int entry = 0; entry < entries.Count; entry++)
                sources.Add(new(path, name, path == name, format, entry, entries.Count, entries[entry]));
        }

        return sources;
    }

    /// <summary>Runs a reading function; complaints about a kept copy are made about the file of the user.</summary>
    public static T Named<T>(string path, string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StorageException fault) when (path != name && fault.File == path)
        {
            throw new StorageException(name, fault.What, fault.Remedy, fault.ExitCode, fault);
        }
    }

    private static IGaugeFileFormat Detected(string path, string name) => Named(path, name, () => GaugeFileFormats.Detect(path));

    private static IReadOnlyList<GaugeFileEntry> Said(IGaugeFileFormat format, string path, string name, ImportSettings settings)
    {
        var entries = Named(path, name, () => format.Entries(path, settings.Reading));
        return entries.Count > 0 ? entries : throw new StorageException(name, "holds no gauge configuration", "Leave it out");
    }

    private static string Seekable(string name, string copy, CancellationToken stop)
    {
        try
        {
            using var stream = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.CanSeek)
                return name;
            using var target = new FileStream(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            var buffer = new byte[1 << 16];
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                stop.ThrowIfCancellationRequested();
                Write(target, buffer.AsSpan(0, count), name);
            }

            return target.Length > 0 ? copy : throw new StorageException(name, "is a pipe that gave nothing", "See whether the program at its other end failed");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(name, cause);
        }
    }

    private static void Write(FileStream target, ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            target.Write(bytes);
        }
        catch (IOException cause)
        {
            throw new StorageException(name, $"is a pipe, and its content cannot be kept beside the target ({cause.Message.TrimEnd('.')})", "Make room, or write it to a file", StorageException.Unusable, cause);
        }
    }
}
