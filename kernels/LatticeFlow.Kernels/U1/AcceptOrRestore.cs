using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>Links[item] = accepted ? wrapped Links[item] : Saved[item]. Wrapping to (−π, π] is the re-unitarisation, made outside the trajectory.</summary>
public struct AcceptOrRestore<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The end of the trajectory on entry, the new state on return.</summary>
    public Reals<T> Links;

    /// <summary>The start of the trajectory.</summary>
    public Reals<T> Saved;

    /// <summary>1 where the end is accepted, else 0, at <see cref="Element"/>.</summary>
    public Sums Accepted;

    /// <summary>The element of the flag.</summary>
    public int Element;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Saved = Saved.At(place);
        Accepted = Accepted.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) =>
        T.Store(Links, item, T.SelectLess(T.Of(0.5), T.LoadFrom(Accepted, Element), Angle.Wrap(T.Load(Links, item)), T.Load(Saved, item)));
}
