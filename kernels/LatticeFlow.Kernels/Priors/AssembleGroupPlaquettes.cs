using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Priors;

/// <summary>
/// Links of a two-dimensional torus with given plaquettes, all but the last in the order of solution, which is what the torus leaves it. Links are solved for one after the other; two are given, so that
/// both Polyakov loops have their distribution; all others are 1, as the gauge is not random yet. One item.
/// </summary>
public struct AssembleGroupPlaquettes<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    /// <summary>P_μν(x), a field of links.</summary>
    public Reals<T> Plaquettes;

    /// <summary>The two given links, a field of links that begins with them.</summary>
    public Reals<T> Given;

    /// <summary>The result.</summary>
    public Reals<T> Links;

    /// <summary>As <see cref="AssemblePlaquettes{T}.Steps"/>. A link to solve for is the second (sign +) or the third (sign −) of its plaquette.</summary>
    public Table Steps;

    /// <summary>The links that are given.</summary>
    public Table Loops;

    /// <summary>Links of the lattice.</summary>
    public int LinkCount;

    /// <summary>Links to solve for.</summary>
    public int StepCount;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Plaquettes = Plaquettes.At(place);
        Given = Given.At(place);
        Links = Links.At(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int l = 0; l < LinkCount; l++)
        {
            var link = TLink.Open(Links, l);
            TLink.SetOne(ref link);
            TLink.Store(Links, l, link);
        }

        for (int k = 0; k < 2; k++)
        {
            int l = T.Index(Loops, k);
            var link = TLink.Open(Links, l);
            TLink.Copy(TLink.Open(Given, k), ref link);
            TLink.Store(Links, l, link);
        }

        for (int s = 0; s < StepCount; s++) Solve(6 * s);
    }

    // P = U₁ U₂ U₃† U₄†: U₂ = U₁† P U₄ U₃, or U₃ = U₄† P† U₁ U₂.
    private readonly void Solve(int e)
    {
        int l = T.Index(Steps, e + 1);
        var plaquette = TLink.Open(Plaquettes, T.Index(Steps, e));
        var first = TLink.Open(Links, T.Index(Steps, e + 3));
        var fourth = TLink.Open(Links, -1 - T.Index(Steps, e + 5));
        var product = TLink.Local(Work, 0);
        var other = TLink.Local(Work, 1);
        var link = TLink.Open(Links, l);
        if (T.Index(Steps, e + 2) > 0)
        {
            TLink.Multiply(plaquette, fourth, ref product);
            TLink.Multiply(product, TLink.Open(Links, -1 - T.Index(Steps, e + 4)), ref other);
            TLink.AdjointMultiply(first, other, ref link);
        }
        else
        {
            TLink.Multiply(first, TLink.Open(Links, T.Index(Steps, e + 4)), ref product);
            TLink.AdjointMultiply(plaquette, product, ref other);
            TLink.AdjointMultiply(fourth, other, ref link);
        }

        TLink.Store(Links, l, link);
    }
}
