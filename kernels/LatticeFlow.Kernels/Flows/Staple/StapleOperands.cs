using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The operands of a staple coupling, U′ = e^A U with A = −P(X) for every active link U: X the sum of all <see cref="StapleTerms"/> with their coefficients. What is linear in U is U M.
/// Fields are <c>[active]</c> unless said.
/// </summary>
/// <remarks>
/// Paths of an active link: its staples V_j; then the three links of each staple; then for each of those the path beside it in the plane of V_j, and those of other planes. To first order the staples alone.
/// </remarks>
public struct StapleOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The paths.</summary>
    public PathOperands<T> Paths;

    /// <summary>Which terms there are.</summary>
    public StapleTerms Terms;

    /// <summary>Staples of an active link, 2(D − 1).</summary>
    public int Staples;

    /// <summary>Paths beside a link of a staple: 2D − 3, or none to first order.</summary>
    public int Neighbours;

    /// <summary>The constant part of the coefficients, a shared field.</summary>
    public Reals<T> Constants;

    /// <summary>How much a term can add to the Lipschitz constant of U → A, for a coefficient of 1; a shared field.</summary>
    public Reals<T> Lipschitz;

    /// <summary>Network output, <c>[node][NetStride]</c>.</summary>
    public Reals<T> Net;

    /// <summary>dL/d(output), laid out alike.</summary>
    public Reals<T> NetCotangent;

    /// <summary>Numbers of a node; 0: no network.</summary>
    public int NetStride;

    /// <summary>Pairs: the active link, and its node in the network.</summary>
    public Table Active;

    /// <summary>The class of each plaquette where these have some, <c>[active][j]</c>.</summary>
    public Table Classes;

    /// <summary>c, <c>[active][term]</c>.</summary>
    public Reals<T> Coefficients;

    /// <summary>dL/dc, and then that by what c is made of before it is bounded, <c>[active][term]</c>.</summary>
    public Reals<T> CoefficientCotangents;

    /// <summary>X_ji = Σ_class c_R Q + c_E L Q† L, what is inserted in place of link i of V_j: a field of matrices <c>[active][j][i]</c>.</summary>
    public Reals<T> Insertions;

    /// <summary>Σ_class c_T Re t and Σ_class c_T′ Im t of the paths beside link i of V_j, <c>[active][j][i]{re, im}</c>.</summary>
    public Reals<T> Traces;

    /// <summary>M, a field of matrices.</summary>
    public Reals<T> Sums;

    /// <summary>Y with dL = Re tr(Y dM), a field of matrices.</summary>
    public Reals<T> SumCotangents;

    /// <summary>ln|det|.</summary>
    public Reals<T> LogDets;

    /// <summary>The weight of each replica in L.</summary>
    public Reals<T> ReplicaWeight;

    /// <summary>dL/d ln|det| of a replica of weight 1.</summary>
    public double LogDetCotangent;

    /// <summary>
    /// Elements of the work field from one item to the next: 0 on the CPU, where a worker does one item after the other; a device does them at once, and each needs numbers of its own.
    /// </summary>
    public int WorkStride;

    /// <summary>Links of a staple.</summary>
    public const int LinksOfStaple = 3;

    /// <summary>Links of all staples of an active link.</summary>
    public readonly int LinksOfOne => LinksOfStaple * Staples;

    /// <summary>Paths of an active link.</summary>
    public readonly int PathsOfOne => Neighbours == 0 ? Staples : Staples * (4 + (3 * Neighbours));

    /// <summary>The term of W_j of an active link.</summary>
    public readonly int PlaquetteTerm(int item, int j) => Terms.HasClasses ? T.Index(Classes, (item * Staples) + j) : StapleTerms.Plaquette;

    /// <summary>Staples that enter terms of two plaquettes: all, or none to first order.</summary>
    public readonly int Paired => Terms.HasPairs ? Staples : 0;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly StapleOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Paths = Paths.At(place);
        bound.Net = Net.At(place);
        bound.NetCotangent = NetCotangent.At(place);
        bound.Coefficients = Coefficients.At(place);
        bound.CoefficientCotangents = CoefficientCotangents.At(place);
        bound.Insertions = Insertions.At(place);
        bound.Traces = Traces.At(place);
        bound.Sums = Sums.At(place);
        bound.SumCotangents = SumCotangents.At(place);
        bound.LogDets = LogDets.At(place);
        bound.ReplicaWeight = ReplicaWeight.At(place);
        return bound;
    }

    /// <summary>The same operands, with the work field of one item.</summary>
    public readonly StapleOperands<T> Of(int item)
    {
        var own = this;
        own.Paths.Work = Paths.Work.From(item * WorkStride);
        return own;
    }

    /// <summary>V_j of an active link among the paths.</summary>
    public readonly int Staple(int item, int j) => (item * PathsOfOne) + j;

    /// <summary>Link i of V_j.</summary>
    public readonly int LinkOf(int item, int j, int i) => (item * PathsOfOne) + Staples + (3 * j) + i;

    /// <summary>The first path beside link i of V_j, the one in its plane.</summary>
    public readonly int NeighbourOf(int item, int j, int i) => (item * PathsOfOne) + (4 * Staples) + (((3 * j) + i) * Neighbours);

    /// <summary>Link i of V_j among the links of all staples of all active links.</summary>
    public readonly int Place(int item, int j, int i) => (item * LinksOfOne) + (LinksOfStaple * j) + i;

    /// <summary>The coefficient of a term of an active link.</summary>
    public readonly T Coefficient(int item, int term) => T.Load(Coefficients, (item * Terms.Count) + term);

    /// <summary>dL/dc += x.</summary>
    public readonly void AddToCoefficient(int item, int term, T x)
    {
        int e = (item * Terms.Count) + term;
        T.Store(CoefficientCotangents, e, T.Load(CoefficientCotangents, e) + x);
    }
}
