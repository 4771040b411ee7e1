using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Priors;

/// <summary>Draws H = Σ h_a T_a with e^{iH} ∈ SU(3) from the density ∝ e^{(κ/3) Re tr U} with respect to Haar measure, exactly, by rejection from normal h_a.</summary>
/// <remarks>
/// <list type="number">
/// <item>Traceless H with eigenvalues λ_0 ≥ λ_1 ≥ λ_2, λ_0 − λ_2 &lt; 2π, cover SU(3) once, and dU = Π_{i&lt;j} (sin x_ij/x_ij)² dH, x_ij = (λ_i − λ_j)/2.</item>
/// <item>The density in H, over its value at 0, is e^f, f = (κ/3) Σ (cos λ_i − 1) + Σ_{i&lt;j} 2 ln(sin x_ij/x_ij).</item>
/// <item>With f ≤ −a Σ λ_i² everywhere, as Σ λ_i² = ½ Σ h_a²: draw h_a from normal distributions of variance 1/a, accept with probability e^{f + a Σ λ_i²}, and never outside of the cell.</item>
/// <item>The acceptance with the largest such a is 0.85 at κ = 1, 0.56 at 4, 0.35 at 6, 0.13 at 12, 0.07 at 20, 0.02 at 100, and 0.014 in the limit.</item>
/// <item>λ³ − c₁ λ − c₀ = 0, c₁ = ½ tr H², c₀ = det H: λ = 2r cos(φ + 2πk/3), r = √(c₁/3), cos 3φ = c₀/2r³.</item>
/// </list>
/// </remarks>
public readonly struct OnePlaquette3<T>
    where T : unmanaged, IReal64<T>
{
    // The chance that a draw needs more is below 0.986⁴⁰⁹⁶; it would be no number.
    private const int MostAttempts = 4096;
    private const int BlocksOfAttempt = 5;
    private const int Generators = 8;
    private const double ThirdOfTurn = 2.0943951023931953;
    private readonly T coupling;
    private readonly T tightness;

    /// <summary>The distribution of κ, with the a of the envelope.</summary>
    public OnePlaquette3(double kappa, double tightness)
    {
        coupling = T.Of(kappa / 3);
        this.tightness = T.Of(tightness);
    }

    /// <summary>A draw of each lane. Every attempt has its own random counter, so a lane's draw does not depend on how long others try.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="items">The item that the draw is for, as words.</param>
    /// <param name="purpose">One of <see cref="Purpose"/>; the draw uses all of the attempts of the item.</param>
    /// <param name="h">Where h_a go.</param>
    public void Draw(in Streams<T> streams, T items, int purpose, in Reals<T> h)
    {
        T one = T.Of(1), zero = T.Of(0), half = T.Of(0.5);
        T width = one / T.Sqrt(tightness);
        for (int a = 0; a < Generators; a++) T.Store(h, a, T.Of(double.NaN));
        T pending = one;
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            int block = BlocksOfAttempt * attempt;
            Distribution.Gaussian(streams.Block(items, purpose, block), out T h0, out T h1);
            Distribution.Gaussian(streams.Block(items, purpose, block + 1), out T h2, out T h3);
            Distribution.Gaussian(streams.Block(items, purpose, block + 2), out T h4, out T h5);
            Distribution.Gaussian(streams.Block(items, purpose, block + 3), out T h6, out T h7);
            Distribution.Uniform(streams.Block(items, purpose, block + 4), out T test, out _);
            h0 *= width;
            h1 *= width;
            h2 *= width;
            h3 *= width;
            h4 *= width;
            h5 *= width;
            h6 *= width;
            h7 *= width;
            T taken = T.SelectLess(test, Chance(h0, h1, h2, h3, h4, h5, h6, h7), pending, zero);
            Keep(h, 0, taken, h0);
            Keep(h, 1, taken, h1);
            Keep(h, 2, taken, h2);
            Keep(h, 3, taken, h3);
            Keep(h, 4, taken, h4);
            Keep(h, 5, taken, h5);
            Keep(h, 6, taken, h6);
            Keep(h, 7, taken, h7);
            pending -= taken;
            if (T.AllLess(pending, half)) break;
        }
    }

    private static void Keep(in Reals<T> h, int a, T taken, T value) => T.Store(h, a, T.SelectLess(T.Of(0.5), taken, value, T.Load(h, a)));

    // e^{f + a Σ λ²} inside of the cell, else 0.
    private T Chance(T h0, T h1, T h2, T h3, T h4, T h5, T h6, T h7)
    {
        T half = T.Of(0.5), one = T.Of(1);

        // H = [[d0, a01, a02], [a01*, d1, a12], [a02*, a12*, d2]], a = x + i y.
        T d2 = T.Of(-0.57735026918962576451) * h7, d0 = half * (h2 - d2), d1 = -half * (h2 + d2);
        T x01 = half * h0, y01 = -half * h1, x02 = half * h3, y02 = -half * h4, x12 = half * h5, y12 = -half * h6;
        T n01 = x01 * x01 + y01 * y01, n02 = x02 * x02 + y02 * y02, n12 = x12 * x12 + y12 * y12;
        T triple = x02 * (x01 * x12 - y01 * y12) + y02 * (x01 * y12 + y01 * x12);
        T c0 = d0 * d1 * d2 + triple + triple - d0 * n12 - d1 * n02 - d2 * n01;
        T c1 = half * (d0 * d0 + d1 * d1 + d2 * d2) + n01 + n02 + n12;
        T r = T.Sqrt(c1 * T.Of(1.0 / 3));
        T cosine = T.Max(-one, T.Min(one, half * c0 / (r * r * r)));
        T phi = Arctangent.Atan2(T.Sqrt(T.Max(T.Of(0), one - cosine * cosine)), cosine) * T.Of(1.0 / 3);
        T first = (r + r) * Trigonometry.Cos(phi), last = (r + r) * Trigonometry.Cos(phi + T.Of(ThirdOfTurn)), middle = -(first + last);
        T cosines = Trigonometry.Cos(first) + Trigonometry.Cos(middle) + Trigonometry.Cos(last);
        T ratio = Ratio(first - middle) * Ratio(middle - last) * Ratio(first - last);
        T chance = Exponential.Exp(coupling * (cosines - T.Of(3)) + tightness * (c1 + c1)) * ratio * ratio;
        return T.SelectLess(first - last, T.Of(2 * System.Math.PI), chance, T.Of(0));
    }

    // sin x/x of x = d/2.
    private static T Ratio(T d)
    {
        T x = T.Max(T.Of(1e-100), T.Of(0.5) * d);
        Trigonometry.SinCos(x, out T sin, out _);
        return sin / x;
    }
}
