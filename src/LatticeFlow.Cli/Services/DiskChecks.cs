using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Checks of <c>doctor</c>: the file system of the runs, and whether files are written, renamed and locked there as a run needs it.</summary>
public static class DiskChecks
{
    private const double SmallDisk = 5e9, SmallestDisk = 1e8, SlowSeconds = 1;

    private static readonly string[] _network = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "lustre", "gpfs", "beegfs", "ceph", "fuse.ceph"];

    public static IEnumerable<MachineCheck> All(string directory, string root = "/")
    {
        var system = FileSystem.Of(directory, root);
        yield return OfKind(system);
        yield return Space(system);
        yield return Files(system.Directory);
    }

    private static MachineCheck OfKind(FileSystem system)
    {
        var text = $"{system.Directory}: {(system.Type.Length > 0 ? system.Type : "of unknown kind")}";
        if (system.IsReadOnly) return MachineCheck.Fail("file system", $"{text}, read-only", "choose another --run-dir");
        if (system.Type is "tmpfs" or "ramfs") return MachineCheck.Warn("file system", $"{text}, which is memory", "runs are lost when the machine restarts, and take from the memory: choose another --run-dir");
        if (system.Type == "overlay") return MachineCheck.Warn("file system", $"{text}, of a container", "runs may be lost with the container: choose a --run-dir that is mounted from outside");
        if (_network.Contains(system.Type)) return MachineCheck.Warn("file system", $"{text}, a network", "locks may not hold between hosts: start no run twice; checkpoints take longer");
        return MachineCheck.Ok("file system", text);
    }

    private static MachineCheck Space(FileSystem system)
    {
        if (double.IsInfinity(system.Free)) return MachineCheck.Warn("disk", "it is not known how much is free", "runs that do not fit cannot be refused beforehand");
        var text = string.Create(CultureInfo.InvariantCulture, $"{system.Free / 1e9:G3} GB free");
        return system.Free < SmallestDisk ? MachineCheck.Fail("disk", text, "free some, or choose another --run-dir")
            : system.Free < SmallDisk ? MachineCheck.Warn("disk", text, "enough for small runs only")
            : MachineCheck.Ok("disk", text);
    }

    /// <summary>Writes, renames over what is there, reads back and locks, in a folder of its own that is removed again.</summary>
    private static MachineCheck Files(string directory)
    {
        var folder = Path.Join(directory, $".latticeflow-doctor-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Join(folder, "file");
            var clock = Stopwatch.StartNew();
            AtomicFile.WriteText(path, "before");
            AtomicFile.WriteText(path, "after");
            var seconds = clock.Elapsed.TotalSeconds / 2;
            if (File.ReadAllText(path) != "after") return MachineCheck.Fail("files", $"{directory}: a renamed file reads as it was before", "choose another --run-dir: checkpoints would be lost");
            if (!Locks(folder)) return MachineCheck.Warn("files", $"{directory}: a lock is granted twice", "start no run twice at the same time");
            var text = string.Create(CultureInfo.InvariantCulture, $"written, renamed and locked in {directory}, {1000 * seconds:G2} ms to the disk");
            return seconds > SlowSeconds ? MachineCheck.Warn("files", text, "checkpoints are slow: raise run.checkpoint_seconds") : MachineCheck.Ok("files", text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StorageException)
        {
            return MachineCheck.Fail("files", $"{directory} cannot be written: {exception.Message.TrimEnd('.')}", "choose another --run-dir, or ask for the right to write there");
        }
        finally
        {
            Remove(folder);
        }
    }

    private static bool Locks(string folder)
    {
        using var first = DirectoryLock.Acquire(folder);
        try
        {
            using var second = DirectoryLock.Acquire(folder);
            return false;
        }
        catch (StorageException)
        {
            return true;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left is empty and named after its maker.
        }
    }
}
