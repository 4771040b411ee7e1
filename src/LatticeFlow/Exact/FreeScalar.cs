namespace LatticeFlow.Exact;

/// <summary>
/// The real scalar with S = Σ_x [Σ_μ (φ(x+μ) − φ(x))² + m² φ(x)²] on a torus: independent modes with ⟨|φ̃(p)|²⟩ = 1/(2 (p̂² + m²)), p̂² = Σ_μ 4 sin²(p_μ/2), p_μ = 2π n_μ/L_μ. Finite volume is exact.
/// </summary>
/// <remarks>Source: I. Montvay, G. Münster, Quantum Fields on a Lattice, Cambridge University Press (1994).</remarks>
public sealed class FreeScalar
{
    private readonly int[] _extents;
    private readonly double _massSquared;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> unless 0 &lt; m² &lt; ∞ and all extents are at least 1.</summary>
    public FreeScalar(double massSquared, params IReadOnlyList<int> extents)
    {
        if (!(massSquared > 0) || !double.IsFinite(massSquared))
            throw new ArgumentOutOfRangeException(nameof(massSquared), massSquared, "m^2 must be positive.");
        foreach (int extent in extents)
            ArgumentOutOfRangeException.ThrowIfLessThan(extent, 1, nameof(extents));
        (_extents, _massSquared) = ([.. extents], massSquared);
        Volume = extents.Aggregate(1L, (product, extent) => product * extent);
        (double sum, double logarithms) = OverMomenta(0, 0);
        (PhiSquared, LogPartitionFunction) = (sum / Volume, logarithms / 2);
    }

    /// <summary>Sites.</summary>
    public long Volume { get; }

    /// <summary>ln ∫ Π dφ e^{−S} = ½ Σ_p ln(π/(p̂² + m²)).</summary>
    public double LogPartitionFunction { get; }

    /// <summary>⟨φ(x)²⟩ = (1/V) Σ_p 1/(2 (p̂² + m²)).</summary>
    public double PhiSquared { get; }

    /// <summary>⟨(Σφ)²⟩/V = 1/(2 m²).</summary>
    public double MagnetizationSquared => 1 / (2 * _massSquared);

    /// <summary>⟨|Σφ|⟩/V, of a normal distribution √(2/π) times its width.</summary>
    public double MagnetizationAbsolute => Math.Sqrt(2 * MagnetizationSquared / (Math.PI * Volume));

    /// <summary>⟨(Σφ)⁴⟩/V², of a normal distribution three times the square of its variance.</summary>
    public double MagnetizationFourth => 3 * MagnetizationSquared * MagnetizationSquared;

    /// <summary>V (⟨M²⟩ − ⟨|M|⟩²), M = (1/V) Σ φ.</summary>
    public double Susceptibility => MagnetizationSquared * (1 - (2 / Math.PI));

    /// <summary>1/m, the correlation length of the second moment at every L_0 ≥ 2.</summary>
    public double CorrelationLength => 1 / Math.Sqrt(_massSquared);

    /// <summary>⟨C(t)⟩ = (1/L_0) Σ_n cos(2π n t/L_0)/(2 (4 sin²(π n/L_0) + m²)), the two-point function of zero spatial momentum along direction 0.</summary>
    public double TwoPoint(int separation)
    {
        int length = _extents[0];
        double sum = 0;
        for (int n = 0; n < length; n++)
            sum += Math.Cos(2 * Math.PI * n * separation / length) / (2 * (Hopping(n, length) + _massSquared));
        return sum / length;
    }

    // Σ 1/(2 (p̂² + m²)) and Σ ln(π/(p̂² + m²)) over the momenta of the directions from mu on, where the others add up to hopping.
    private (double Sum, double Logarithms) OverMomenta(int mu, double hopping)
    {
        if (mu == _extents.Length)
            return (1 / (2 * (hopping + _massSquared)), Math.Log(Math.PI / (hopping + _massSquared)));
        double sum = 0, logarithms = 0;
        for (int n = 0; n < _extents[mu]; n++)
        {
            (double one, double logarithm) = OverMomenta(mu + 1, hopping + Hopping(n, _extents[mu]));
            (sum, logarithms) = (sum + one, logarithms + logarithm);
        }

        return (sum, logarithms);
    }

    private static double Hopping(int n, int extent)
    {
        double sine = Math.Sin(Math.PI * n / extent);
        return 4 * sine * sine;
    }
}
