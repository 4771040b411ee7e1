using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Priors;

/// <summary>
/// Terms[p] = (κ/N) Re tr P of every plaquette, and Derivatives[p] = −κ/N, which <see cref="FreePlaquetteGradient{T}"/> turns into what stands before Im tr(T_a P) in ∂_a log r. An item is a plaquette.
/// </summary>
public struct GroupPlaquetteTerms<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private FreePlaquetteOperands<T> operands;
    private Reals<T> work;

    /// <summary>The kernel of these operands, whose links are a field of links.</summary>
    public GroupPlaquetteTerms(in FreePlaquetteOperands<T> operands, in Reals<T> work)
    {
        this.operands = operands;
        this.work = work;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        work = work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var ahead = TLink.Local(work, 0);
        var behind = TLink.Local(work, 1);
        TLink.Multiply(Link(item, 0), Link(item, 1), ref ahead);
        TLink.Multiply(Link(item, 3), Link(item, 2), ref behind);
        TLink.TraceMultiplyAdjoint(ahead, behind, out T trace, out _);
        T factor = T.Of(operands.Concentration / TLink.Order);
        T.Store(operands.Terms, item, factor * trace);
        T.Store(operands.Derivatives, item, -factor);
    }

    private readonly TLink Link(int plaquette, int k) => TLink.Open(operands.Links, T.Index(operands.PlaquetteLinks, (4 * plaquette) + k));
}

/// <summary>Cotangents_a += Derivatives[p] · Im tr(T_a W_p) over the plaquettes of a link, W_p the loop around p that begins with it. An item is a link.</summary>
public struct GroupPlaquetteCotangents<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Entries of a plaquette of a link: it, then the three links that follow, −1 − l where they are walked backwards.</summary>
    public const int Entries = 4;

    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>What stands before Im tr, <c>[plaquette]</c>.</summary>
    public Reals<T> Derivatives;

    /// <summary>What is added to, an algebra field.</summary>
    public Reals<T> Cotangents;

    /// <summary><c>[link][2][<see cref="Entries"/>]</c>.</summary>
    public Table Loops;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Derivatives = Derivatives.At(place);
        Cotangents = Cotangents.At(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int loop = 2 * item; loop < 2 * (item + 1); loop++)
        {
            var product = TLink.Local(Work, 0);
            var other = TLink.Local(Work, 1);
            TLink.Copy(TLink.Open(Links, item), ref product);
            for (int k = 1; k < Entries; k++)
            {
                int entry = T.Index(Loops, (Entries * loop) + k);
                if (entry >= 0) TLink.Multiply(product, TLink.Open(Links, entry), ref other);
                else TLink.MultiplyAdjoint(product, TLink.Open(Links, -1 - entry), ref other);
                (product, other) = (other, product);
            }

            TLink.AddAlgebra(Cotangents, item, T.Load(Derivatives, T.Index(Loops, Entries * loop)), product);
        }
    }
}
