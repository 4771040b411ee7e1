using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Target[item] = Source[item]: how numbers of double sums enter a program, the reverse of <see cref="StoreSums{T}"/>.</summary>
public struct LoadSums<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>What is copied, in tiles that may be wider than the lanes.</summary>
    public Sums Source;

    /// <summary>Where it goes.</summary>
    public Reals<T> Target;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Source = Source.At<T>(place);
        Target = Target.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.Store(Target, item, T.LoadFrom(Source, item));
}
