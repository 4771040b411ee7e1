using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the links L of staples and the paths Q beside them where t = tr(L Q†) is a coefficient, and dL/dc of these terms, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>With z = tr(Y V_j): dL = Re z c_T dRe t − Im z c_T′ dIm t.</remarks>
public struct StapleTracesVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 1;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleTracesVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        for (int place = 0; place < operands.LinksOfOne; place++) Add(item, place);
    }

    private readonly TLink Path(int path) => TLink.Open(operands.Paths.Values, path);

    private readonly void Add(int item, int place)
    {
        var product = TLink.Local(operands.Paths.Work, 0);
        var cotangents = operands.Paths.PathCotangents;
        int own = operands.LinkOf(item, 0, place), neighbour = operands.NeighbourOf(item, 0, place);
        TLink.Multiply(Path(operands.Staple(item, place / StapleOperands<T>.LinksOfStaple)), TLink.OpenMatrix(operands.SumCotangents, item), ref product);
        TLink.Trace(product, out T zRe, out T zIm);
        for (int k = 0; k < operands.Neighbours; k++)
        {
            int term = k == 0 ? operands.Terms.Planar : operands.Terms.Chair, path = neighbour + k;
            T u = zRe * operands.Coefficient(item, term + StapleTerms.NeighbourReal);
            TLink.MultiplyAdjoint(Path(path), Path(own), ref product);
            TLink.Trace(product, out T re, out T im);
            TLink.AddAlgebra(cotangents, path, -u, product);
            operands.AddToCoefficient(item, term + StapleTerms.NeighbourReal, zRe * re);
            if (operands.Terms.HasImaginary)
            {
                // im = −Im t.
                T v = zIm * operands.Coefficient(item, term + StapleTerms.NeighbourImaginary);
                operands.AddToCoefficient(item, term + StapleTerms.NeighbourImaginary, zIm * im);
                TLink.AddAlgebraReal(cotangents, path, v, product);
                TLink.MultiplyAdjoint(Path(own), Path(path), ref product);
                TLink.AddAlgebra(cotangents, own, -u, product);
                TLink.AddAlgebraReal(cotangents, own, -v, product);
            }
            else
            {
                TLink.MultiplyAdjoint(Path(own), Path(path), ref product);
                TLink.AddAlgebra(cotangents, own, -u, product);
            }
        }
    }
}
