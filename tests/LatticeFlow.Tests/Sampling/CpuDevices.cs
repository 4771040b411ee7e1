using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests;

/// <summary>The instruction sets that this machine can test, and a short way to lane-generic code.</summary>
internal static class CpuDevices
{
    public static TheoryData<string> Supported => [.. InstructionSet.All.Where(set => set.IsSupported).Select(set => set.Name)];

    public static ComputeDevice Create(string name, int threads = 2) => InstructionSet.Named(name).Create(threads);

    public static ComputeDevice Best(int threads = 2) => InstructionSet.Best().Create(threads);
}

/// <summary>Code that only needs the double lane type.</summary>
internal abstract class DoubleLaneUser<TResult> : ILaneUser<TResult>
{
    public TResult Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble> => Use<TDouble>(device);

    protected abstract TResult Use<T>(ComputeDevice device)
        where T : unmanaged, IReal64<T>;
}
