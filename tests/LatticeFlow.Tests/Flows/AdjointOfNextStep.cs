using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests;

/// <summary>A step of a continuous flow that goes back by the stages of the step after it: forward and inverse are right, and the adjoint is that of the same method at other times.</summary>
internal sealed class AdjointOfNextStep(ContinuousStep inner) : IFlowLayer
{
    public int Parameters => inner.Parameters;

    public object? SharedParameters => inner.SharedParameters;

    public JsonObject Describe() => inner.Describe();

    public string? Refusal(FieldSpace space) => inner.Refusal(space);

    public FlowFloor Floor(FieldSpace space) => inner.Floor(space);

    public void Initialize(Span<double> parameters, Func<double> uniform) => inner.Initialize(parameters, uniform);

    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => new Compiled<T>(context, inner.Compile(context), (inner with { Step = inner.Step + 1 }).Compile(context));

    private sealed class Compiled<T>(LayerContext<T> context, ICompiledLayer right, ICompiledLayer next) : ICompiledLayer
        where T : unmanaged, IReal<T>
    {
        private readonly Field<T> start = context.Keep(context.Space.Numbers);
        private readonly Field<T> before = context.Keep(1);

        public void Load(ReadOnlySpan<double> parameters)
        {
            right.Load(parameters);
            next.Load(parameters);
        }

        public void AddForward(KernelProgram program)
        {
            // The next step keeps what it goes back by, and leaves neither links nor density.
            Copy(program, context.Values, start);
            program.Add(new KeepTotal<T>(context.Totals.View, before.View), 1);
            next.AddForward(program);
            program.Add(new ScaleTotal<T>(context.Totals.View, before.View, 0), 1);
            Copy(program, start, context.Values);
            right.AddForward(program);
        }

        public void AddPathForward(KernelProgram program, bool score = false) => right.AddPathForward(program, score);

        public void AddInverse(KernelProgram program) => right.AddInverse(program);

        public void AddBackward(KernelProgram program, double logDetCotangent) => next.AddBackward(program, logDetCotangent);

        public void Dispose()
        {
            right.Dispose();
            next.Dispose();
        }

        private void Copy(KernelProgram program, Field<T> from, Field<T> to) => program.Add(new Copy<T> { Source = from.View, Target = to.View }, context.Space.Numbers);
    }
}
