using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>Every link uniform: log r = 0.</summary>
public sealed record HaarPrior : IFlowPrior
{
    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice) => null;

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["prior"] = "haar" };

    /// <inheritdoc/>
    public ICompiledPrior Compile<T, TDouble>(FlowWorkspace<T> workspace, IndexTable key)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble> => new Compiled<T, TDouble>(workspace, key);

    private sealed class Compiled<T, TDouble>(FlowWorkspace<T> workspace, IndexTable key) : ICompiledPrior
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        public void AddDraw(KernelProgram program, int purpose)
        {
            int links = workspace.Lattice.Links;
            program.Add(new FillAngles<TDouble> { Target = workspace.Angles.View, Key = key.View, Purpose = purpose, Elements = links }, (links + 1) / 2);
        }

        public void AddDensity(KernelProgram program, bool gradient)
        {
            // log r = 0 adds nothing.
        }

        public void Dispose()
        {
            // Owns nothing.
        }
    }
}
