using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Flows;

/// <summary>Every link from Haar measure: log r = 0.</summary>
public sealed record HaarPrior : IFlowPrior
{
    /// <inheritdoc/>
    public string? Refusal(FieldSpace space) => space.Type is GaugeGroup ? null : $"Haar measure is of links of a gauge group, not of {space.Type.Description}: use \"normal\"";

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["prior"] = "haar" };

    /// <inheritdoc/>
    public ICompiledPrior Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => new Density();

    /// <inheritdoc/>
    public ICompiledDraw CompileDraw<T>(ComputeDevice device, FieldSpace space, BatchShape shape, SumField target, IndexTable key)
        where T : unmanaged, IReal64<T> => space.Type == GaugeGroup.U1
            ? new Angles<T>(space.Numbers, target, key)
            : GaugeGroup.Of(space.Type, "the Haar prior").Use(device, new Links<T>(device, space, shape, target, key));

    private sealed class Density : ICompiledPrior
    {
        public void AddDensity(KernelProgram program, bool gradient)
        {
            // log r = 0 adds nothing.
        }

        public void Dispose()
        {
            // Owns nothing.
        }
    }

    private sealed class Angles<T>(int links, SumField target, IndexTable key) : ICompiledDraw
        where T : unmanaged, IReal64<T>
    {
        public void AddDraw(KernelProgram program, int purpose) =>
            program.Add(new FillAngles<T> { Target = target.View, Key = key.View, Purpose = purpose, Elements = links }, (links + 1) / 2);

        public void Dispose()
        {
            // Owns nothing.
        }
    }

    private sealed record Links<T>(ComputeDevice Device, FieldSpace Space, BatchShape Shape, SumField Target, IndexTable Key) : ILinkUser<T, ICompiledDraw>
        where T : unmanaged, IReal64<T>
    {
        public ICompiledDraw Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new Drawn<TLink, T>(Device, Space, Shape, Target, Key);
    }

    private sealed class Drawn<TLink, T>(ComputeDevice device, FieldSpace space, BatchShape shape, SumField target, IndexTable key) : ICompiledDraw
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        private readonly Field<T> links = device.NewField<T>(shape, space.Numbers, Kernels.Memory.Scope.Scratch);

        public void AddDraw(KernelProgram program, int purpose)
        {
            program.Add(
                new HaarLinks<TLink, T> { Links = links.View, Streams = new() { Key = key.View }, Dimensions = space.Lattice.Dimensions, Purpose = purpose },
                space.Lattice.Links);
            program.Add(new StoreSums<T> { Source = links.View, Target = target.View }, space.Numbers);
        }

        public void Dispose() => links.Dispose();
    }
}
