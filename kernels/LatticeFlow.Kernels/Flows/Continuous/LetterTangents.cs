using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>How letters move with their links: P → e^{i s Y} P where U → e^{i s Y_U} U. An item is a letter.</summary>
/// <remarks>Y = Σ over the steps of A Y_U A† with A the product of the steps before, −A U† Y_U U A† for a daggered link; from the last step on, X ← Y_U + U X U†, or X ← U† (X − Y_U) U.</remarks>
public struct LetterTangents<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private LetterOperands<T> operands;

    /// <summary>The kernel of these operands; items = letters.</summary>
    public LetterTangents(in LetterOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        TLink sum = TLink.Local(operands.Work, 0), other = TLink.Local(operands.Work, 1), y = TLink.Local(operands.Work, 2);
        TLink.SetZero(ref sum);
        int first = T.Index(operands.Starts, item);
        for (int k = T.Index(operands.Starts, item + 1) - 1; k >= first; k--)
        {
            int entry = T.Index(operands.Entries, k), number = entry < 0 ? -1 - entry : entry;
            var link = TLink.Open(operands.Links, number);
            TLink.FromAlgebra(operands.LinkTangents, number, T.Of(1), ref y);
            if (entry >= 0)
            {
                TLink.Multiply(link, sum, ref other);
                TLink.MultiplyAdjoint(other, link, ref sum);
                TLink.AddScaled(T.Of(1), y, ref sum);
                continue;
            }

            TLink.AddScaled(T.Of(-1), y, ref sum);
            TLink.AdjointMultiply(link, sum, ref other);
            TLink.Multiply(other, link, ref sum);
        }

        for (int a = 0; a < TLink.Generators; a++) T.Store(operands.Tangents, (item * TLink.Generators) + a, T.Of(0));
        TLink.AddAlgebra(operands.Tangents, item, T.Of(Algebra.NormOf<TLink, T>()), sum);
    }
}
