using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>The sum of the staples around a U(1) link.</summary>
public static class AngleStaples
{
    /// <summary>Integers of a staple: plaquette p, links a, b, c.</summary>
    public const int IntegersOfOne = 4;

    /// <summary>
    /// (X, Y) = Σ_p β_p (cos α_p, sin α_p), α_p = θ_a − θ_b − θ_c: the plaquettes of the link are θ_link + α_p, so that they contribute
    /// −S = X cos θ_link − Y sin θ_link = κ cos(θ_link − φ), κ = √(X² + Y²), φ = −arg(X + iY).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum<T>(in Reals<T> links, in LaneShifts lanes, in AngleCouplings<T> couplings, in Table staples, int link, int staplesOfOne, out T x, out T y)
        where T : unmanaged, IReal<T>
    {
        x = T.Of(0);
        y = T.Of(0);
        int first = link * staplesOfOne * IntegersOfOne;
        int end = first + staplesOfOne * IntegersOfOne;
        for (int i = first; i < end; i += IntegersOfOne)
        {
            T angle = LinkReference.Load(links, lanes, T.Index(staples, i + 1)) - LinkReference.Load(links, lanes, T.Index(staples, i + 2))
                - LinkReference.Load(links, lanes, T.Index(staples, i + 3));
            Trigonometry.SinCos(angle, out T sin, out T cos);
            T beta = couplings.Of(T.Index(staples, i));
            x = T.Fma(beta, cos, x);
            y = T.Fma(beta, sin, y);
        }
    }
}
