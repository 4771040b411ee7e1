using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>∂_a L of the links L of staples and the paths Q beside them where a link is run through twice, c_E L Q† L, and dL/dc_E, from Y with dL = Re tr(Y dM), see <see cref="StapleSums{TLink, T}"/>; adds to both. An item is an active link.</summary>
/// <remarks>A path with dL = Re tr(Z dV) gains −Im tr(T_a V Z). With B of <see cref="StapleNeighboursVjp{TLink, T}"/>, which left L B in <see cref="StapleOperands{T}.Insertions"/>, Q has Z = c_E (L B L)†, and L has Z = c_E (Q†L B + B L Q†).</remarks>
public struct StapleBacktracksVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 2;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleBacktracksVjp(in StapleOperands<T> operands) => this.operands = operands;

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
        var work = operands.Paths.Work;
        TLink plaquette = TLink.Local(work, 0), product = TLink.Local(work, 1);
        var cotangents = operands.Paths.PathCotangents;
        int own = operands.LinkOf(item, 0, place), neighbour = operands.NeighbourOf(item, 0, place);
        var before = TLink.OpenMatrix(operands.Insertions, operands.Place(item, 0, place));
        for (int k = 0; k < operands.Neighbours; k++)
        {
            int term = (k == 0 ? operands.Terms.Planar : operands.Terms.Chair) + StapleTerms.Double, path = neighbour + k;
            T twice = operands.Coefficient(item, term);
            TLink.MultiplyAdjoint(Path(own), Path(path), ref plaquette);
            TLink.Multiply(before, plaquette, ref product);
            TLink.Trace(product, out T re, out _);
            operands.AddToCoefficient(item, term, re);

            // Q Z = c_E Q (L B L)† = c_E (L B L Q†)†, and the algebra part of X† is minus that of X.
            TLink.AddAlgebra(cotangents, path, twice, product);
            TLink.AddAlgebra(cotangents, own, -twice, product);
            TLink.Multiply(plaquette, before, ref product);
            TLink.AddAlgebra(cotangents, own, -twice, product);
        }
    }
}
