using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Priors;

/// <summary>θ_μ(x) → θ_μ(x) + ω(x) − ω(x+μ), wrapped. An item is a link.</summary>
public struct RandomGauge<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>θ, <c>[link]</c>.</summary>
    public Sums Links;

    /// <summary>ω, from element <see cref="FirstAngle"/> on, <c>[site]</c>.</summary>
    public Sums Angles;

    /// <summary><c>[link]{x, x+μ}</c>.</summary>
    public Table Sites;

    /// <summary>Where ω starts.</summary>
    public int FirstAngle;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At<T>(place);
        Angles = Angles.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T here = T.LoadFrom(Angles, FirstAngle + T.Index(Sites, 2 * item));
        T there = T.LoadFrom(Angles, FirstAngle + T.Index(Sites, (2 * item) + 1));
        T.StoreTo(Links, item, Angle.Wrap(T.LoadFrom(Links, item) + here - there));
    }
}
