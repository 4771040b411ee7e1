using System.Text;

namespace LatticeFlow.Storage;

/// <summary>
/// Where the manifest of a writer ends: its length and its last line. Before every line that is added both are compared with the file, so that a manifest that was removed, replaced or continued by somebody
/// else is noticed at once and nothing is added to it. Throws <see cref="StorageException"/>.
/// </summary>
internal sealed class ManifestEnd
{
    private readonly string path;
    private long length;
    private byte[] last;

    /// <summary>The end of a manifest of whole lines that lists <paramref name="entries"/>.</summary>
    public ManifestEnd(string folder, IReadOnlyList<ManifestEntry> entries)
    {
        path = Manifest.PathIn(folder);
        AtomicFile.Detach(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        length = stream.Length;
        last = new byte[entries.Count == 0 ? 0 : Math.Min(length, Encoding.UTF8.GetByteCount(Manifest.Render(entries[^1])))];
        stream.Seek(-last.Length, SeekOrigin.End);
        stream.ReadExactly(last);
    }

    /// <summary>Throws when the manifest is not the one that this writer knows.</summary>
    public void Check()
    {
        using var stream = Open();
    }

    /// <summary>Adds a line and flushes it to the disk.</summary>
    public void Append(ManifestEntry entry)
    {
        byte[] line = Encoding.UTF8.GetBytes(Manifest.Render(entry));
        using var stream = Open();
        stream.Seek(0, SeekOrigin.End);
        stream.Write(line);
        stream.Flush(flushToDisk: true);
        (length, last) = (length + line.Length, line);
    }

    private FileStream Open()
    {
        AtomicFile.RefuseLink(path);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StorageException(path, "was removed while the run was writing", "Put it back: its segments are there; nothing more was stored", StorageException.Corrupt, cause);
        }

        try
        {
            var end = new byte[last.Length];
            bool same = stream.Length == length;
            if (same)
            {
                stream.Seek(-last.Length, SeekOrigin.End);
                stream.ReadExactly(end);
            }

            if (!same || !end.AsSpan().SequenceEqual(last))
                throw new StorageException(path, $"was changed by somebody else: it has {stream.Length} bytes where this run wrote {length}", "Let one process at a time work in a run, then resume", StorageException.Unusable);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
