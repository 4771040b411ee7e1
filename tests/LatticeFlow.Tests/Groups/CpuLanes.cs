using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Tests.Groups;

/// <summary>The instruction sets that this machine has, for tests of what lives on the CPU only.</summary>
public static class CpuLanes
{
    /// <summary>Their names.</summary>
    public static TheoryData<string> Sets => [.. InstructionSet.All.Where(set => set.IsSupported).Select(set => set.Name)];

    /// <summary>Calls back with the lane types of an instruction set.</summary>
    public static TResult Use<TResult>(string set, ILaneUser<TResult> user)
    {
        using var device = InstructionSet.Named(set).Create(1);
        return device.Use(Precision.Double, user);
    }
}
