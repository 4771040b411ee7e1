using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Links that are split in two: a long link V and a free one g, which become U_a = g and U_b = g† V; V has stood where U_a stands, g where U_b.</summary>
public struct SplitOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The links.</summary>
    public Reals<T> Links;

    /// <summary>∂_a L of the links, an algebra field.</summary>
    public Reals<T> Cotangents;

    /// <summary>Pairs a, b.</summary>
    public Table Pairs;

    /// <summary>A work field.</summary>
    public Reals<T> Work;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly SplitOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.Cotangents = Cotangents.At(place);
        bound.Work = Work.At(place);
        return bound;
    }
}

/// <summary>(V, g) → (g, g† V), or back. Measure-preserving: Haar measure is invariant. An item is a pair.</summary>
public struct SplitLinks<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private readonly int inverse;
    private SplitOperands<T> operands;

    /// <summary>The kernel of these operands; <paramref name="inverse"/> = 1: back; items = pairs.</summary>
    public SplitLinks(in SplitOperands<T> operands, int inverse)
    {
        this.operands = operands;
        this.inverse = inverse;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int a = T.Index(operands.Pairs, 2 * item), b = T.Index(operands.Pairs, (2 * item) + 1);
        var kept = TLink.Local(operands.Work, 0);
        var product = TLink.Local(operands.Work, 1);
        TLink first = TLink.Open(operands.Links, a), second = TLink.Open(operands.Links, b);
        TLink.Copy(inverse != 0 ? first : second, ref kept);
        if (inverse != 0) TLink.Multiply(first, second, ref product);
        else TLink.AdjointMultiply(second, first, ref product);
        TLink.Store(operands.Links, inverse != 0 ? a : b, product);
        TLink.Store(operands.Links, inverse != 0 ? b : a, kept);
    }
}

/// <summary>
/// The cotangents of (V, g) from those of (U_a, U_b) = (g, g† V), g standing at a: G_V = g G_b g†, G_g = G_a − G_V. For a path forwards the other way round: G_b = g† G_V g, G_a = G_g + G_V, after the
/// links have been split. An item is a pair.
/// </summary>
/// <remarks>g → e^{iX} g moves U_a by X and U_b by −g† X g; V → e^{iX} V moves U_b by g† X g.</remarks>
public struct SplitLinksVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private readonly int path;
    private SplitOperands<T> operands;

    /// <summary>The kernel of these operands, on links that are split; <paramref name="path"/> = 1: forwards; items = pairs.</summary>
    public SplitLinksVjp(in SplitOperands<T> operands, int path)
    {
        this.operands = operands;
        this.path = path;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int a = T.Index(operands.Pairs, 2 * item), b = T.Index(operands.Pairs, (2 * item) + 1);
        var gradient = TLink.Local(operands.Work, 0);
        var product = TLink.Local(operands.Work, 1);
        var g = TLink.Open(operands.Links, a);
        T norm = T.Of(Algebra.NormOf<TLink, T>());
        if (path == 0)
        {
            TLink.FromAlgebra(operands.Cotangents, b, T.Of(1), ref gradient);
            TLink.Multiply(g, gradient, ref product);
            TLink.MultiplyAdjoint(product, g, ref gradient);
            Move(a, b);
            TLink.AddAlgebra(operands.Cotangents, a, norm, gradient);
            TLink.AddAlgebra(operands.Cotangents, b, -norm, gradient);
            return;
        }

        TLink.FromAlgebra(operands.Cotangents, a, T.Of(1), ref gradient);
        for (int k = 0; k < TLink.Generators; k++)
            T.Store(operands.Cotangents, (a * TLink.Generators) + k, T.Load(operands.Cotangents, (a * TLink.Generators) + k) + T.Load(operands.Cotangents, (b * TLink.Generators) + k));
        TLink.AdjointMultiply(g, gradient, ref product);
        TLink.Multiply(product, g, ref gradient);
        Clear(b);
        TLink.AddAlgebra(operands.Cotangents, b, norm, gradient);
    }

    private readonly void Move(int from, int to)
    {
        for (int k = 0; k < TLink.Generators; k++) T.Store(operands.Cotangents, (to * TLink.Generators) + k, T.Load(operands.Cotangents, (from * TLink.Generators) + k));
        Clear(from);
    }

    private readonly void Clear(int link)
    {
        for (int k = 0; k < TLink.Generators; k++) T.Store(operands.Cotangents, (link * TLink.Generators) + k, T.Of(0));
    }
}
