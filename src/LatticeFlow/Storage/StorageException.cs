using System.Runtime.ExceptionServices;

namespace LatticeFlow.Storage;

/// <summary>
/// The one exception of this namespace: which file, what is wrong with it, what to do, and the exit code of the command that meets it.
/// Exit codes: 2 the place cannot be used (read-only, missing, in use, another configuration), 4 the data are corrupt or unreadable,
/// 75 the disk is full but a checkpoint exists, so that the run continues with <c>--resume</c> once there is room.
/// </summary>
public sealed class StorageException : Exception
{
    public const int Unusable = 2;
    public const int Corrupt = 4;
    public const int StoppedAfterCheckpoint = 75;

    public StorageException(string file, string what, string remedy, int exitCode = Corrupt, Exception? inner = null)
        : base($"{file}: {what}. {remedy}.", inner)
    {
        File = file;
        What = what;
        Remedy = remedy;
        ExitCode = exitCode;
    }

    /// <summary>Path of the file or directory at fault.</summary>
    public string File { get; }

    /// <summary>What is wrong, without the path.</summary>
    public string What { get; }

    /// <summary>What the user can do about it.</summary>
    public string Remedy { get; }

    /// <summary>2, 4 or 75; see the class.</summary>
    public int ExitCode { get; }

    /// <summary>Whether the disk or the quota is full.</summary>
    public bool IsDiskFull { get; private init; }

    /// <summary>The same full disk, in a directory where a checkpoint is.</summary>
    public StorageException AfterCheckpoint() => ExitCode == StoppedAfterCheckpoint ? this : Full(File, checkpointExists: true, this);

    /// <summary>
    /// Turns a failure of the operating system while writing into a StorageException: a full disk is 75 when a checkpoint exists and 2 when nothing
    /// has been saved yet; everything else (read-only, missing, no permission) is 2. The remedy is to choose another <paramref name="other"/>. Failures of another kind are errors in the program and are thrown on unchanged.
    /// </summary>
    public static StorageException WhileWriting(string file, Exception cause, bool checkpointExists = false, string other = "place")
    {
        if (cause is StorageException known)
            return known;
        var root = cause.GetBaseException(); // the HDF5 library wraps what its stream throws
        if (root is StorageException inner)
            return inner;
        if (root is not (IOException or UnauthorizedAccessException))
            ExceptionDispatchInfo.Throw(cause);
        if (MeansDiskFull(root))
            return Full(file, checkpointExists, cause, other);
        return new(file, $"cannot be written ({FirstLine(root.Message)})", $"Check that the directory exists and is writable, or choose another {other}", Unusable, cause);
    }

    /// <summary>Turns any failure while reading, of the operating system or of the HDF5 library, into a StorageException with exit code 4.</summary>
    public static StorageException WhileReading(string file, Exception cause) => cause switch
    {
        StorageException known => known,
        FileNotFoundException or DirectoryNotFoundException => new(file, "does not exist", "Check the path", Corrupt, cause),
        UnauthorizedAccessException => new(file, "may not be read", "Check its permissions", Corrupt, cause),
        _ => new(file, $"cannot be read ({cause.GetType().Name}: {FirstLine(cause.Message)})", "Restore the file from a copy, or run again", Corrupt, cause),
    };

    private static StorageException Full(string file, bool checkpointExists, Exception cause, string other = "place")
        => checkpointExists
            ? new(file, "the disk or quota is full; what was stored before is complete", "Make room and run again with --resume", StoppedAfterCheckpoint, cause) { IsDiskFull = true }
            : new(file, "the disk or quota is full before anything was stored", $"Make room or choose another {other}", Unusable, cause) { IsDiskFull = true };

    private static bool MeansDiskFull(Exception cause)
    {
        const int NoSpace = 28, QuotaExceeded = 122; // errno, Linux; .NET passes it on as HResult
        const int HandleDiskFull = 39, DiskFull = 112; // Windows
        if (cause is not IOException)
            return false;
        int code = cause.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code is HandleDiskFull or DiskFull : code is NoSpace or QuotaExceeded or DiskFull;
    }

    private static string FirstLine(string message)
    {
        int end = message.IndexOf('\n');
        return (end < 0 ? message : message[..end]).TrimEnd('.', '\r');
    }
}
