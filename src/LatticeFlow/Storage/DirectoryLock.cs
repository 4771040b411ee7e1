using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LatticeFlow.Storage;

/// <summary>
/// Exclusive use of a directory by one process (and one object in it): a lock file held open with <see cref="FileShare.None"/>, which the operating system releases
/// when the process ends, however it ends. The file names its holder: process, host, start and a random token. Where a file system grants the lock to everybody, the name is the second line of defence: a
/// name of another host is never taken over, because its processes cannot be seen from here, one left behind on this host by a process that is gone is, and a holder whose name was replaced finds out with
/// <see cref="RequireHeld"/>. Throws <see cref="StorageException"/> with exit code 2 when the directory is in use.
/// </summary>
public sealed partial class DirectoryLock : IDisposable
{
    private readonly string directory;
    private readonly string path;
    private readonly string name;
    private readonly FileStream stream;

    private DirectoryLock(string directory, string path, string name, FileStream stream, string? staleHolder)
    {
        this.directory = directory;
        this.path = path;
        this.name = name;
        this.stream = stream;
        StaleHolder = staleHolder;
    }

    /// <summary>Who held the lock before without releasing it (a crash), or null.</summary>
    public string? StaleHolder { get; }

    /// <summary>Takes the lock; <paramref name="guarded"/> says that another lock, which refuses other hosts, is held already.</summary>
    public static DirectoryLock Acquire(string directory, string fileName = "run.lock", bool guarded = false)
    {
        string path = Path.Combine(directory, fileName);
        AtomicFile.RefuseLink(path);
        FileStream stream;
        try
        {
            // Without a buffer: on a full disk closing it must not fail once more.
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException cause) when (IsSharingViolation(cause))
        {
            throw InUse(directory, ReadUnlocked(path));
        }
        catch (Exception cause)
        {
            throw StorageException.WhileWriting(path, cause);
        }

        try
        {
            string previous = new StreamReader(stream, Encoding.UTF8, leaveOpen: true).ReadToEnd().Trim();

            // Where the file system grants the lock to everybody (some network mounts), the name is the second line of defence.
            if (IsAliveHere(previous))
                throw InUse(directory, previous);
            if (!guarded && IsElsewhere(previous))
            {
                throw new StorageException(
                    directory, $"is held by {previous}, which cannot be seen from here ({Environment.MachineName})",
                    $"If that process has ended there (a job that was killed or requeued), remove {path} and run again", StorageException.Unusable);
            }

            string name = $"{Describe(Environment.ProcessId)} token {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(name));
            stream.Flush(flushToDisk: true);
            return new(directory, path, name, stream, previous.Length == 0 ? null : previous);
        }
        catch (Exception cause)
        {
            stream.Dispose();
            throw StorageException.WhileWriting(path, cause);
        }
    }

    /// <summary>Who works in a directory, as its lock file says; null where nobody does. Nothing is held. A process of another host cannot be seen from here: its name is taken at its word.</summary>
    public static string? HolderOf(string directory, string fileName = "run.lock")
    {
        string path = Path.Combine(directory, fileName);
        string name = File.Exists(path) ? ReadUnlocked(path).Trim() : "";
        if (name.Length == 0 || !(IsAliveHere(name) || IsElsewhere(name) || name.StartsWith(Describe(Environment.ProcessId) + " ", StringComparison.Ordinal)))
            return null;
        int token = name.IndexOf(" token ", StringComparison.Ordinal);
        return token < 0 ? name : name[..token];
    }

    /// <summary>Throws StorageException (exit code 2) when the lock file was removed or names somebody else: another process has taken the directory over.</summary>
    public void RequireHeld()
    {
        if (OperatingSystem.IsWindows())
            return;
        string now = ReadUnlocked(path);
        if (now != name)
        {
            throw new StorageException(
                directory, $"was taken over by {(now.Length == 0 ? "somebody who removed its lock" : now)} while this process worked in it",
                "Let one process at a time work in a run; what was stored before is complete", StorageException.Unusable);
        }
    }

    public void Dispose()
    {
        // The file stays: deleting it would let a third process lock a new file while a second one waits on the old.
        if (!stream.CanWrite)
            return;
        if (OperatingSystem.IsWindows() || ReadUnlocked(path) == name)
            stream.SetLength(0);
        stream.Dispose();
    }

    private static string Describe(int process)
    {
        using var handle = Process.GetProcessById(process);
        return string.Create(CultureInfo.InvariantCulture, $"process {process} on {Environment.MachineName} since {handle.StartTime.ToUniversalTime():yyyy-MM-ddTHH:mm:ss}Z");
    }

    private static bool IsElsewhere(string holder) => holder.Split(' ') is { Length: >= 4 } words && words[3] != Environment.MachineName;

    private static bool IsAliveHere(string holder)
    {
        string[] words = holder.Split(' ');
        if (words.Length < 4 || words[3] != Environment.MachineName || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            return false;
        try
        {
            // The start time tells a holder from a later process with the same number. One's own name is left when a lock was not released in order.
            return process != Environment.ProcessId && (holder + " ").StartsWith(Describe(process) + " ", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    internal static bool IsSharingViolation(IOException cause)
    {
        const int WouldBlock = 11, WouldBlockMac = 35, SharingViolation = 32; // errno on Linux and macOS; Windows
        return (cause.HResult & 0xFFFF) is WouldBlock or WouldBlockMac or SharingViolation;
    }

    private static StorageException InUse(string directory, string holder)
        => new(directory, $"is in use by {(holder.Length == 0 ? "another process" : holder)}", "Wait until it is done, stop it, or choose another --run-dir", StorageException.Unusable);

    /// <summary>Reads the holder's name past the lock, which .NET's own streams respect; empty where that is not possible.</summary>
    private static string ReadUnlocked(string path)
    {
        if (OperatingSystem.IsWindows())
            return "";
        int descriptor = OpenNative(path, 0);
        if (descriptor < 0)
            return "";
        var buffer = new byte[256];
        nint length = ReadNative(descriptor, buffer, buffer.Length);
        _ = CloseNative(descriptor);
        return length > 0 ? Encoding.UTF8.GetString(buffer, 0, (int)length) : "";
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadNative(int descriptor, [Out] byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int descriptor);
}
