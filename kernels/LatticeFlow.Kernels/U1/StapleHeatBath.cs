using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.U1;

/// <summary>
/// The heat bath of a U(1) link with any staples V: the link is drawn from its density ∝ exp(Re U V) = exp(κ cos(θ − φ)), κ = |V|, φ = −arg V. The links of one launch are in no
/// common loop of the action.
/// </summary>
public struct StapleHeatBath<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The links, which are angles, and their staples.</summary>
    public Staples<T> Staples;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <summary>The links of this launch, one an item.</summary>
    public Table LinksOfLaunch;

    /// <summary>The random numbers of the chain.</summary>
    public Streams<T> Streams;

    /// <summary>D.</summary>
    public int Dimensions;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Staples = Staples.At(place);
        Strength = Strength.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int link = T.Index(LinksOfLaunch, item);
        var sum = Phase<T>.Local(Staples.Work, 0);
        Staples.Sum(link, ref sum);
        Phase<T>.Trace(sum, out T re, out T im);
        T scale = T.Load(Strength, 0) * Staples.Factor;
        re *= scale;
        im *= scale;
        T kappa = T.Sqrt(T.Fma(re, re, im * im));
        T delta = new VonMises<T>(kappa).Draw(Streams, Streams.Link(link, Dimensions), Purpose.Heatbath);
        T.Store(Staples.Links, link, Angle.Wrap(delta - Arctangent.Atan2(im, re)));
    }
}
