using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Field[item] = accepted ? Field[item] : Saved[item], bit by bit. One item a real of the field.</summary>
public struct AcceptOrRestoreField<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>The end of the trajectory on entry, the new state on return.</summary>
    public Reals<T> Field;

    /// <summary>The start of the trajectory.</summary>
    public Reals<T> Saved;

    /// <summary>1 where the end is accepted, else 0, at <see cref="Element"/>.</summary>
    public Sums Accepted;

    /// <summary>The element of the flag.</summary>
    public int Element;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Saved = Saved.At(place);
        Accepted = Accepted.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) =>
        T.Store(Field, item, T.SelectLess(T.Of(0.5), T.LoadFrom(Accepted, Element), T.Load(Field, item), T.Load(Saved, item)));
}
