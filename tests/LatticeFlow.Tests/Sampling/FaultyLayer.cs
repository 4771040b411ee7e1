using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests;

/// <summary>A layer whose log-determinant is wrong, for the rank test to catch: maps and derivatives are those of the layer itself, what it adds to log q is not.</summary>
internal abstract class FaultyLayer(IFlowLayer inner) : IFlowLayer
{
    public int Parameters => inner.Parameters;

    public bool IsEquivariant => inner.IsEquivariant;

    public object? SharedParameters => inner.SharedParameters;

    protected IFlowLayer Inner => inner;

    public JsonObject Describe() => inner.Describe();

    public string? Refusal(FieldSpace space) => inner.Refusal(space);

    public int Period(int direction) => inner.Period(direction);

    public FlowFloor Floor(FieldSpace space) => inner.Floor(space);

    public void Initialize(Span<double> parameters, Func<double> uniform) => inner.Initialize(parameters, uniform);

    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T>
    {
        var right = inner.Compile(context);
        return new Compiled(right, Fault(context));
    }

    /// <summary>What is added to a program before and after the layer.</summary>
    protected abstract IFault Fault<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T>;

    /// <summary>Spoils log q.</summary>
    protected interface IFault
    {
        /// <summary>Before the map, or its inverse.</summary>
        void AddBefore(KernelProgram program, bool inverse);

        /// <summary>After it.</summary>
        void AddAfter(KernelProgram program, bool inverse);
    }

    private sealed class Compiled(ICompiledLayer right, IFault fault) : ICompiledLayer
    {
        public void Load(ReadOnlySpan<double> parameters) => right.Load(parameters);

        public void AddForward(KernelProgram program)
        {
            fault.AddBefore(program, inverse: false);
            right.AddForward(program);
            fault.AddAfter(program, inverse: false);
        }

        public void AddPathForward(KernelProgram program, bool score = false) => right.AddPathForward(program);

        public void AddInverse(KernelProgram program)
        {
            fault.AddBefore(program, inverse: true);
            right.AddInverse(program);
            fault.AddAfter(program, inverse: true);
        }

        public void AddBackward(KernelProgram program, double logDetCotangent) => right.AddBackward(program, logDetCotangent);

        public void Dispose() => right.Dispose();
    }
}
