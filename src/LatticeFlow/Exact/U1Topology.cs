namespace LatticeFlow.Exact;

/// <summary>
/// Topological sectors of two-dimensional U(1). Z(θ) = Σ_n A(n + θ/2π)^V with A(ν) = ∫ dφ/2π e^{β cos φ} cos νφ over (−π, π];
/// A is taken by Gauss–Legendre quadrature, as e^{iνφ} is periodic at integer ν only, and always relative to A(0) = I_0(β).
/// </summary>
internal sealed class U1Topology
{
    // Up to four plaquettes reach |Q| ≤ 1 only, and A(ν)^V falls too slowly to be summed.
    private const long LargestFewSectorVolume = 4;
    private const double Negligible = 1e-17;

    // Terms of the sum over ν below this: the omitted tail falls at least like ν⁻⁵.
    private const double NegligibleSector = 1e-15;
    private const double ChargeFloor = 1e-13;

    private readonly double _beta;
    private readonly long _volume;
    private readonly double[] _probabilities;

    public double ChargeSquared { get; }

    public U1Topology(BesselRatios bessel, long volume)
    {
        (_beta, _volume) = (bessel.Argument, volume);
        ChargeSquared = volume <= 2 ? 0 : SecondMoment(bessel);
        _probabilities = volume <= LargestFewSectorVolume ? [1 - ChargeSquared, ChargeSquared / 2] : Sectors();
    }

    /// <summary>Σ_Q P(Q) f(Q) of an f that is even in Q.</summary>
    public double Mean(Func<int, double> even) => _probabilities[0] * even(0) + 2 * _probabilities.Skip(1).Select((probability, i) => probability * even(i + 1)).Sum();

    /// <summary>(1/V) ∂ ln Z(θ)/∂β = Σ_n A(ν)^{V−1} ∫ dφ/2π e^{β cos φ} cos φ cos νφ / Σ_n A(ν)^V, ν = n + θ/2π; not a number on up to four plaquettes, where the sum hardly converges.</summary>
    public double PlaquetteAt(double theta)
    {
        if (_volume <= LargestFewSectorVolume)
            return double.NaN;
        int largestOrder = 64;
        GaussLegendre rule = Rule(largestOrder);
        double[] density = Density(rule);
        double numerator = 0, denominator = 0;
        // ν = θ/2π, θ/2π − 1, θ/2π + 1, …: a zero of A may silence one of a pair, not both over two units.
        for (int k = 0, silent = 0; silent < 4; k++)
        {
            double nu = theta / (2 * Math.PI) + (k % 2 == 0 ? k / 2 : -(k + 1) / 2);
            if (Math.Abs(nu) > largestOrder)
            {
                largestOrder *= 2;
                rule = Rule(largestOrder);
                density = Density(rule);
            }

            double deficit = 0, cosine = 0;
            for (int i = 0; i < density.Length; i++)
            {
                deficit += 2 * density[i] * Math.Pow(Math.Sin(nu * rule.Nodes[i] / 2), 2);
                cosine += density[i] * Math.Cos(rule.Nodes[i]) * Math.Cos(nu * rule.Nodes[i]);
            }

            double power = Power(deficit, _volume - 1);
            numerator += power * cosine;
            denominator += power * (1 - deficit);
            silent = Math.Abs(power) < NegligibleSector * Math.Abs(denominator) ? silent + 1 : 0;
        }

        return numerator / denominator;
    }

    public double Probability(int charge) => Math.Abs((long)charge) < _probabilities.Length ? _probabilities[Math.Abs(charge)] : 0;

    // With a = A(n), a' = dA/dν, a'' = d²A/dν²: ⟨Q²⟩ = −(1/4π²) Σ_n [V(V−1) a^{V−2} a'² + V a^{V−1} a''] / Σ_n a^V.
    // One or two plaquettes hold no charge: |θ_1 + θ_2| = 2π needs both on the branch cut.
    private double SecondMoment(BesselRatios bessel)
    {
        GaussLegendre rule = Rule(bessel.Ratio.Length);
        double[] density = Density(rule);
        double numerator = 0, denominator = 0, scale = 0;
        for (int n = 0; n < bessel.Ratio.Length; n++)
        {
            double a = bessel[n], power = Math.Pow(a, _volume - 2);
            if (power < Negligible)
                break;
            double first = 0, second = 0;
            for (int k = 0; k < density.Length; k++)
            {
                double phi = rule.Nodes[k];
                (double sine, double cosine) = Math.SinCos(n * phi);
                first -= density[k] * phi * sine;
                second -= density[k] * phi * phi * cosine;
            }

            double twice = n == 0 ? 1 : 2;
            numerator -= twice * power * ((_volume - 1) * first * first + a * second);
            denominator += twice * power * a * a;
            if (n == 0)
                scale = -second;
        }

        double moment = numerator / denominator;
        return moment < ChargeFloor * scale ? 0 : moment * _volume / (4 * Math.PI * Math.PI);
    }

    // P(Q) ∝ Σ_k A(k/M)^V cos(2πkQ/M) over all integers k: the trapezoidal rule for ∫ dν A(ν)^V e^{2πiνQ}, which sees no error but the sectors Q ± M, …
    private double[] Sectors()
    {
        int largest = (int)Math.Min((_volume - 1) / 2, 4 + Math.Ceiling(10 * Math.Sqrt(ChargeSquared)));
        int period = 2 * largest + 2;
        int largestOrder = 64;
        GaussLegendre rule = Rule(largestOrder);
        double[] density = Density(rule);
        var sums = new double[largest + 1];
        // A(ν) has zeros, so the sum ends only when two whole units of ν gave nothing.
        for (int k = 0, silent = 0; silent < 2 * period; k++)
        {
            double nu = k / (double)period;
            if (nu > largestOrder)
            {
                largestOrder *= 2;
                rule = Rule(largestOrder);
                density = Density(rule);
            }

            // 1 − A(ν)/A(0) keeps its digits where a large V needs them.
            double deficit = 0;
            for (int i = 0; i < density.Length; i++)
                deficit += 2 * density[i] * Math.Pow(Math.Sin(nu * rule.Nodes[i] / 2), 2);
            double power = Power(deficit, _volume);
            double term = (k == 0 ? 1 : 2) * power;
            silent = Math.Abs(term) < NegligibleSector ? silent + 1 : 0;
            for (int q = 0; q <= largest && term != 0; q++)
                sums[q] += term * Math.Cos(2 * Math.PI * ((long)k * q % period) / period);
        }

        double total = sums[0] + 2 * sums.Skip(1).Sum();
        return [.. sums.Select(x => Math.Max(0, x / total))];
    }

    private static double Power(double deficit, long exponent) => deficit < 0.5 ? Math.Exp(exponent * BesselRatios.LogOnePlus(-deficit)) : Math.Pow(1 - deficit, exponent);

    // Enough nodes on the half circle, cut where e^{β cos φ} has fallen by e^{−50}, for cos νφ up to the largest ν.
    private GaussLegendre Rule(int largestOrder)
    {
        double end = _beta <= 25 ? Math.PI : 2 * Math.Asin(Math.Sqrt(25 / _beta));
        int points = 80 + (int)Math.Ceiling(largestOrder * end);
        return GaussLegendre.On(0, end, points);
    }

    // dφ e^{β (cos φ − 1)}, normalised to sum 1.
    private double[] Density(GaussLegendre rule)
    {
        double[] weights = [.. rule.Nodes.Select((phi, k) => rule.Weights[k] * Math.Exp(-2 * _beta * Math.Pow(Math.Sin(phi / 2), 2)))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
