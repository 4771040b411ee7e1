using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>S^(k) of the configurations of a chain, one component at a time. Programs are made when they are first asked for.</summary>
internal sealed class ComponentSums<T>(ComputeDevice device, LatticeLayout layout, IActionSteps<T> steps, Field<T> configurations) : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly Dictionary<int, KernelProgram> programs = [];
    private readonly double[] values = new double[layout.Replicas];
    private SumField? sums;
    private ReplicaSums? ofReplicas;

    /// <summary>target[replica · stride + k] with k the component where the stride is above 1, else target[replica].</summary>
    public void Read(int component, Span<double> target, int stride = 1)
    {
        if (!programs.TryGetValue(component, out var program))
        {
            sums ??= device.NewSums<T>(layout.Shape, 1);
            ofReplicas ??= new ReplicaSums(layout, sums);
            programs[component] = program = new KernelProgram(layout.Shape);
            steps.AddEvaluateComponent(program, configurations, component, sums);
        }

        device.Run(program);
        ofReplicas!.Read(values);
        for (int replica = 0; replica < values.Length; replica++) target[(replica * stride) + (stride > 1 ? component : 0)] = values[replica];
    }

    public void Dispose() => sums?.Dispose();
}
