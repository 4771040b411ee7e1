using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Target[First + item] = Source[item].</summary>
public struct Copy<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>What is copied.</summary>
    public Reals<T> Source;

    /// <summary>Where it goes.</summary>
    public Reals<T> Target;

    /// <summary>The element of the target that the first item becomes.</summary>
    public int First;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Source = Source.At(place);
        Target = Target.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.Store(Target, First + item, T.Load(Source, item));
}
