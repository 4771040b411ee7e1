namespace LatticeFlow.Exact;

/// <summary>
/// Distribution of x = (1/N) Re tr P of one SU(2) or SU(3) plaquette with density e^{βx}/b_0 in Haar measure: that of every plaquette with Wilson's action where
/// the boundary is open in two dimensions, since plaquettes are independent there (Gross and Witten 1980).
/// </summary>
public sealed class PlaquetteDistribution
{
    // The subdivision stops when halves agree with the whole to this share of all probability.
    private const double Tolerance = 1e-12;
    private const int MostHalvings = 30;

    // For SU(3) the integral over one angle is by a Gauss rule whose order follows the width 1/√β of the weight.
    private const double LargestBetaSU3 = 400;

    private static readonly GaussLegendre s_outer = GaussLegendre.On(0, 1, 16);
    private readonly GaussLegendre _inner;
    private readonly double[] _spins;
    private readonly double _normalisation;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless N is 2 or 3 and 0 ≤ β ≤ 10,000 (N = 2) or 400 (N = 3).</summary>
    public PlaquetteDistribution(int colors, double beta)
    {
        if (colors is not (2 or 3))
            throw new ArgumentOutOfRangeException(nameof(colors), colors, "The distribution of one plaquette is known here for SU(2) and SU(3).");
        (Colors, Beta) = (colors, beta);
        CharacterCoefficients coefficients = CharacterCoefficients.Of(colors, beta, 2);
        (Mean, Variance) = Moments(coefficients);
        _spins = new double[coefficients.Representations.Count + 1];
        if (colors == 2)
        {
            for (int r = 0; r < coefficients.Representations.Count; r++)
                _spins[(int)Math.Round(coefficients.Representations.Dimension[r])] = coefficients.Values[r] / coefficients.Values[0];
        }

        _inner = GaussLegendre.On(0, 1, 24 + (int)Math.Ceiling(4 * Math.Sqrt(Math.Min(beta, LargestBetaSU3))));
        _normalisation = colors == 3 ? Integral(1) : 1;
    }

    /// <summary>N.</summary>
    public int Colors { get; }

    public double Beta { get; }

    /// <summary>⟨x⟩ = ∂ ln b_0/∂β.</summary>
    public double Mean { get; }

    /// <summary>⟨x²⟩ − ⟨x⟩² = ∂² ln b_0/∂β².</summary>
    public double Variance { get; }

    /// <summary>Least value of x: −1 for SU(2), −½ for SU(3) at the centre elements e^{±2πi/3}.</summary>
    public double Least => Colors == 2 ? -1 : -0.5;

    /// <summary>Probability of a plaquette below <paramref name="x"/>; absolute accuracy 1e-10 for SU(2), 1e-8 for SU(3).</summary>
    public double Cumulative(double x)
    {
        if (double.IsNaN(x))
            throw new ArgumentOutOfRangeException(nameof(x), x, "x must be a number.");
        if (x <= Least)
            return 0;
        if (x >= 1)
            return 1;
        return Math.Clamp(Colors == 2 ? SpinSum(Math.Acos(x)) : Integral(x) / _normalisation, 0, 1);
    }

    // P(θ' > θ), x = cos θ, density (2/π) Σ_m (b_m/b_1) sin θ sin mθ.
    private double SpinSum(double angle)
    {
        double below = angle / 2 - Math.Sin(2 * angle) / 4;
        for (int m = 2; m < _spins.Length; m++)
            below += _spins[m] * (Math.Sin((m - 1) * angle) / (m - 1) - Math.Sin((m + 1) * angle) / (m + 1)) / 2;
        return 1 - 2 / Math.PI * below;
    }

    // Eigenangles ψ ± φ and −2ψ: 3x = 2 cos ψ cos φ + cos 2ψ, |Δ|² = 16 sin²φ (cos φ − cos 3ψ)²; 0 ≤ ψ ≤ π/2 and 0 ≤ φ ≤ π by symmetry.
    // At fixed ψ the condition cuts off small φ; it starts and ends to do so where 2c² ± 2c = 1 + 3x, c = cos ψ, and there the integrand has kinks.
    private double Integral(double x)
    {
        var cuts = new List<double> { 0, Math.PI / 2 };
        double root = Math.Sqrt(1 + 2 * (1 + 3 * x));
        foreach (double c in (double[])[(root - 1) / 2, (root + 1) / 2, (1 - root) / 2])
        {
            if (c is > 0 and < 1)
                cuts.Add(Math.Acos(c));
        }

        cuts.Sort();
        double sum = 0;
        for (int i = 0; i + 1 < cuts.Count; i++)
        {
            (double from, double length) = (cuts[i], cuts[i + 1] - cuts[i]);
            // ψ = from + length (1 − cos t)/2 smooths what is a half-integer power at the cuts.
            double Integrand(double t) => length / 2 * Math.Sin(t) * Tail(from + length / 2 * (1 - Math.Cos(t)), x);
            sum += Adaptive(Integrand, 0, Math.PI, Rule(Integrand, 0, Math.PI), 0);
        }

        return sum;
    }

    private double Adaptive(Func<double, double> integrand, double from, double to, double whole, int depth)
    {
        double middle = (from + to) / 2, left = Rule(integrand, from, middle), right = Rule(integrand, middle, to);
        // Before it is known, the normalisation is measured by the part itself.
        double scale = _normalisation > 0 ? _normalisation : Math.Abs(left + right);
        return depth == MostHalvings || Math.Abs(left + right - whole) <= Tolerance * scale
            ? left + right
            : Adaptive(integrand, from, middle, left, depth + 1) + Adaptive(integrand, middle, to, right, depth + 1);
    }

    private static double Rule(Func<double, double> integrand, double from, double to)
    {
        double sum = 0;
        for (int i = 0; i < s_outer.Nodes.Length; i++)
            sum += s_outer.Weights[i] * integrand(from + (to - from) * s_outer.Nodes[i]);
        return sum * (to - from);
    }

    // ∫ dφ from where 2 cos ψ cos φ + cos 2ψ = 3x up to π.
    private double Tail(double psi, double x)
    {
        double cosine = Math.Cos(psi), third = Math.Cos(3 * psi), shift = Math.Cos(2 * psi);
        double bound = 3 * x - shift;
        double from = bound >= 2 * cosine ? 0 : bound <= -2 * cosine ? Math.PI : Math.Acos(bound / (2 * cosine));
        double sum = 0;
        for (int i = 0; i < _inner.Nodes.Length; i++)
        {
            (double sine, double u) = Math.SinCos(from + (Math.PI - from) * _inner.Nodes[i]);
            sum += _inner.Weights[i] * sine * sine * (u - third) * (u - third) * Math.Exp(Beta * ((2 * cosine * u + shift) / 3 - 1));
        }

        return sum * (Math.PI - from);
    }

    private static (double Mean, double Variance) Moments(CharacterCoefficients coefficients)
    {
        double[] first = new double[coefficients.Values.Length], second = new double[coefficients.Values.Length];
        coefficients.Representations.Multiply(coefficients.Values, first);
        coefficients.Representations.Multiply(first, second);
        double mean = first[0] / coefficients.Values[0];
        return (mean, second[0] / coefficients.Values[0] - mean * mean);
    }
}
