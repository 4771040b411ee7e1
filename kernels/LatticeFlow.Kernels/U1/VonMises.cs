using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.U1;

/// <summary>Draws from the density e^{κ cos δ} / 2π I₀(κ), 0 ≤ κ ≤ 10¹⁵⁰, by rejection from a wrapped Cauchy distribution.</summary>
/// <remarks>
/// Source: D. J. Best, N. I. Fisher, Applied Statistics 28 (1979) 152. Their formulae lose all digits as κ → 0 and half of them as κ → ∞;
/// the ones here are equal and lose none.
/// <list type="number">
/// <item>τ = 1 + √(1 + 4κ²), ρ = (τ − √2τ)/2κ = 2κ/(τ + √2τ), and 1 − ρ = (1 + 1/(√(1 + 4κ²) + 2κ) + √2τ)/(τ + √2τ).</item>
/// <item>Theirs: z = cos x, x uniform, r = (1 + ρ²)/2ρ, cos δ = (1 + r z)/(r + z), the sign of δ from a third number. The same δ, sign included,
/// is the map δ = 2 atan(λ tan(x/2)), λ = (1 − ρ)/(1 + ρ), of x uniform on (−π, π).</item>
/// <item>c = κ(r − cos δ) = ¼(τ + √2τ)(1 − ρ)²(1 + ρ)²/((1 − ρ)² + 4ρ cos²(x/2)); accept where u &lt; c e^{1−c}, u uniform on (0, 1).</item>
/// </list>
/// At κ = 0: ρ = 0, λ = 1, c = 1, every x is accepted. The acceptance falls to 0.66 as κ → ∞.
/// </remarks>
public readonly struct VonMises<T>
    where T : unmanaged, IReal64<T>
{
    // The chance that a draw needs more is below 10⁻¹⁰⁰; only NaN gets there, and must not hang.
    private const int MostAttempts = 256;
    private readonly T rho;
    private readonly T oneMinusRho;
    private readonly T scale;

    /// <summary>The distribution of concentration κ.</summary>
    public VonMises(T kappa)
    {
        T one = T.Of(1);
        T twoKappa = kappa + kappa;
        T root = T.Sqrt(T.Fma(twoKappa, twoKappa, one));
        T tau = one + root;
        T rootOfTwoTau = T.Sqrt(tau + tau);
        scale = tau + rootOfTwoTau;
        rho = twoKappa / scale;
        oneMinusRho = (one + one / (root + twoKappa) + rootOfTwoTau) / scale;
    }

    /// <summary>A draw in (−π, π) of each lane. Every attempt has its own random counter, so a lane's draw does not depend on how long others try.</summary>
    /// <param name="streams">The random numbers.</param>
    /// <param name="items">What the draw is for, as a link, as a word of each lane.</param>
    /// <param name="purpose">What for.</param>
    public T Draw(in Streams<T> streams, T items, int purpose)
    {
        T one = T.Of(1);
        T onePlusRho = one + rho;
        T fourRho = T.Of(4) * rho;
        T squareOfOneMinusRho = oneMinusRho * oneMinusRho;
        T numerator = T.Of(0.25) * scale * squareOfOneMinusRho * (onePlusRho * onePlusRho);
        T sin = T.Of(0);
        T cos = one;
        T pending = one;
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            Distribution.Uniform(streams.Block(items, purpose, attempt), out T first, out T u);
            Trigonometry.SinCos((first - T.Of(0.5)) * T.Of(Math.PI), out T s, out T c);
            T excess = numerator / T.Fma(fourRho, c * c, squareOfOneMinusRho);
            T bound = excess * Exponential.Exp(one - excess);
            T taken = T.SelectLess(u, bound, pending, T.Of(0));
            sin = T.SelectLess(T.Of(0.5), taken, s, sin);
            cos = T.SelectLess(T.Of(0.5), taken, c, cos);
            pending -= taken;
            if (T.AllLess(pending, T.Of(0.5))) break;
        }

        T angle = Arctangent.Atan2(oneMinusRho * sin, onePlusRho * cos);
        return angle + angle;
    }
}
