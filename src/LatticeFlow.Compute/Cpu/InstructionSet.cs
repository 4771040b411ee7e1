using System.Runtime.Intrinsics.X86;

namespace LatticeFlow.Compute.Cpu;

/// <summary>The lane types the CPU can be driven with, best first.</summary>
public sealed record InstructionSet(string Name, bool IsSupported, string WhyNot, Func<int, ComputeDevice> Create)
{
    /// <summary>The environment variable that picks one by name.</summary>
    public const string Variable = "LATTICEFLOW_ISA";

    /// <summary>All instruction sets in order of preference. Tests enumerate the same list.</summary>
    public static IReadOnlyList<InstructionSet> All { get; } =
    [
        new("avx512", Avx512F.IsSupported && Avx512DQ.IsSupported, "the processor, or DOTNET_EnableAVX512=0, does not offer AVX-512F and DQ",
            threads => new CpuDevice<Kernels.Lanes.Single16, Kernels.Lanes.Double8>("avx512", threads)),
        new("avx2", Avx2.IsSupported && Fma.IsSupported, "the processor, or DOTNET_EnableAVX2=0, does not offer AVX2 and FMA",
            threads => new CpuDevice<Kernels.Lanes.Single8, Kernels.Lanes.Double4>("avx2", threads)),
        new("scalar", true, string.Empty,
            threads => new CpuDevice<Kernels.Lanes.Single1, Kernels.Lanes.Double1>("scalar", threads)),
    ];

    /// <summary>The best supported one, or the one that <see cref="Variable"/> names.</summary>
    /// <exception cref="DeviceUnavailableException">The variable names an unknown or unsupported instruction set.</exception>
    public static InstructionSet Best()
    {
        string? wanted = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(wanted) ? All.First(set => set.IsSupported) : Named(wanted);
    }

    /// <summary>The instruction set of this name.</summary>
    /// <exception cref="DeviceUnavailableException">It is unknown or unsupported.</exception>
    public static InstructionSet Named(string name)
    {
        var set = All.FirstOrDefault(s => s.Name == name)
            ?? throw new DeviceUnavailableException($"instruction set '{name}' is unknown: {Variable} may be {string.Join(", ", All.Select(s => s.Name))}.");
        if (!set.IsSupported) throw new DeviceUnavailableException($"instruction set '{name}' cannot be used: {set.WhyNot}.");
        return set;
    }
}
