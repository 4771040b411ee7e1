using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>S in double of configurations in host memory.</summary>
public interface IActionEvaluator : IDisposable
{
    /// <summary>The most configurations of one call.</summary>
    int Capacity { get; }

    /// <summary>action[n] = S of configuration n of <paramref name="configurations"/>, <c>[n][element][component]</c>.</summary>
    void Evaluate(ReadOnlySpan<double> configurations, Span<double> action);
}

/// <summary>Makes evaluators for callers that know no lane type.</summary>
public static class ActionEvaluator
{
    /// <summary>An evaluator of up to <paramref name="capacity"/> configurations a call.</summary>
    public static IActionEvaluator Create(ComputeDevice device, IAction action, int capacity) => device.Use(Precision.Double, new Factory(action, capacity));

    private sealed record Factory(IAction Action, int Capacity) : ILaneUser<IActionEvaluator>
    {
        public IActionEvaluator Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new ActionEvaluator<TDouble>(device, Action, Capacity);
    }
}

/// <inheritdoc/>
public sealed class ActionEvaluator<T> : IActionEvaluator
    where T : unmanaged, IReal64<T>
{
    private readonly ComputeDevice device;
    private readonly ConfigurationField<T> field;
    private readonly StencilTables stencil;
    private readonly ActionCoefficients<T> coefficients;
    private readonly SumField sums;
    private readonly IActionSteps<T> steps;
    private readonly KernelProgram program;

    /// <summary>An evaluator of up to <paramref name="capacity"/> configurations a call.</summary>
    public ActionEvaluator(ComputeDevice device, IAction action, int capacity)
    {
        this.device = device;
        Capacity = capacity;
        var layout = LatticeLayout.OfReplicas<T>(device, action.Lattice, capacity);
        stencil = new StencilTables(device, layout);
        field = new ConfigurationField<T>(device, layout, action.Field);
        coefficients = new ActionCoefficients<T>(device, layout, action.Components);
        sums = device.NewSums<T>(layout.Shape, 1);
        steps = action.Bind(device, stencil, coefficients);
        program = new KernelProgram(layout.Shape);
        steps.AddEvaluate(program, field.Field, sums);
    }

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> configurations, Span<double> action)
    {
        field.Write(configurations);
        device.Run(program);
        sums.ReadReplicas(action);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        field.Dispose();
        sums.Dispose();
        steps.Dispose();
        coefficients.Dispose();
        stencil.Dispose();
    }
}
