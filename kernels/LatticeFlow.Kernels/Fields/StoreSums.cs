using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Target[item] = Source[item] as a double: how numbers leave the precision and the tiles of a program.</summary>
public struct StoreSums<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>What is copied.</summary>
    public Reals<T> Source;

    /// <summary>Where it goes, in tiles that may be wider than the lanes.</summary>
    public Sums Target;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Source = Source.At(place);
        Target = Target.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.StoreTo(Target, item, T.Load(Source, item));
}
