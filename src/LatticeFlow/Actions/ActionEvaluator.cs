using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Actions;

/// <summary>S in double of configurations in host memory.</summary>
public sealed class ActionEvaluator<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly ComputeDevice device;
    private readonly Field<T> links;
    private readonly SumField sums;
    private readonly IActionSteps<T> steps;
    private readonly KernelProgram program;

    /// <summary>An evaluator of up to <paramref name="capacity"/> configurations a call.</summary>
    public ActionEvaluator(ComputeDevice device, IAction action, int capacity)
    {
        this.device = device;
        Capacity = capacity;
        var shape = device.Shape<T>(capacity);
        links = device.NewField<T>(shape, action.Lattice.Links);
        sums = device.NewSums<T>(shape, 1);
        steps = action.Bind<T>(device, shape);
        program = new KernelProgram(shape);
        steps.AddEvaluate(program, links, sums);
    }

    /// <summary>The most configurations of one call.</summary>
    public int Capacity { get; }

    /// <summary>action[n] = S of configuration n of <paramref name="configurations"/>, <c>[n][link]</c>.</summary>
    public void Evaluate(ReadOnlySpan<double> configurations, Span<double> action)
    {
        links.WriteReplicas(configurations);
        device.Run(program);
        sums.ReadReplicas(action);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        links.Dispose();
        sums.Dispose();
        steps.Dispose();
    }
}
