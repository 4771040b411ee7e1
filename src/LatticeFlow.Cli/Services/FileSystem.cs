namespace LatticeFlow.Cli.Services;

/// <summary>The file system that a path is on, or would be: of the nearest directory that is there.</summary>
/// <param name="Directory">That directory.</param>
/// <param name="Type">As the kernel calls it, such as ext4, tmpfs or nfs4; empty where it is not known.</param>
/// <param name="Free">Bytes that this user may still write.</param>
/// <param name="IsReadOnly">Whether it is mounted so.</param>
public sealed record FileSystem(string Directory, string Type, double Free, bool IsReadOnly)
{
    /// <summary>Looks at <c>/proc/self/mountinfo</c>; <paramref name="root"/> is where <c>/proc</c> is.</summary>
    public static FileSystem Of(string path, string root = "/")
    {
        var directory = Nearest(path);
        var (type, readOnly) = Mount(directory, Path.Join(root, "proc/self/mountinfo"));
        return new(directory, type, Bytes(directory), readOnly);
    }

    private static string Nearest(string path)
    {
        for (var full = Path.GetFullPath(path); ; full = Path.GetDirectoryName(full) ?? throw new DirectoryNotFoundException(path))
        {
            if (System.IO.Directory.Exists(full)) return full;
        }
    }

    private static double Bytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return double.PositiveInfinity;
        }
    }

    // The last mount over the longest part of the path counts.
    private static (string Type, bool ReadOnly) Mount(string directory, string file)
    {
        var (best, type, readOnly) = (-1, "", false);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ("", false);
        }
        foreach (var line in lines)
        {
            // proc(5): ID parent major:minor root mount-point options ... - type source super-options
            string[] halves = line.Split(" - ", 2), first = halves[0].Split(' ');
            if (halves.Length < 2 || first.Length < 6) continue;
            var mount = first[4].Replace("\\040", " ", StringComparison.Ordinal);
            var holds = mount == "/" || directory == mount || directory.StartsWith(mount + "/", StringComparison.Ordinal);
            if (!holds || mount.Length < best) continue;
            (best, type, readOnly) = (mount.Length, halves[1].Split(' ')[0], first[5].Split(',').Contains("ro"));
        }
        return (type, readOnly);
    }
}
