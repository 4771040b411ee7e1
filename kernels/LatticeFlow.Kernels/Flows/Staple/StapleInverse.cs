using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// U from U′ = e^{A(U)} U: U ← e^{−A(U)} U′ from U = U′ on until the link moves by no more than <see cref="Tolerance"/>, every lane for itself. As the step contracts by
/// <see cref="StapleCoefficients{T}.Bound"/> at least there is one solution, and all steps come nearer to it. An item is an active link.
/// </summary>
public struct StapleInverse<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    // With the Lipschitz constant at its bound, 0.9^400 = 5·10⁻¹⁹.
    private const int MostSteps = 400;

    private StapleOperands<T> shared;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleInverse(in StapleOperands<T> operands) => shared = operands;

    /// <summary>Matrices of the work field.</summary>
    public static int Slots => 5 + TLink.ExponentialSlots;

    /// <summary>The last move, the root of the sum of the squares of all entries of a link, over √N.</summary>
    public static double Tolerance => T.IsDouble ? 2e-15 : 5e-7;

    /// <summary>Numbers of the work field beside <see cref="Slots"/> matrices.</summary>
    public static int Elements(int staples) => StapleExponent<TLink, T>.Elements(staples) + TLink.Generators;

    /// <inheritdoc/>
    public void Bind(in Place place) => shared = shared.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var operands = shared.Of(item);
        var work = operands.Paths.Work;
        TLink x = TLink.Local(work, 0), spare = TLink.Local(work, 1), image = TLink.Local(work, 2), next = TLink.Local(work, 3), e = TLink.Local(work, 4);
        int first = Slots * TLink.WorkElements, active = T.Index(operands.Active, 2 * item);
        var link = TLink.Open(operands.Paths.Links, active);
        var exponent = new StapleExponent<TLink, T>(operands, item, first);
        var algebra = work.From(first + StapleExponent<TLink, T>.Elements(operands.Paired));
        TLink.Copy(link, ref image);
        T limit = T.Of(TLink.Order * Tolerance * Tolerance), moving = T.Of(1);
        for (int step = 0; step < MostSteps; step++)
        {
            exponent.Find(link, ref x, ref spare);

            // −A = P(X).
            for (int a = 0; a < TLink.Generators; a++) T.Store(algebra, a, T.Of(0));
            TLink.AddAlgebra(algebra, 0, T.Of(Algebra.NormOf<TLink, T>()), x);
            TLink.Exponential(algebra, 0, T.Of(1), work, 5, ref e);
            TLink.Multiply(e, image, ref next);
            TLink.AddScaled(T.Of(-1), link, ref next);
            TLink.TraceMultiplyAdjoint(next, next, out T square, out _);
            TLink.AddScaled(moving, next, ref link);
            moving = T.SelectLess(square, limit, T.Of(0), moving);
            if (T.AllLess(moving, T.Of(0.5))) break;
        }

        TLink.Store(operands.Paths.Links, active, link);
    }
}
