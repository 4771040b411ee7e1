using System.Collections.Concurrent;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;

namespace LatticeFlow.Tests.Devices;

/// <summary>A device and a precision that the laws are tested on.</summary>
/// <param name="Name">As <c>avx512 single</c>: what tests get as argument.</param>
/// <param name="Precision">The precision.</param>
/// <param name="WhyNot">Why this machine cannot run it; empty where it can.</param>
/// <param name="Create">Opens the device.</param>
public sealed record DeviceTarget(string Name, Precision Precision, string WhyNot, Func<ComputeDevice> Create)
{
    // More than one, so that the division of tiles among threads is tested; a number, so that results do not depend on the machine.
    private const int Threads = 2;
    private static readonly ConcurrentDictionary<string, Lazy<ComputeDevice>> Open = [];

    /// <summary>Every instruction set, CUDA and OpenCL, each in both precisions.</summary>
    public static IReadOnlyList<DeviceTarget> All { get; } =
    [
        .. InstructionSet.All.SelectMany(set => Pair(set.Name, set.IsSupported ? string.Empty : set.WhyNot, () => set.Create(Threads))),
        .. Drivers(),
    ];

    /// <summary>The target of this name.</summary>
    public static DeviceTarget Named(string name) => All.First(target => target.Name == name);

    /// <summary>The device, opened once for all tests. Programs run on one device one after the other: hold its lock.</summary>
    public ComputeDevice Device => Open.GetOrAdd(Name.Split(' ')[0], _ => new Lazy<ComputeDevice>(Create)).Value;

    private static IEnumerable<DeviceTarget> Drivers()
    {
        var entries = DeviceCatalog.List();
        foreach (string kind in new[] { "cuda", "opencl" })
        {
            var entry = entries.FirstOrDefault(entry => entry.Kind == kind && entry.IsUsable) ?? entries.FirstOrDefault(entry => entry.Kind == kind);
            foreach (var target in Pair(kind, entry?.WhyNot ?? "no such device", () => DeviceCatalog.Open(kind))) yield return target;
        }
    }

    private static DeviceTarget[] Pair(string name, string whyNot, Func<ComputeDevice> create) =>
        [new($"{name} single", Precision.Single, whyNot, create), new($"{name} double", Precision.Double, whyNot, create)];
}
