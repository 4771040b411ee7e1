using System.Globalization;
using System.Runtime.InteropServices;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Checks of <c>doctor</c>: runtime, processor, devices, memory and limits. <c>root</c> is where <c>/proc</c> and <c>/sys</c> are.</summary>
public static class MachineChecks
{
    private const long SmallMemory = 2L << 30, SmallestMemory = 500L << 20;

    // Segments, libraries and a run of many ensembles stay far below.
    private const long FewFiles = 256;

    private static readonly (string Name, string Option, long Enough, string Remedy)[] _limits =
    [
        ("Max open files", "-n", FewFiles, "raise it: ulimit -n 1024"),
        ("Max file size", "-f", long.MaxValue, "larger segments cannot be written: ulimit -f unlimited"),
        ("Max cpu time", "-t", long.MaxValue, "runs stop there with a checkpoint and exit code 75 (SIGXCPU); go on with --resume"),
    ];

    public static IEnumerable<MachineCheck> All(string root = "/")
    {
        var (version, commit) = Provenance.OfThisBuild();
        yield return MachineCheck.Ok("program", $"latticeflow {version}, commit {commit}");
        yield return MachineCheck.Ok("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return Processor();
        foreach (var entry in DeviceCatalog.List().Where(entry => entry.Kind != "cpu"))
        {
            // Without a number it is a driver that is not there, and nothing is wrong with that.
            yield return entry.IsUsable ? MachineCheck.Ok("device", $"{entry.Selector}: {entry.Name}, {entry.Detail}")
                : entry.Selector.Contains(':', StringComparison.Ordinal) ? MachineCheck.Warn("device", $"{entry.Selector}: {entry.Name} cannot be used: {entry.WhyNot}", "runs go to another device, or to the CPU; latticeflow devices says more")
                : MachineCheck.Ok("device", $"no {entry.Name}: {entry.WhyNot}");
        }
        yield return Memory(new MemoryLimit(root));
        foreach (var check in Limits(root)) yield return check;
    }

    private static MachineCheck Processor()
    {
        try
        {
            var set = InstructionSet.Best();
            var text = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, kernels for {set.Name}");
            var asked = Environment.GetEnvironmentVariable(InstructionSet.Variable);
            if (!string.IsNullOrEmpty(asked) && set != InstructionSet.All.First(known => known.IsSupported))
                return MachineCheck.Warn("processor", $"{text}, since {InstructionSet.Variable}={asked}", "unset it for the fastest");
            return set.Name == "scalar" ? MachineCheck.Warn("processor", text, $"{InstructionSet.All[1].WhyNot}; kernels take four to eight times as long") : MachineCheck.Ok("processor", text);
        }
        catch (DeviceUnavailableException exception)
        {
            return MachineCheck.Fail("processor", exception.Message.TrimEnd('.'), $"unset {InstructionSet.Variable}");
        }
    }

    private static MachineCheck Memory(MemoryLimit limit)
    {
        var (bytes, source) = limit.Least();
        if (bytes == long.MaxValue) return MachineCheck.Warn("memory", "it is not known how much there is", "runs that do not fit cannot be refused beforehand");
        var text = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB, set by {source}");
        return bytes < SmallestMemory ? MachineCheck.Fail("memory", text, "the program alone takes 0.2 GB: ask for more")
            : bytes < SmallMemory ? MachineCheck.Warn("memory", text, "enough for small lattices only")
            : MachineCheck.Ok("memory", text);
    }

    private static IEnumerable<MachineCheck> Limits(string root)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Join(root, "proc/self/limits"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            yield break;
        }
        var set = 0;
        foreach (var (name, option, enough, remedy) in _limits)
        {
            var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            if (line is null || !long.TryParse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value >= enough) continue;
            set++;
            yield return MachineCheck.Warn("limit", string.Create(CultureInfo.InvariantCulture, $"ulimit {option} is {value}"), remedy);
        }
        if (set == 0) yield return MachineCheck.Ok("limit", "open files, file size and processor time are enough");
    }
}
