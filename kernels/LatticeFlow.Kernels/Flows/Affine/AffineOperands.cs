using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Kernels.Flows;

/// <summary>The operands of the kernels of an affine coupling of a scalar.</summary>
public struct AffineOperands<T>
    where T : unmanaged, IReal<T>
{
    // Tails like those of φ^1.65 at most: heavier ones would overflow after some layers.
    private const double LargestTail = 0.5;

    /// <summary>φ, <c>[site]</c>.</summary>
    public Reals<T> Values;

    /// <summary>∂L/∂φ, <c>[site]</c>.</summary>
    public Reals<T> Cotangents;

    /// <summary>Network input, <c>[site][<see cref="FeatureStride"/>]</c>: φ of frozen sites, 0 of active ones.</summary>
    public Reals<T> Features;

    /// <summary>dL/d(input), <c>[site][<see cref="FeatureCotangentStride"/>]</c>.</summary>
    public Reals<T> FeatureCotangents;

    /// <summary>Network output, <c>[site][<see cref="NetStride"/>]</c>: what s, t and of a shape ε, d are made of.</summary>
    public Reals<T> Net;

    /// <summary>dL/d(output), laid out as the output.</summary>
    public Reals<T> NetCotangents;

    /// <summary>ln ∂φ′/∂φ of the active sites, <c>[active]</c>: ln|det| is their sum.</summary>
    public Reals<T> LogSlopes;

    /// <summary>The weight of each replica in the loss, <c>[0]</c>: 1, or 0 where a lane is idle.</summary>
    public Reals<T> ReplicaWeight;

    /// <summary>The active sites.</summary>
    public Table Active;

    /// <summary>1 for each active site, 0 for each frozen one.</summary>
    public Table IsActive;

    /// <summary>The frozen sites that the network reads.</summary>
    public Table Read;

    /// <summary>Numbers of a site in the network's input.</summary>
    public int FeatureStride;

    /// <summary>Numbers of a site in the cotangent of the input.</summary>
    public int FeatureCotangentStride;

    /// <summary>Numbers of a site in the network's output.</summary>
    public int NetStride;

    /// <summary>t = a(output 1): one of <see cref="Activation"/>. All others are hyperbolic tangents, d half of one.</summary>
    public int ShiftBound;

    /// <summary>1 where the map has a shape and the network four outputs, else 0.</summary>
    public int Shape;

    /// <summary>dL/d ln|det| of a replica of weight 1: −1 where L = log q + S.</summary>
    public double LogDetCotangent;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly AffineOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Values = Values.At(place);
        bound.Cotangents = Cotangents.At(place);
        bound.Features = Features.At(place);
        bound.FeatureCotangents = FeatureCotangents.At(place);
        bound.Net = Net.At(place);
        bound.NetCotangents = NetCotangents.At(place);
        bound.LogSlopes = LogSlopes.At(place);
        bound.ReplicaWeight = ReplicaWeight.At(place);
        return bound;
    }

    /// <summary>The map of a site.</summary>
    public readonly AffineMap<T> Map(int site)
    {
        int e = site * NetStride;
        var map = new AffineMap<T> { Shape = Shape };
        map.Scale = Activation.Apply(Activation.Tanh, T.Load(Net, e), out _);
        map.Shift = Activation.Apply(ShiftBound, T.Load(Net, e + 1), out _);
        if (Shape == 0) return map;
        map.Skew = Activation.Apply(Activation.Tanh, T.Load(Net, e + 2), out _);
        map.Tail = T.Of(LargestTail) * Activation.Apply(Activation.Tanh, T.Load(Net, e + 3), out _);
        return map;
    }

    /// <summary>Writes dL/d(network output) of a site and returns dL/dφ, from dL/dφ′ and dL/d ln|det|.</summary>
    public readonly T StoreNetCotangents(in AffineMap<T> map, int site, in T x, in T cotangent, in T logDetCotangent)
    {
        T result = map.VectorJacobianProduct(x, cotangent, logDetCotangent, out T ofScale, out T ofShift, out T ofSkew, out T ofTail);
        int e = site * NetStride;
        T one = T.Of(1.0);
        T.Store(NetCotangents, e, ofScale * T.Fnma(map.Scale, map.Scale, one));
        T.Store(NetCotangents, e + 1, ShiftBound == Activation.Tanh ? ofShift * T.Fnma(map.Shift, map.Shift, one) : ofShift);
        if (Shape == 0) return result;
        T.Store(NetCotangents, e + 2, ofSkew * T.Fnma(map.Skew, map.Skew, one));
        T.Store(NetCotangents, e + 3, ofTail * T.Fnma(map.Tail * T.Of(1 / LargestTail), map.Tail, T.Of(LargestTail)));
        return result;
    }
}
