using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Target[item] = 0. One item a sum.</summary>
public struct ClearSums<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The sums.</summary>
    public Sums Target;

    /// <inheritdoc/>
    public void Bind(in Place place) => Target = Target.At<T>(place);

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.StoreTo(Target, item, T.Of(0));
}
