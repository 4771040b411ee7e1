using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// A potential S̃ = Σ_x Σ_m c_m Re M_m(x) of links: the monomials M_m are products of up to three traces of words in letters, which are closed paths that begin and end at x. Its Laplacian is Σ_x Σ_m λ_m Re M_m(x),
/// over more monomials of the same kind.
/// </summary>
/// <remarks>
/// What one site needs lies in slots of matrices: 1, the letters, their adjoints, and nodes, products of two earlier slots. Every trace is tr(a b†) of two slots: with adjoints at hand that is every word. A slot has
/// a value, a cotangent ā with dL = Re tr(ā† da), and in derivatives along a direction the derivatives of both.
/// </remarks>
public struct PotentialOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Numbers of an entry of <see cref="Monomials"/>.</summary>
    public const int Factors = 3;

    /// <summary>Values of the letters, <c>[site][letter]</c>, a field of links.</summary>
    public Reals<T> Letters;

    /// <summary>∂_a S̃ by P → e^{i s T_a} P of each letter P, an algebra field.</summary>
    public Reals<T> Gradients;

    /// <summary>Generators of P → e^{i s Y} P, by which the letters move, an algebra field.</summary>
    public Reals<T> Tangents;

    /// <summary>The derivative along <see cref="Tangents"/> of <see cref="Gradients"/>, and the gradient of the Laplacian times <see cref="DensityCotangent"/>.</summary>
    public Reals<T> GradientTangents;

    /// <summary>−Lap S̃ of a site, <c>[site]</c>.</summary>
    public Reals<T> Divergences;

    /// <summary>Of each site the derivative of the terms along <see cref="Tangents"/>, then Re M of all monomials: <c>[site][Terms + MonomialCount]</c>.</summary>
    public Reals<T> Sums;

    /// <summary>c of the first <see cref="TermMonomials"/> monomials, then λ of all: shared.</summary>
    public Reals<T> Coefficients;

    /// <summary>Slots, a field of matrices.</summary>
    public Reals<T> Slots;

    /// <summary>Traces, their cotangents, and the derivatives of both: pairs of numbers.</summary>
    public Reals<T> Traces;

    /// <summary>The weight of each replica.</summary>
    public Reals<T> ReplicaWeight;

    /// <summary>Of each node the slots of its factors, <c>[node]{a, b}</c>.</summary>
    public Table Nodes;

    /// <summary>Of each trace the slots a, b of tr(a b†).</summary>
    public Table TraceSlots;

    /// <summary>Of each monomial up to three traces: 1 + j, −1 − j for the complex conjugate, or 0 for none.</summary>
    public Table Monomials;

    /// <summary>The term of each of the first monomials.</summary>
    public Table TermOf;

    /// <summary>Letters of a site.</summary>
    public int LetterCount;

    /// <summary>Nodes.</summary>
    public int NodeCount;

    /// <summary>Traces.</summary>
    public int TraceCount;

    /// <summary>Monomials.</summary>
    public int MonomialCount;

    /// <summary>Monomials that the potential consists of: the first ones.</summary>
    public int TermMonomials;

    /// <summary>Terms, each the sum of some monomials.</summary>
    public int Terms;

    /// <summary>From the slots of one item to those of the next; 0 where all work in the same.</summary>
    public int SlotStride;

    /// <summary>The same for traces.</summary>
    public int TraceStride;

    /// <summary>The weight of the divergence in ln|det|; 0: it is not asked for.</summary>
    public double DensityWeight;

    /// <summary>dL/d ln|det| of a replica of weight 1.</summary>
    public double DensityCotangent;

    /// <summary>Slots of a site.</summary>
    public readonly int SlotCount => 1 + (2 * LetterCount) + NodeCount;

    /// <summary>Slots of a site that values, cotangents and derivatives take, and one to spare.</summary>
    public static int SlotsOf(int letters, int nodes) => (4 * (1 + (2 * letters) + nodes)) + 2;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly PotentialOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Letters = Letters.At(place);
        bound.Gradients = Gradients.At(place);
        bound.Tangents = Tangents.At(place);
        bound.GradientTangents = GradientTangents.At(place);
        bound.Divergences = Divergences.At(place);
        bound.Sums = Sums.At(place);
        bound.Slots = Slots.At(place);
        bound.Traces = Traces.At(place);
        bound.ReplicaWeight = ReplicaWeight.At(place);
        return bound;
    }

    /// <summary>Factor <paramref name="factor"/> of a monomial: 1 where there is none.</summary>
    public readonly void Factor(int monomial, int factor, int traces, out T re, out T im)
    {
        int entry = T.Index(Monomials, (Factors * monomial) + factor);
        re = T.Of(1);
        im = T.Of(0);
        if (entry == 0) return;
        int j = 2 * (traces + (entry > 0 ? entry - 1 : -1 - entry));
        re = T.Load(Traces, j);
        im = T.Load(Traces, j + 1);
        if (entry < 0) im = -im;
    }

    /// <summary>The derivative of a factor: 0 where there is none.</summary>
    public readonly void FactorTangent(int monomial, int factor, int tangents, out T re, out T im)
    {
        int entry = T.Index(Monomials, (Factors * monomial) + factor);
        re = T.Of(0);
        im = T.Of(0);
        if (entry == 0) return;
        int j = 2 * (tangents + (entry > 0 ? entry - 1 : -1 - entry));
        re = T.Load(Traces, j);
        im = T.Load(Traces, j + 1);
        if (entry < 0) im = -im;
    }

    /// <summary>Adds (re + i im)* to the cotangent of a factor as it stands in the monomial: dL = Re((re + i im) dz).</summary>
    public readonly void AddCotangent(int monomial, int factor, int cotangents, T re, T im)
    {
        int entry = T.Index(Monomials, (Factors * monomial) + factor);
        if (entry == 0) return;
        int j = 2 * (cotangents + (entry > 0 ? entry - 1 : -1 - entry));
        T.Store(Traces, j, T.Load(Traces, j) + re);
        T.Store(Traces, j + 1, entry > 0 ? T.Load(Traces, j + 1) - im : T.Load(Traces, j + 1) + im);
    }
}
