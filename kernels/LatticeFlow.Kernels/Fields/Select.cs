using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Target[item] = flag &gt; ½ ? Target[item] : Otherwise[item].</summary>
public struct Select<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>What is kept where the flag is 1.</summary>
    public Reals<T> Target;

    /// <summary>What replaces it where the flag is 0.</summary>
    public Reals<T> Otherwise;

    /// <summary>1 or 0 of each replica, at <see cref="Element"/>.</summary>
    public Sums Flag;

    /// <summary>The element of the flag.</summary>
    public int Element;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Target = Target.At(place);
        Otherwise = Otherwise.At(place);
        Flag = Flag.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) =>
        T.Store(Target, item, T.SelectLess(T.Of(0.5), T.LoadFrom(Flag, Element), T.Load(Target, item), T.Load(Otherwise, item)));
}
