using BenchmarkDotNet.Attributes;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Benchmarks;

/// <summary>The cases of <c>latticeflow bench</c> on one thread, with BenchmarkDotNet's statistics. One call works on all items of a tile.</summary>
public class KernelBenchmarks
{
    private ComputeDevice device = null!;
    private KernelCases cases = null!;
    private KernelProgram program = null!;

    /// <summary>Precision and name of every kernel.</summary>
    public static IEnumerable<string> Names
    {
        get
        {
            using var device = InstructionSet.Best().Create(1);
            foreach (var precision in Enum.GetValues<Precision>())
            {
                using var cases = KernelCases.Create(device, precision);
                foreach (var one in cases.All) yield return $"{precision}: {one.Name}";
            }
        }
    }

    /// <summary>Which kernel.</summary>
    [ParamsSource(nameof(Names))]
    public string Kernel { get; set; } = string.Empty;

    /// <summary>Builds the case.</summary>
    [GlobalSetup]
    public void Setup()
    {
        device = InstructionSet.Best().Create(1);
        cases = KernelCases.Create(device, Enum.Parse<Precision>(Kernel.Split(':')[0]));
        program = cases.All.Single(one => Kernel.EndsWith(": " + one.Name, StringComparison.Ordinal)).Program;
    }

    /// <summary>Runs the kernel, and where it works in place the copies that make every round the same.</summary>
    [Benchmark]
    public void Run() => device.Run(program);

    /// <summary>Frees the case.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        cases.Dispose();
        device.Dispose();
    }
}
