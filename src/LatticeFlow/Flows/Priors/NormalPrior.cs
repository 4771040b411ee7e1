using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Priors;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Flows;

/// <summary>A scalar whose φ(x) are independent normal numbers of mean 0 and variance 1: log r = −Σ_x [½ φ(x)² + ½ ln 2π].</summary>
/// <remarks>Invariant under φ → −φ and all translations. Numbers: <c>docs/conventions.md</c>, purpose <see cref="Purpose.Prior"/>, element = site.</remarks>
public sealed record NormalPrior : IFlowPrior
{
    /// <inheritdoc/>
    public string? Refusal(FieldSpace space) => space.Type == FieldType.Scalar ? null : $"the normal prior is of a real scalar, not of {space.Type.Description}: use \"haar\"";

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["prior"] = "normal" };

    /// <inheritdoc/>
    public ICompiledPrior Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => new Density<T>(context);

    /// <inheritdoc/>
    public ICompiledDraw CompileDraw<T>(ComputeDevice device, FieldSpace space, BatchShape shape, SumField target, IndexTable key)
        where T : unmanaged, IReal64<T> => new Drawn<T>(space.Numbers, target, key);

    private sealed class Density<T>(LayerContext<T> context) : ICompiledPrior
        where T : unmanaged, IReal<T>
    {
        public void AddDensity(KernelProgram program, bool gradient)
        {
            int numbers = context.Space.Numbers;
            program.Add(new NormalDensity<T> { Values = context.Values.View, Totals = context.Totals.View, Numbers = numbers }, 1);
            if (gradient) program.Add(new NormalGradient<T> { Values = context.Values.View, Cotangents = context.Cotangents.View }, numbers);
        }

        public void Dispose()
        {
            // All fields are the context's.
        }
    }

    private sealed class Drawn<T>(int numbers, SumField target, IndexTable key) : ICompiledDraw
        where T : unmanaged, IReal64<T>
    {
        public void AddDraw(KernelProgram program, int purpose) =>
            program.Add(new FillGaussian<T> { Target = target.View, Key = key.View, Purpose = purpose, Elements = numbers }, (numbers + 1) / 2);

        public void Dispose()
        {
            // Owns nothing.
        }
    }
}
