using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>U → e^{A(U)} U and ln|det| of it, see <see cref="StapleOperands{T}"/> and <see cref="StapleJacobian{TLink, T}"/>. An item is an active link.</summary>
public struct StapleStep<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 4;

    private readonly int densityOnly;
    private StapleOperands<T> shared;

    /// <summary>The kernel of these operands; <paramref name="densityOnly"/> = 1 leaves U where it is; items = active links.</summary>
    public StapleStep(in StapleOperands<T> operands, int densityOnly)
    {
        shared = operands;
        this.densityOnly = densityOnly;
    }

    /// <summary>Numbers of the work field beside <see cref="Slots"/> matrices.</summary>
    public static int Elements(int staples) => StapleExponent<TLink, T>.Elements(staples) + StapleJacobian<TLink, T>.Elements(staples);

    /// <inheritdoc/>
    public void Bind(in Place place) => shared = shared.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var operands = shared.Of(item);
        var work = operands.Paths.Work;
        TLink x = TLink.Local(work, 0), a = TLink.Local(work, 1), basis = TLink.Local(work, 2), product = TLink.Local(work, 3);
        int first = Slots * TLink.WorkElements, active = T.Index(operands.Active, 2 * item);
        var link = TLink.Open(operands.Paths.Links, active);
        var exponent = new StapleExponent<TLink, T>(operands, item, first);
        var jacobian = new StapleJacobian<TLink, T>(operands, exponent, first + StapleExponent<TLink, T>.Elements(operands.Paired));
        exponent.Find(link, ref x, ref a);
        Diagonalise(operands, exponent, jacobian, ref x, ref a, ref basis, ref product);
        jacobian.Fill();
        T.Store(operands.LogDets, item, Elimination.LogDeterminant(jacobian.Matrix, TLink.Order * TLink.Order));
        if (densityOnly != 0) return;
        TLink.SetZero(ref a);
        for (int k = 0; k < TLink.Order; k++)
        {
            Trigonometry.SinCos(T.Load(jacobian.Phases, k), out T sin, out T cos);
            TLink.SetDiagonal(k, cos, sin, ref a);
        }

        TLink.Multiply(basis, a, ref product);
        TLink.MultiplyAdjoint(product, basis, ref a);
        TLink.Multiply(a, link, ref product);
        TLink.Copy(product, ref link);
        TLink.Store(operands.Paths.Links, active, link);
    }

    /// <summary>From X the basis in which A is diagonal, and α, X and W_j in it; a and product are spare.</summary>
    internal static void Diagonalise(
        in StapleOperands<T> operands, in StapleExponent<TLink, T> exponent, in StapleJacobian<TLink, T> jacobian, ref TLink x, ref TLink a, ref TLink basis, ref TLink product)
    {
        TLink.ProjectToAlgebra(x, ref a);
        TLink.Diagonalise(ref a, ref basis);
        for (int k = 0; k < TLink.Order; k++)
        {
            TLink.Entry(a, k, k, out _, out T im);
            T.Store(jacobian.Phases, k, -im);
        }

        Turn(basis, x, ref product, ref a);
        StapleJacobian<TLink, T>.Put(jacobian.X, a);
        for (int j = 0; j < operands.Paired; j++)
        {
            Turn(basis, exponent.Plaquette(j), ref product, ref a);
            StapleJacobian<TLink, T>.Put(StapleJacobian<TLink, T>.At(jacobian.W, j), a);
        }
    }

    /// <summary>result = basis† m basis.</summary>
    internal static void Turn(in TLink basis, in TLink m, ref TLink product, ref TLink result)
    {
        TLink.AdjointMultiply(basis, m, ref product);
        TLink.Multiply(product, basis, ref result);
    }

    /// <summary>result = basis m basis†.</summary>
    internal static void TurnBack(in TLink basis, in TLink m, ref TLink product, ref TLink result)
    {
        TLink.Multiply(basis, m, ref product);
        TLink.MultiplyAdjoint(product, basis, ref result);
    }
}
