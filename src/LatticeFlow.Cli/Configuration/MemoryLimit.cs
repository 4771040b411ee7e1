using System.Globalization;

namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// The memory that this process may use: the least of the machine's, of its control groups' (versions 1 and 2, with all parents) and of its resource limits (<c>ulimit -v</c>, <c>-d</c>), with the name of
/// what sets it. Files that are missing or cannot be understood set no limit. <paramref name="root"/> is where <c>/proc</c> and <c>/sys</c> are.
/// </summary>
public sealed class MemoryLimit(string root = "/")
{
    // Version 1 of the control groups writes a huge number where there is no limit.
    private const long NoLimit = 1L << 60;

    /// <summary>Bytes and what limits them; <see cref="long.MaxValue"/> where nothing is known.</summary>
    public (long Bytes, string Source) Least()
    {
        (long Bytes, string Source) least = (long.MaxValue, "nothing known");
        foreach (var (bytes, source) in Machine().Concat(ControlGroups()).Concat(ResourceLimits()))
        {
            if (bytes > 0 && bytes < least.Bytes) least = (bytes, source);
        }
        return least;
    }

    private IEnumerable<(long, string)> Machine()
    {
        var line = Lines("proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        if (line is not null) yield return (Number(Words(line)[1]) * 1024, "the machine");
        else if (root == "/") yield return (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "the machine");
    }

    private IEnumerable<(long, string)> ControlGroups()
    {
        foreach (var line in Lines("proc/self/cgroup"))
        {
            var fields = line.Split(':', 3);
            if (fields.Length != 3 || (fields[1].Length > 0 && !fields[1].Split(',').Contains("memory"))) continue;
            var (folder, file) = fields[1].Length == 0 ? ("sys/fs/cgroup", "memory.max") : ("sys/fs/cgroup/memory", "memory.limit_in_bytes");
            // The group, and all that it is in; inside a container only the mount itself may be there.
            for (var group = fields[2].Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
            {
                foreach (var text in Lines(Path.Combine(folder, group, file)).Take(1))
                {
                    if (Number(text) is var bytes && bytes < NoLimit) yield return (bytes, $"the control group /{group} ({file})");
                }
                if (group.Length == 0) break;
            }
        }
    }

    private IEnumerable<(long, string)> ResourceLimits()
    {
        foreach (var (name, option) in new[] { ("Max address space", "-v"), ("Max data size", "-d") })
        {
            var line = Lines("proc/self/limits").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            if (line is not null) yield return (Number(Words(line[name.Length..])[0]), $"ulimit {option}");
        }
    }

    private string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static string[] Words(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "", ""];

    private static long Number(string text) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
