using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// A complex N×N matrix in the hands of a kernel: a link U ∈ U(1) or SU(N), or a sum of products of links. Kernels are written once against this interface. A
/// register form holds the numbers themselves (a GPU thread, small groups); a memory form is the address of the numbers, and its products are small methods with loops,
/// because a compiler for the CPU runs out of registers and of patience with anything else.
/// </summary>
/// <remarks>
/// Generators are Hermitian with tr(T_a T_b) = ½ δ_ab, a = 0 … <see cref="Generators"/> − 1, in the order of <see cref="AddAlgebra"/>'s form; for U(1) the one generator
/// is 1. An algebra field holds p_a of P = Σ p_a T_a, element link · Generators + a. Results never overlap operands unless a method says so. Results are passed by
/// reference because a memory form writes to the place that the reference names.
/// </remarks>
public interface ILink<TLink, T> : ISpectrum<TLink, T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>N.</summary>
    static abstract int Order { get; }

    /// <summary>Reals of a link in a field: 1 (angle), 4 (quaternion) or 2N² (row-major, real before imaginary part).</summary>
    static abstract int Components { get; }

    /// <summary>Dimension of the algebra: 1 or N² − 1.</summary>
    static abstract int Generators { get; }

    /// <summary>SU(2) subgroups (i, j), i &lt; j, of Cabibbo and Marinari: N(N − 1)/2. 0 for U(1).</summary>
    static abstract int Subgroups { get; }

    /// <summary>Elements of a work field that one matrix of the kernel's own takes; 0 for register forms.</summary>
    static abstract int WorkElements { get; }

    /// <summary>Matrices of its own that <see cref="Exponential"/> uses beside the result; 0 for register forms.</summary>
    static abstract int ExponentialSlots { get; }

    /// <summary>A matrix of the kernel's own, not yet set; number <paramref name="slot"/> of its work field.</summary>
    static abstract TLink Local(in Reals<T> work, int slot);

    /// <summary>A link of a field. A memory form names the place in the field: what is written to it is written to the field.</summary>
    static abstract TLink Open(in Reals<T> links, int link);

    /// <summary>A link of a field as other lanes hold it, see <see cref="IReal{T}.LoadShifted"/>; a memory form keeps it in <paramref name="local"/>.</summary>
    static abstract TLink OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in TLink local);

    /// <summary>Asks for a link to be brought near before it is opened: a hint that register forms ignore.</summary>
    static virtual void Prefetch(in Reals<T> links, int link)
    {
    }

    /// <summary>Writes a link to a field; nothing to do where it already is that place.</summary>
    static abstract void Store(in Reals<T> links, int link, in TLink value);

    /// <summary>c = 0.</summary>
    static abstract void SetZero(ref TLink c);

    /// <summary>c = 1.</summary>
    static abstract void SetOne(ref TLink c);

    /// <summary>c = a.</summary>
    static abstract void Copy(in TLink a, ref TLink c);

    /// <summary>c = a†.</summary>
    static abstract void Adjoint(in TLink a, ref TLink c);

    /// <summary>c = a b.</summary>
    static abstract void Multiply(in TLink a, in TLink b, ref TLink c);

    /// <summary>c = a b†.</summary>
    static abstract void MultiplyAdjoint(in TLink a, in TLink b, ref TLink c);

    /// <summary>c = a† b.</summary>
    static abstract void AdjointMultiply(in TLink a, in TLink b, ref TLink c);

    /// <summary>c += a b.</summary>
    static abstract void AddMultiply(in TLink a, in TLink b, ref TLink c);

    /// <summary>c += a b†.</summary>
    static abstract void AddMultiplyAdjoint(in TLink a, in TLink b, ref TLink c);

    /// <summary>c += a† b.</summary>
    static abstract void AddAdjointMultiply(in TLink a, in TLink b, ref TLink c);

    /// <summary>u = e u, in place.</summary>
    static abstract void MultiplyFromLeft(in TLink e, ref TLink u);

    /// <summary>c = s c.</summary>
    static abstract void Scale(T s, ref TLink c);

    /// <summary>c += s a.</summary>
    static abstract void AddScaled(T s, in TLink a, ref TLink c);

    /// <summary>tr a.</summary>
    static abstract void Trace(in TLink a, out T re, out T im);

    /// <summary>tr(a b†).</summary>
    static abstract void TraceMultiplyAdjoint(in TLink a, in TLink b, out T re, out T im);

    /// <summary>algebra_a += scale · Im tr(T_a w) for every generator: minus the derivative of Re tr w under w → e^{i s T_a} w.</summary>
    static abstract void AddAlgebra(in Reals<T> algebra, int link, T scale, in TLink w);

    /// <summary>algebra_a += scale · Re tr(T_a w) for every generator; nothing for SU(2), where it is 0 for every multiple of a group element.</summary>
    static abstract void AddAlgebraReal(in Reals<T> algebra, int link, T scale, in TLink w);

    /// <summary>c = i · scale · Σ_a p_a T_a, anti-Hermitian and (SU(N)) traceless.</summary>
    static abstract void FromAlgebra(in Reals<T> algebra, int link, T scale, ref TLink c);

    /// <summary>e = exp(i · scale · Σ_a p_a T_a), right to rounding for every argument of order up to 10³.</summary>
    /// <param name="algebra">p_a.</param>
    /// <param name="link">Which link's.</param>
    /// <param name="scale">The factor on P.</param>
    /// <param name="work">A work field with <see cref="ExponentialSlots"/> matrices from <paramref name="slot"/> on.</param>
    /// <param name="slot">The first of them.</param>
    /// <param name="e">The result.</param>
    static abstract void Exponential(in Reals<T> algebra, int link, T scale, in Reals<T> work, int slot, ref TLink e);

    /// <summary>
    /// c = (w − w†)/2 − tr(w − w†)/2N, anti-Hermitian and (SU(N)) traceless.
    /// </summary>
    static abstract void ProjectToAlgebra(in TLink w, ref TLink c);

    /// <summary>u = the group element next to u by Gram–Schmidt on its rows, the last one from the determinant. Idempotent to rounding.</summary>
    static abstract void Reunitarise(ref TLink u);

    /// <summary>Blocks of random reals that <see cref="Haar"/> uses of a link.</summary>
    static abstract int HaarBlocks { get; }

    /// <summary>u drawn from normalised Haar measure.</summary>
    static abstract void Haar<TRandom>(in TRandom random, ref TLink u)
        where TRandom : struct, IRandomReals<T>;

    /// <summary>
    /// The part of w that an SU(2) subgroup k sees: (a0, a1, a2, a3) with Re tr(g w) = Re tr of the rest + 2(g0 a0 − g·a) for g = g0 + i g·σ in rows and
    /// columns i, j of subgroup k.
    /// </summary>
    static abstract void Subgroup(in TLink w, int k, out T a0, out T a1, out T a2, out T a3);

    /// <summary>u = g u, in place, for g = g0 + i g·σ in subgroup k.</summary>
    static abstract void MultiplySubgroup(int k, T g0, T g1, T g2, T g3, ref TLink u);
}
