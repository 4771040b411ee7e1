using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Draws x = x0 + i x·σ ∈ SU(2) from the density ∝ e^{ζ x0} with respect to Haar measure, ζ ≥ 0: x0 ∈ (−1, 1) with density ∝ √(1 − x0²) e^{ζ x0}, the direction
/// of (x1, x2, x3) uniform.
/// </summary>
/// <remarks>
/// Source: for ζ ≥ <see cref="Crossing"/> A. D. Kennedy, B. J. Pendleton, Phys. Lett. B 156 (1985) 393; below M. Creutz, Phys. Rev. D 21 (1980) 2308. Written in δ = 1 − x0, so
/// that nothing cancels at large ζ, and both as one formula, so that lanes of either kind run together:
/// <list type="number">
/// <item>The density of δ ∈ (0, 2) is √(δ(2 − δ)) e^{−ζδ}.</item>
/// <item>Kennedy and Pendleton: ζδ = −ln(1 − u) − ln v cos²θ has the density √δ e^{−ζδ}; accept with probability √(1 − δ/2). The acceptance is
/// √(2πζ) e^{−ζ} I₁(ζ): 0.71 at the crossing, 0.96 at ζ = 10, 1 − 3/8ζ beyond.</item>
/// <item>Creutz: ζδ = −ln(1 − u(1 − e^{−2ζ})) has the density e^{−ζδ} on (0, 2); accept with probability √(δ(2 − δ)). The acceptance is π I₁(ζ)/2 sinh ζ: π/4 at
/// ζ = 0, 0.71 at the crossing.</item>
/// <item>|x| = √(δ(2 − δ)).</item>
/// </list>
/// </remarks>
public readonly struct VonMisesFisher<T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>Where both algorithms accept alike.</summary>
    public const double Crossing = 1.68;

    // The chance that a draw needs more is below 0.3²⁵⁶; only NaN gets there, and must not hang.
    private const int MostAttempts = 256;
    private const int BlocksOfAttempt = 2;
    private const int DirectionBlock = BlocksOfAttempt * MostAttempts;

    // Below this δ does not depend on ζ any more; keeps quotients of small numbers normal.
    private const double SmallestConcentration = 1e-100;
    private const double TwoPi = 6.2831853071795862;
    private readonly T zeta;

    /// <summary>The distribution of concentration ζ ≥ 0. A ζ that is no number gives x that are none.</summary>
    public VonMisesFisher(T zeta) => this.zeta = zeta;

    /// <summary>A draw of each lane. Every attempt has its own random counter, so a lane's draw does not depend on how long others try.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="items">The item that the draw is for, as words.</param>
    /// <param name="purpose">One of <see cref="Purpose"/>; the draw uses all of the attempts of the item.</param>
    /// <param name="x0">½ tr x.</param>
    /// <param name="x1">The part of σ₁.</param>
    /// <param name="x2">The part of σ₂.</param>
    /// <param name="x3">The part of σ₃.</param>
    public void Draw(in Streams<T> streams, T items, int purpose, out T x0, out T x1, out T x2, out T x3)
    {
        T one = T.Of(1);
        T delta = Depth(streams, items, purpose);
        T radius = T.Sqrt(delta * (T.Of(2) - delta));
        Distribution.Uniform(streams.Block(items, purpose, DirectionBlock), out T height, out T turn);
        T across = radius * T.Sqrt(T.Of(4) * height * (one - height));
        Trigonometry.SinCos((turn - T.Of(0.5)) * T.Of(TwoPi), out T sin, out T cos);
        x0 = one - delta;
        x1 = across * cos;
        x2 = across * sin;
        x3 = radius * T.Fma(T.Of(2), height, -one);
    }

    /// <summary>δ = 1 − x0 of a draw.</summary>
    private T Depth(in Streams<T> streams, T items, int purpose)
    {
        T one = T.Of(1);
        T zero = T.Of(0);
        T crossing = T.Of(Crossing);
        T concentration = T.Max(T.Of(SmallestConcentration), zeta);
        T inverse = one / concentration;

        // What Creutz's exponential is cut to, and what Kennedy and Pendleton add to it. One branch for the whole register: links see a small ζ rarely.
        T reach = one;
        if (!T.AllLess(crossing, concentration)) reach = T.SelectLess(concentration, crossing, -Exponential.Expm1(T.Of(-2) * concentration), one);
        T tail = T.SelectLess(concentration, crossing, zero, inverse);
        T delta = T.SelectLess(zeta, T.Of(double.PositiveInfinity), one, T.Of(double.NaN));
        T pending = one;
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            Distribution.Uniform(streams.Block(items, purpose, BlocksOfAttempt * attempt), out T u, out T v);
            Distribution.Uniform(streams.Block(items, purpose, (BlocksOfAttempt * attempt) + 1), out T turn, out T test);
            T cos = Trigonometry.Cos(turn * T.Of(TwoPi));
            T trial = T.Fnma(Logarithm.Log(v) * (cos * cos), tail, -Logarithm.Log1p(-reach * u) * inverse);
            T chance = T.Fnma(T.Of(0.5), trial, one);
            chance = T.SelectLess(concentration, crossing, (trial + trial) * chance, chance);
            T taken = T.SelectLess(test * test, chance, pending, zero);
            delta = T.SelectLess(T.Of(0.5), taken, trial, delta);
            pending -= taken;
            if (T.AllLess(pending, T.Of(0.5))) break;
        }

        return delta;
    }
}
