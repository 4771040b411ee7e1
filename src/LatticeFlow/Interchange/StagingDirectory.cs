using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// A new directory beside a target, in which something is made that then appears whole by one rename. Each has a name of its own, so that several may work for one target; it is held by a lock that ends
/// with its process, and what processes left behind that are gone is removed by the next one.
/// </summary>
public sealed class StagingDirectory : IDisposable
{
    private const string LockName = "lock";
    private const int Tries = 20;
    private readonly DirectoryLock guard;

    private StagingDirectory(string path, DirectoryLock guard)
    {
        Path = path;
        this.guard = guard;
    }

    public string Path { get; }

    /// <summary>A path inside; nothing is there yet.</summary>
    public string At(string name) => System.IO.Path.Join(Path, name);

    /// <exception cref="StorageException">The parent of the target cannot be written (exit code 2).</exception>
    public static StagingDirectory For(string target)
    {
        string parent = ParentOf(target), prefix = $".{System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(target))}.staging-";
        try
        {
            AtomicFile.CreateDirectory(parent);
            foreach (string abandoned in Directory.GetDirectories(parent).Where(path => System.IO.Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal)))
                RemoveAbandoned(abandoned);
            for (int attempt = 1; ; attempt++)
            {
                string path = System.IO.Path.Join(parent, prefix + Guid.NewGuid().ToString("N")[..12]);
                Directory.CreateDirectory(path);
                try
                {
                    return new(path, DirectoryLock.Acquire(path, LockName));
                }
                catch (StorageException) when (attempt < Tries)
                {
                    // Another process took the new directory for an abandoned one before it was locked.
                    Remove(path);
                }
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileWriting(target, cause);
        }
    }

    /// <summary>Refuses a target that is there, unless it is an empty directory (exit code 2).</summary>
    public static void RequireFree(string target)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new StorageException(target, "exists already", "Choose another name", StorageException.Unusable);
    }

    /// <summary>Gives a directory that was made inside the name of the target.</summary>
    public static void Publish(string made, string target)
    {
        RequireFree(target);
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(made, target);
        AtomicFile.FlushDirectory(ParentOf(target));
    }

    /// <summary>The directory in which a path lies.</summary>
    public static string ParentOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(System.IO.Path.TrimEndingDirectorySeparator(path))) ?? "/";

    public void Dispose()
    {
        Remove(Path);
        guard.Dispose();
    }

    private static void RemoveAbandoned(string path)
    {
        try
        {
            using var guard = DirectoryLock.Acquire(path, LockName);
            Remove(path);
        }
        catch (StorageException)
        {
            // It is in use, or belongs to somebody else.
        }
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // Left for the next one; it blocks nobody.
        }
    }
}
