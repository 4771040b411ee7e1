using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Compute.Gpu;

/// <summary>Everything a run could use on this machine, and the choice among it.</summary>
public static class DeviceCatalog
{
    /// <summary>All instruction sets of the CPU and all devices that a driver shows, with the reason where one cannot be used.</summary>
    public static IReadOnlyList<DeviceEntry> List() => [.. Cpu(), .. IlgpuPlatform.List()];

    /// <summary>
    /// Opens what <c>--device</c> names: <c>auto</c> (a CUDA device, else an OpenCL GPU, else the CPU), <c>cpu</c>,
    /// <c>cuda</c> or <c>opencl</c> (the first usable), or one by number as <c>opencl:1</c>.
    /// </summary>
    /// <param name="selector">The name.</param>
    /// <param name="threads">Threads of the CPU; 0 for all.</param>
    /// <exception cref="DeviceUnavailableException">It is unknown, absent or refused; the message lists what is there.</exception>
    public static ComputeDevice Open(string selector, int threads = 0)
    {
        if (selector == "cpu") return InstructionSet.Best().Create(threads);
        if (selector == "debug" && Environment.GetEnvironmentVariable(IlgpuPlatform.DebugVariable) == "1") return IlgpuPlatform.OpenDebugger();
        string kind = selector.Split(':')[0];
        if (selector == "auto" || kind is "cuda" or "opencl")
        {
            var entries = IlgpuPlatform.List();
            if (Choose(entries, selector) is { } entry) return IlgpuPlatform.Open(entry);
            if (selector == "auto") return InstructionSet.Best().Create(threads);
            throw Unavailable(selector, WhyNot(entries, selector));
        }

        throw Unavailable(selector, "the name is unknown: use auto, cpu, cuda, opencl, cuda:N or opencl:N");
    }

    /// <summary>The entry that a selector means; null where there is none. For <c>auto</c> only GPUs are looked at.</summary>
    internal static DeviceEntry? Choose(IReadOnlyList<DeviceEntry> entries, string selector)
    {
        var usable = entries.Where(entry => entry.IsUsable);
        return selector switch
        {
            "auto" => usable.FirstOrDefault(entry => entry.Kind == "cuda") ?? usable.FirstOrDefault(entry => entry.Kind == "opencl" && entry.IsGpu),
            "cuda" or "opencl" => usable.FirstOrDefault(entry => entry.Kind == selector),
            _ => usable.FirstOrDefault(entry => entry.Selector == selector),
        };
    }

    private static string WhyNot(List<DeviceEntry> entries, string selector)
    {
        var near = entries.FirstOrDefault(entry => entry.Selector == selector) ?? entries.FirstOrDefault(entry => entry.Kind == selector.Split(':')[0] && !entry.IsUsable);
        return near is null ? "there is no such device" : near.WhyNot;
    }

    private static DeviceUnavailableException Unavailable(string selector, string why)
    {
        var usable = List().Where(entry => entry.IsUsable).Select(entry => $"  {entry}");
        return new($"device '{selector}' cannot be used: {why}. Available:{Environment.NewLine}{string.Join(Environment.NewLine, usable)}");
    }

    private static IEnumerable<DeviceEntry> Cpu() => InstructionSet.All.Select(set => new DeviceEntry(
        "cpu", set.Name, set.IsSupported ? $"{Environment.ProcessorCount} processors; {InstructionSet.Variable}={set.Name} asks for it" : string.Empty, set.IsSupported ? string.Empty : set.WhyNot, false));
}
