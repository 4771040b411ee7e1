using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.U1;

/// <summary>Draws the link from its density ∝ exp(κ cos(θ − φ)) given all others, (κ, φ) from its staples. The links of one launch share no plaquette.</summary>
public struct HeatBathDraw<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>β_p.</summary>
    public AngleCouplings<T> Couplings;

    /// <summary>The links of this launch, one an item.</summary>
    public Table LinksOfLaunch;

    /// <summary>Plaquette and three links of every staple.</summary>
    public Table StaplesOfLinks;

    /// <summary>The random numbers of the chain.</summary>
    public Streams<T> Streams;

    /// <summary>D.</summary>
    public int Dimensions;

    /// <summary>2(D−1).</summary>
    public int StaplesOfOne;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Couplings = Couplings.At(place);
        Streams = Streams.At(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int link = T.Index(LinksOfLaunch, item);
        AngleStaples.Sum(Links, Lanes, Couplings, StaplesOfLinks, link, StaplesOfOne, out T x, out T y);
        T kappa = T.Load(Strength, 0) * T.Sqrt(T.Fma(x, x, y * y));
        T delta = new VonMises<T>(kappa).Draw(Streams, Streams.Link(link, Dimensions), Purpose.Heatbath);
        T.Store(Links, link, Angle.Wrap(delta - Arctangent.Atan2(y, x)));
    }
}
