using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>The operands of a plaquette coupling layer's kernels.</summary>
public struct CouplingOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Link angles, <c>[link]</c>.</summary>
    public Reals<T> Links;

    /// <summary>dL/dθ of the links, <c>[link]</c>.</summary>
    public Reals<T> LinkCotangent;

    /// <summary>
    /// Network input, <c>[plaquette][<see cref="FeatureStride"/>]</c>: cos P, sin P of frozen plaquettes, 1, 0 of the others; where the stride
    /// is four, also cos R, sin R at active plaquettes, 0, 0 at the others.
    /// </summary>
    public Reals<T> Features;

    /// <summary>dL/d(input), <c>[plaquette][FeatureCotangentStride]</c>.</summary>
    public Reals<T> FeatureCotangent;

    /// <summary>Network output, <c>[plaquette][NetStride]</c>.</summary>
    public Reals<T> Net;

    /// <summary>dL/d(output), laid out as the output.</summary>
    public Reals<T> NetCotangent;

    /// <summary>dL/dP of the plaquettes as functions of the links, <c>[plaquette]</c>.</summary>
    public Reals<T> PlaquetteCotangent;

    /// <summary>ln h′ of the active plaquettes, <c>[active]</c>.</summary>
    public Reals<T> LogSlopes;

    /// <summary>The weight of each replica in the loss, <c>[0]</c>: 1, or 0 where a lane is idle.</summary>
    public Reals<T> ReplicaWeight;

    /// <summary>The links of every plaquette, see <c>PlaquetteTable.Links</c>.</summary>
    public Table PlaquetteLinks;

    /// <summary><c>[active]{plaquette, link, sign of the link in it}</c>.</summary>
    public Table Active;

    /// <summary>What each plaquette is: one of <see cref="PlaquetteRole"/>.</summary>
    public Table Roles;

    /// <summary>
    /// <c>[plaquette][6]</c>: the links of the 1×2 rectangle R around an active plaquette and its passive partner, where the active link drops
    /// out; l stands for θ_l, −1−l for −θ_l.
    /// </summary>
    public Table Rectangles;

    /// <summary><c>[plaquette]</c>: the passive partner of an active plaquette and the other way round.</summary>
    public Table Partners;

    /// <summary>Active plaquettes.</summary>
    public int ActiveCount;

    /// <summary>Numbers of one plaquette in the network's input: 2 (plaquettes) or 4 (rectangles as well).</summary>
    public int FeatureStride;

    /// <summary>Numbers of one plaquette in the network's output.</summary>
    public int NetStride;

    /// <summary>Numbers of one plaquette in the cotangent of the features.</summary>
    public int FeatureCotangentStride;

    /// <summary>dL/d ln h′, the same for every active plaquette: −1 where L = log q + S.</summary>
    public double LogSlopeCotangent;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly CouplingOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.LinkCotangent = LinkCotangent.At(place);
        bound.Features = Features.At(place);
        bound.FeatureCotangent = FeatureCotangent.At(place);
        bound.Net = Net.At(place);
        bound.NetCotangent = NetCotangent.At(place);
        bound.PlaquetteCotangent = PlaquetteCotangent.At(place);
        bound.LogSlopes = LogSlopes.At(place);
        bound.ReplicaWeight = ReplicaWeight.At(place);
        return bound;
    }

    /// <summary>The angle of a plaquette, θ_1 + θ_2 − θ_3 − θ_4, not wrapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Plaquette(int p) =>
        T.Load(Links, T.Index(PlaquetteLinks, 4 * p)) + T.Load(Links, T.Index(PlaquetteLinks, (4 * p) + 1))
        - T.Load(Links, T.Index(PlaquetteLinks, (4 * p) + 2)) - T.Load(Links, T.Index(PlaquetteLinks, (4 * p) + 3));

    /// <summary>The angle of the rectangle around an active plaquette and its partner, not wrapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Rectangle(int p)
    {
        T sum = T.Of(0.0);
        for (int k = 6 * p; k < (6 * p) + 6; k++)
        {
            int l = T.Index(Rectangles, k);
            sum = l >= 0 ? sum + T.Load(Links, l) : sum - T.Load(Links, -1 - l);
        }

        return sum;
    }
}

/// <summary>What a plaquette is to a coupling layer.</summary>
public static class PlaquetteRole
{
    /// <summary>It holds an active link, but not as its own: neither read nor written by the layer.</summary>
    public const int Passive = 0;

    /// <summary>None of its links moves: the network may look at it.</summary>
    public const int Frozen = 1;

    /// <summary>It is the one its active link is moved by.</summary>
    public const int Active = 2;
}
