using System.Runtime.InteropServices;
using System.Text;

namespace LatticeFlow.Storage;

/// <summary>
/// Writes a whole file so that after a crash either the old or the new content is there, never a mixture: write <c>.name.tmp</c>, flush it to the disk,
/// rename it over the target, flush the directory. Throws <see cref="StorageException"/>.
/// </summary>
public static partial class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = TemporaryPath(path);
        try
        {
            using (var stream = CreateAnew(temporary))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            Publish(temporary, path);
        }
        catch (Exception cause)
        {
            Discard(temporary);
            throw StorageException.WhileWriting(path, cause, File.Exists(path));
        }
    }

    /// <summary>
    /// As above, for content that is produced by writing to (and possibly seeking in) a stream. With <paramref name="keepAs"/> the file that was there before is kept under that name, one generation; between
    /// the two renames only that one is there.
    /// </summary>
    public static void Write(string path, Action<FileStream> produce, string? keepAs = null)
    {
        ArgumentNullException.ThrowIfNull(produce);
        string temporary = TemporaryPath(path);
        try
        {
            using (var stream = CreateAnew(temporary))
            {
                produce(stream);
                stream.Flush(flushToDisk: true);
            }

            if (keepAs is not null && File.Exists(path))
                File.Move(path, keepAs, overwrite: true);
            Publish(temporary, path);
        }
        catch (Exception cause)
        {
            Discard(temporary);
            throw StorageException.WhileWriting(path, cause, File.Exists(path));
        }
    }

    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Flushes a directory's entries to the disk, so that a rename inside it survives a power cut. Does nothing on Windows, which has no such call.</summary>
    public static void FlushDirectory(string directory)
    {
        const int ReadOnly = 0, InvalidArgument = 22, NotSupported = 95;
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = OpenNative(directory, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"directory cannot be opened (errno {Marshal.GetLastPInvokeError()})");
        int result = FlushNative(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = CloseNative(descriptor);

        // Some network file systems have no fsync for directories and say so; every other failure is a real one.
        if (result != 0 && error is not (InvalidArgument or NotSupported))
            throw new IOException($"directory cannot be flushed (errno {error})");
    }

    /// <summary>Creates a directory and its missing parents durably: the entry of each new one is flushed in its parent.</summary>
    public static void CreateDirectory(string path)
    {
        var missing = new Stack<string>();
        for (string current = Path.GetFullPath(path); !Directory.Exists(current); current = DirectoryOf(current))
            missing.Push(current);
        Directory.CreateDirectory(path);
        while (missing.TryPop(out string? created))
            FlushDirectory(DirectoryOf(created));
    }

    /// <summary>
    /// Gives a file that is written in place an own copy of its content, so that what is linked to it (a backup by hard links) stays as it is. On a full disk it is left as it is.
    /// </summary>
    internal static void Detach(string path)
    {
        if (!File.Exists(path))
            return;
        RefuseLink(path);
        try
        {
            Write(path, target =>
            {
                using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                source.CopyTo(target);
            });
        }
        catch (StorageException full) when (full.ExitCode == StorageException.StoppedAfterCheckpoint)
        {
            // The content is the same either way.
        }
    }

    /// <summary>Throws StorageException (exit code 2) where a file that is to be written is a symbolic link: whoever made the directory would choose what is written to.</summary>
    internal static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is string target)
            throw new StorageException(path, $"is a symbolic link (to {target}) and is not written through", "Remove it, or put the file in its place", StorageException.Unusable);
    }

    /// <summary>A file that did not exist: what lies in its place, a link as well, is removed first.</summary>
    internal static FileStream CreateAnew(string path)
    {
        File.Delete(path);
        return new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    internal static string TemporaryPath(string path) => Path.Combine(DirectoryOf(path), "." + Path.GetFileName(path) + ".tmp");

    internal static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    internal static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A left-over .tmp is harmless: the next writer replaces it.
        }
    }

    private static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        FlushDirectory(DirectoryOf(path));
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseNative(int descriptor);
}
