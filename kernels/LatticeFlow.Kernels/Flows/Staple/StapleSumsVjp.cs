using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the paths, and dL/dc, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>
/// A path with dL = Re tr(Z dV) gains −Im tr(T_a V Z). With B_i what follows link i of V_j, times Y, times what goes before it: dL = Re tr(B_i dX_i) for X_i = c_R Q + c_E L Q† L in its place, so that
/// Q has Z = c_R B + c_E (L B L)†, and L has Z = c_E (Q†L B + B L Q†). The traces of L Q† have z = tr(Y V_j): dL = Re z c_T dRe t − Im z c_T′ dIm t.
/// </remarks>
public struct StapleSumsVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 10;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleSumsVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int j = 0; j < operands.Staples; j++) Add(item, j);
    }

    private readonly TLink Path(int path) => TLink.Open(operands.Paths.Values, path);

    private readonly void Add(int item, int j)
    {
        var work = operands.Paths.Work;
        TLink first = TLink.Local(work, 0), second = TLink.Local(work, 1), third = TLink.Local(work, 2);
        TLink product = TLink.Local(work, 3), other = TLink.Local(work, 4);
        T re = operands.Coefficient(item, StapleTerms.Plaquette), im = T.Of(0);
        StapleSums<TLink, T>.Insert(operands, item, j, 0, ref first, ref product, ref other, ref re, ref im);
        StapleSums<TLink, T>.Insert(operands, item, j, 1, ref second, ref product, ref other, ref re, ref im);
        StapleSums<TLink, T>.Insert(operands, item, j, 2, ref third, ref product, ref other, ref re, ref im);
        var y = TLink.OpenMatrix(operands.SumCotangents, item);
        var cotangents = operands.Paths.PathCotangents;
        int staple = operands.Staple(item, j), link = operands.LinkOf(item, j, 0);
        TLink.Multiply(Path(staple), y, ref product);
        TLink.AddAlgebra(cotangents, staple, -re, product);
        if (operands.Terms.HasImaginary) TLink.AddAlgebraReal(cotangents, staple, -im, product);
        TLink.Trace(product, out T zRe, out T zIm);
        operands.AddToCoefficient(item, StapleTerms.Plaquette, zRe);

        // The links of the staple where they go before or after what was inserted.
        TLink.Multiply(second, Path(link + 2), ref product);
        TLink.AddMultiply(Path(link + 1), third, ref product);
        TLink.Multiply(product, y, ref other);
        AddTo(link, other, ref product);
        TLink.Multiply(Path(link + 2), y, ref product);
        TLink.Multiply(product, first, ref other);
        TLink.Multiply(third, y, ref product);
        TLink.AddMultiply(product, Path(link), ref other);
        AddTo(link + 1, other, ref product);
        TLink.Multiply(first, Path(link + 1), ref product);
        TLink.AddMultiply(Path(link), second, ref product);
        TLink.Multiply(y, product, ref other);
        AddTo(link + 2, other, ref product);

        // What was inserted: B_i in place of X_i.
        TLink.Multiply(Path(link + 1), Path(link + 2), ref product);
        TLink.Multiply(product, y, ref first);
        TLink.Multiply(Path(link + 2), y, ref product);
        TLink.Multiply(product, Path(link), ref second);
        TLink.Multiply(y, Path(link), ref product);
        TLink.Multiply(product, Path(link + 1), ref third);
        AddInserted(item, j, 0, first, zRe, zIm);
        AddInserted(item, j, 1, second, zRe, zIm);
        AddInserted(item, j, 2, third, zRe, zIm);
    }

    // A path with dL = Re tr(z dV).
    private readonly void AddTo(int path, in TLink z, ref TLink product)
    {
        TLink.Multiply(Path(path), z, ref product);
        TLink.AddAlgebra(operands.Paths.PathCotangents, path, T.Of(-1), product);
    }

    private readonly void AddInserted(int item, int j, int i, in TLink b, T zRe, T zIm)
    {
        var work = operands.Paths.Work;
        TLink sum = TLink.Local(work, 5), plaquette = TLink.Local(work, 6), before = TLink.Local(work, 7), around = TLink.Local(work, 8), product = TLink.Local(work, 9);
        var cotangents = operands.Paths.PathCotangents;
        int own = operands.LinkOf(item, j, i), neighbour = operands.NeighbourOf(item, j, i);
        var link = Path(own);
        TLink.Multiply(link, b, ref before);
        TLink.Multiply(before, link, ref around);
        for (int planes = 0; planes < (operands.Neighbours > 1 ? 2 : 1); planes++)
        {
            int term = planes == 0 ? operands.Terms.Planar : operands.Terms.Chair, count = planes == 0 ? 1 : operands.Neighbours - 1;
            T rectangle = operands.Coefficient(item, term + StapleTerms.Rectangle), twice = operands.Coefficient(item, term + StapleTerms.Double);
            StapleSums<TLink, T>.SumOf(operands, neighbour + planes, count, ref sum);
            TLink.Multiply(b, sum, ref product);
            TLink.Trace(product, out T re, out _);
            operands.AddToCoefficient(item, term + StapleTerms.Rectangle, re);
            TLink.MultiplyAdjoint(link, sum, ref plaquette);
            TLink.Multiply(plaquette, before, ref product);
            TLink.Trace(product, out re, out _);
            operands.AddToCoefficient(item, term + StapleTerms.Double, re);
            TLink.AddMultiply(before, plaquette, ref product);
            TLink.AddAlgebra(cotangents, own, -twice, product);
            T u = T.Of(0), v = T.Of(0);
            if (operands.Terms.HasTraces)
            {
                TLink.Trace(plaquette, out T tRe, out T tIm);
                u = zRe * operands.Coefficient(item, term + StapleTerms.NeighbourReal);
                operands.AddToCoefficient(item, term + StapleTerms.NeighbourReal, zRe * tRe);
                TLink.AddAlgebra(cotangents, own, -u, plaquette);
                if (operands.Terms.HasImaginary)
                {
                    v = zIm * operands.Coefficient(item, term + StapleTerms.NeighbourImaginary);
                    operands.AddToCoefficient(item, term + StapleTerms.NeighbourImaginary, -(zIm * tIm));
                    TLink.AddAlgebraReal(cotangents, own, -v, plaquette);
                }
            }

            for (int k = 0; k < count; k++)
            {
                int path = neighbour + planes + k;
                TLink.Multiply(Path(path), b, ref product);
                TLink.AddAlgebra(cotangents, path, -rectangle, product);
                TLink.MultiplyAdjoint(Path(path), around, ref product);
                TLink.AddAlgebra(cotangents, path, -twice, product);
                if (!operands.Terms.HasTraces) continue;
                TLink.MultiplyAdjoint(Path(path), link, ref product);
                TLink.AddAlgebra(cotangents, path, -u, product);
                if (operands.Terms.HasImaginary) TLink.AddAlgebraReal(cotangents, path, v, product);
            }
        }
    }
}
