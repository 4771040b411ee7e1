using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Target[item] = 0.</summary>
public struct Clear<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>What is set to zero.</summary>
    public Reals<T> Target;

    /// <inheritdoc/>
    public void Bind(in Place place) => Target = Target.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.Store(Target, item, T.Of(0));
}
