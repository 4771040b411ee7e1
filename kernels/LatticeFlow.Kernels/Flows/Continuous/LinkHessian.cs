using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Cotangent_a −= ∂_a (Y · ∂S̃ + y Lap S̃) of a link at fixed Y and y. An item is a link.</summary>
/// <remarks>
/// ∂_b (Y · ∂S̃) = d/ds d/dr S̃(e^{irY} e^{isT_b} U) and e^{irY} e^{isT_b} = e^{isT′_b} e^{irY} with T′_b = T_b + ir [Y, T_b] + …: the derivative of the gradient g along Y, and 2 tr(T_b i [g, Y]).
/// </remarks>
public struct LinkHessian<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private LetterOperands<T> operands;
    private Reals<T> cotangents;
    private Reals<T> gradients;

    /// <summary>The kernel of these operands; <paramref name="gradients"/> is an algebra field to spare; items = links.</summary>
    public LinkHessian(in LetterOperands<T> operands, Reals<T> cotangents, Reals<T> gradients)
    {
        this.operands = operands;
        this.cotangents = cotangents;
        this.gradients = gradients;
    }

    /// <summary>Matrices of the work field.</summary>
    public static int Slots => 4;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        cotangents = cotangents.At(place);
        gradients = gradients.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int first = T.Index(operands.FirstUses, item), end = T.Index(operands.FirstUses, item + 1);
        for (int a = 0; a < TLink.Generators; a++)
        {
            T sum = T.Of(0), tangent = T.Of(0);
            for (int k = first; k < end; k++)
            {
                int e = (T.Index(operands.Uses, k) * TLink.Generators) + a;
                sum += T.Load(operands.Steps, e);
                tangent += T.Load(operands.StepTangents, e);
            }

            int own = (item * TLink.Generators) + a;
            T.Store(gradients, own, sum);
            T.Store(cotangents, own, T.Load(cotangents, own) - tangent);
        }

        TLink g = TLink.Local(operands.Work, 0), y = TLink.Local(operands.Work, 1), product = TLink.Local(operands.Work, 2), commutator = TLink.Local(operands.Work, 3);
        TLink.FromAlgebra(gradients, item, T.Of(1), ref g);
        TLink.FromAlgebra(operands.LinkTangents, item, T.Of(1), ref y);
        TLink.SetZero(ref commutator);
        LetterGradients<TLink, T>.AddCommutator(g, y, ref product, ref commutator);
        TLink.AddAlgebra(cotangents, item, T.Of(-Algebra.NormOf<TLink, T>()), commutator);
    }
}
