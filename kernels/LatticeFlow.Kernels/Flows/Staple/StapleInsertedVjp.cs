using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the links of staples and of the paths beside them where a pair of plaquettes shares such a link, and dL/dc of these pairs, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>
/// A path with dL = Re tr(Z dV) gains −Im tr(T_a V Z). With B_i what follows link i of V_j, times Y, times what goes before it: dL = Re tr(B_i dX_i) for X_i = c_R Q + c_E L Q† L in its place, so that
/// Q has Z = c_R B + c_E (L B L)†, and L has Z = c_E (Q†L B + B L Q†). The traces of L Q† have z = tr(Y V_j): dL = Re z c_T dRe t − Im z c_T′ dIm t.
/// </remarks>
public struct StapleInsertedVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 6;

    private const int LinksOfStaple = 3;
    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleInsertedVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int j = 0; j < operands.Staples; j++)
        {
            T zRe = T.Of(0), zIm = T.Of(0);
            if (operands.Terms.HasTraces)
            {
                var product = TLink.Local(operands.Paths.Work, 0);
                TLink.Multiply(Path(operands.Staple(item, j)), TLink.OpenMatrix(operands.SumCotangents, item), ref product);
                TLink.Trace(product, out zRe, out zIm);
            }

            for (int i = 0; i < LinksOfStaple; i++) Add(item, j, i, zRe, zIm);
        }
    }

    private readonly TLink Path(int path) => TLink.Open(operands.Paths.Values, path);

    // What follows link i of a staple: links up to its end, Y, and links from its beginning.
    private readonly TLink After(int item, int links, int place) =>
        place % (LinksOfStaple + 1) == LinksOfStaple ? TLink.OpenMatrix(operands.SumCotangents, item) : Path(links + (place % (LinksOfStaple + 1)));

    private readonly void Add(int item, int j, int i, T zRe, T zIm)
    {
        var work = operands.Paths.Work;
        TLink sum = TLink.Local(work, 0), plaquette = TLink.Local(work, 1), b = TLink.Local(work, 2), before = TLink.Local(work, 3), around = TLink.Local(work, 4), product = TLink.Local(work, 5);
        var cotangents = operands.Paths.PathCotangents;
        int links = operands.LinkOf(item, j, 0), own = operands.LinkOf(item, j, i), neighbour = operands.NeighbourOf(item, j, i);
        TLink.Multiply(After(item, links, i + 1), After(item, links, i + 2), ref product);
        TLink.Multiply(product, After(item, links, i + 3), ref b);
        TLink.Multiply(Path(own), b, ref before);
        TLink.Multiply(before, Path(own), ref around);
        for (int planes = 0; planes < (operands.Neighbours > 1 ? 2 : 1); planes++)
        {
            int term = planes == 0 ? operands.Terms.Planar : operands.Terms.Chair, count = planes == 0 ? 1 : operands.Neighbours - 1;
            T rectangle = operands.Coefficient(item, term + StapleTerms.Rectangle), twice = operands.Coefficient(item, term + StapleTerms.Double);
            StapleSums<TLink, T>.SumOf(operands, neighbour + planes, count, ref sum);
            TLink.Multiply(b, sum, ref product);
            TLink.Trace(product, out T re, out _);
            operands.AddToCoefficient(item, term + StapleTerms.Rectangle, re);
            TLink.MultiplyAdjoint(Path(own), sum, ref plaquette);
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
                TLink.MultiplyAdjoint(Path(path), Path(own), ref product);
                TLink.AddAlgebra(cotangents, path, -u, product);
                if (operands.Terms.HasImaginary) TLink.AddAlgebraReal(cotangents, path, v, product);
            }
        }
    }
}
