using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>What the gradient of a letter is worth to each of its links, and on request the derivative of that along Y. An item is a letter.</summary>
/// <remarks>
/// Let H = G, then H ← u† H u from step to step u = U or U†. A link that enters plainly gains H from before its step, one that enters daggered loses H from after it. Along U → e^{i s Y} U the derivative is
/// Ḣ ← U† (Ḣ + i [H, Y]) U, and for a daggered link U Ḣ U† + i [Y, U H U†]. Floor: two products a step, and six more with derivatives.
/// </remarks>
public struct LetterGradients<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 5;

    private readonly int wantsTangents;
    private LetterOperands<T> operands;

    /// <summary>The kernel of these operands; <paramref name="wantsTangents"/> = 1 for the derivatives, too; items = letters.</summary>
    public LetterGradients(in LetterOperands<T> operands, int wantsTangents)
    {
        this.operands = operands;
        this.wantsTangents = wantsTangents;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink gradient = TLink.Local(operands.Work, 0), tangent = TLink.Local(operands.Work, 1), other = TLink.Local(operands.Work, 2), y = TLink.Local(operands.Work, 3), spare = TLink.Local(operands.Work, 4);
        TLink.FromAlgebra(operands.Gradients, item, T.Of(1), ref gradient);
        if (wantsTangents != 0) TLink.FromAlgebra(operands.GradientTangents, item, T.Of(1), ref tangent);
        int end = T.Index(operands.Starts, item + 1);
        for (int k = T.Index(operands.Starts, item); k < end; k++)
        {
            int entry = T.Index(operands.Entries, k), number = entry < 0 ? -1 - entry : entry;
            var link = TLink.Open(operands.Links, number);
            if (wantsTangents != 0) TLink.FromAlgebra(operands.LinkTangents, number, T.Of(1), ref y);
            if (entry >= 0)
            {
                Put(operands.Steps, k, 1, gradient);
                if (wantsTangents != 0)
                {
                    Put(operands.StepTangents, k, 1, tangent);
                    AddCommutator(gradient, y, ref spare, ref tangent);
                    TLink.AdjointMultiply(link, tangent, ref other);
                    TLink.Multiply(other, link, ref tangent);
                }

                TLink.AdjointMultiply(link, gradient, ref other);
                TLink.Multiply(other, link, ref gradient);
                continue;
            }

            TLink.Multiply(link, gradient, ref other);
            TLink.MultiplyAdjoint(other, link, ref gradient);
            Put(operands.Steps, k, -1, gradient);
            if (wantsTangents == 0) continue;
            TLink.Multiply(link, tangent, ref other);
            TLink.MultiplyAdjoint(other, link, ref tangent);
            AddCommutator(y, gradient, ref spare, ref tangent);
            Put(operands.StepTangents, k, -1, tangent);
        }
    }

    /// <summary>c += a b − b a of anti-Hermitian matrices, which is the anti-Hermitian part of 2 a b.</summary>
    internal static void AddCommutator(in TLink a, in TLink b, ref TLink product, ref TLink c)
    {
        TLink.Multiply(a, b, ref product);
        TLink.AddScaled(T.Of(1), product, ref c);
        TLink.Multiply(b, a, ref product);
        TLink.AddScaled(T.Of(-1), product, ref c);
    }

    private static void Put(in Reals<T> algebra, int element, double sign, in TLink value)
    {
        for (int a = 0; a < TLink.Generators; a++) T.Store(algebra, (element * TLink.Generators) + a, T.Of(0));
        TLink.AddAlgebra(algebra, element, T.Of(sign * Algebra.NormOf<TLink, T>()), value);
    }
}
