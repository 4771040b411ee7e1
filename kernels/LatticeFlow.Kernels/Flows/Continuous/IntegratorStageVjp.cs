using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// Back through the exponential of a stage, U′ = e^{iZ} U: the cotangent of U′ becomes that of U without what comes by way of Z; that of Z, with what later stages asked of it, gives Y = B h Z̄, the cotangent of
/// −∂S̃, and leaves A Z̄ for the stage before. An item is a link.
/// </summary>
/// <remarks>
/// dU′ U′† = i (dexp_Z dZ + e^{iZ} X e^{−iZ}) for dU = iXU, with dexp_Z = Σ_k (i ad Z)^k/(k + 1)!. So Z̄ = Σ_k (−i ad Z)^k/(k + 1)! Ū′ and Ū = e^{−iZ} Ū′ e^{iZ}. The series ends where its terms are below rounding; a
/// stage moves a link by much less than one.
/// </remarks>
public struct IntegratorStageVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    // e^x needs some thirty terms at x = 4, which ad Z reaches where the norm of Z is 2.
    private const int MostTerms = 40;
    private readonly double keep;
    private readonly double step;
    private readonly int isLast;
    private LetterOperands<T> operands;
    private Reals<T> exponents;
    private Reals<T> cotangents;
    private Reals<T> exponentCotangents;

    /// <summary>The kernel: A and B h of the stage; <paramref name="isLast"/> = 1 for the last stage of a step, after which nothing asks for Z; items = links.</summary>
    public IntegratorStageVjp(in LetterOperands<T> operands, Reals<T> exponents, Reals<T> cotangents, Reals<T> exponentCotangents, double keep, double step, int isLast)
    {
        this.operands = operands;
        this.exponents = exponents;
        this.cotangents = cotangents;
        this.exponentCotangents = exponentCotangents;
        this.keep = keep;
        this.step = step;
        this.isLast = isLast;
    }

    /// <summary>Matrices of the work field.</summary>
    public static int Slots => 4 + TLink.ExponentialSlots;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        exponents = exponents.At(place);
        cotangents = cotangents.At(place);
        exponentCotangents = exponentCotangents.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink z = TLink.Local(operands.Work, 0), term = TLink.Local(operands.Work, 1), next = TLink.Local(operands.Work, 2), product = TLink.Local(operands.Work, 3);
        int first = item * TLink.Generators;
        T norm = T.Of(Algebra.NormOf<TLink, T>());
        if (isLast != 0)
        {
            for (int a = 0; a < TLink.Generators; a++) T.Store(exponentCotangents, first + a, T.Of(0));
        }

        TLink.FromAlgebra(exponents, item, T.Of(1), ref z);
        TLink.FromAlgebra(cotangents, item, T.Of(1), ref term);
        TLink.TraceMultiplyAdjoint(term, term, out T size, out _);
        T limit = T.Of(T.IsDouble ? 1e-34 : 1e-16) * size + T.Of(1e-30);
        for (int k = 1; k <= MostTerms; k++)
        {
            TLink.AddAlgebra(exponentCotangents, item, norm, term);
            TLink.SetZero(ref next);
            LetterGradients<TLink, T>.AddCommutator(term, z, ref product, ref next);
            TLink.Scale(T.Of(1.0 / (k + 1)), ref next);
            TLink.Copy(next, ref term);
            TLink.TraceMultiplyAdjoint(term, term, out T square, out _);
            if (T.AllLess(square, limit)) break;
        }

        for (int a = 0; a < TLink.Generators; a++)
        {
            T cotangent = T.Load(exponentCotangents, first + a);
            T.Store(operands.LinkTangents, first + a, T.Of(step) * cotangent);
            T.Store(exponentCotangents, first + a, T.Of(keep) * cotangent);
        }

        TLink.Exponential(exponents, item, T.Of(1), operands.Work, 4, ref z);
        TLink.FromAlgebra(cotangents, item, T.Of(1), ref term);
        TLink.AdjointMultiply(z, term, ref product);
        TLink.Multiply(product, z, ref term);
        for (int a = 0; a < TLink.Generators; a++) T.Store(cotangents, first + a, T.Of(0));
        TLink.AddAlgebra(cotangents, item, norm, term);
    }
}
