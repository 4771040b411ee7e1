namespace LatticeFlow.Tests;

/// <summary>
/// Two-dimensional U(1) on a torus of V plaquettes: Z = Σ_n b_n^V, b_n = I_n(β). With J_n^(k) = ∫ dφ/2π φ^k e^{β cos φ} e^{inφ}, ⟨Q²⟩ is −Z''(θ)/Z(θ) at θ = 0
/// of Z(θ) = Σ_n J(n + θ/2π)^V.
/// </summary>
internal static class ExactTorus
{
    private const int Points = 20000;
    private const int MostCharacters = 60;

    public static double Plaquette(double beta, int volume)
    {
        double z = 0;
        double derivative = 0;
        double scale = Integral(0, phi => Weight(beta, phi));
        for (int n = -MostCharacters; n <= MostCharacters; n++)
        {
            double b = Integral(n, phi => Weight(beta, phi)) / scale;
            z += Math.Pow(b, volume);
            derivative += Math.Pow(b, volume - 1) * Integral(n, phi => Weight(beta, phi) * Math.Cos(phi)) / scale;
        }

        return derivative / z;
    }

    public static double ChargeSquared(double beta, int volume)
    {
        double z = 0;
        double second = 0;
        double scale = Integral(0, phi => Weight(beta, phi));
        for (int n = -MostCharacters; n <= MostCharacters; n++)
        {
            double j = Integral(n, phi => Weight(beta, phi)) / scale;
            double first = -SineIntegral(n, phi => phi * Weight(beta, phi)) / scale / (2 * Math.PI);
            double curvature = -Integral(n, phi => phi * phi * Weight(beta, phi)) / scale / (4 * Math.PI * Math.PI);
            z += Math.Pow(j, volume);
            second += (volume * (volume - 1) * Math.Pow(j, volume - 2) * first * first) + (volume * Math.Pow(j, volume - 1) * curvature);
        }

        return -second / z;
    }

    /// <summary>I_n(κ)/I_0(κ).</summary>
    public static double BesselRatio(int n, double kappa) => Integral(n, phi => Weight(kappa, phi)) / Integral(0, phi => Weight(kappa, phi));

    private static double Weight(double beta, double phi) => Math.Exp(beta * (Math.Cos(phi) - 1));

    // The trapezoidal rule on (−π, π), both ends with half weight: exact to rounding for periodic integrands, O(10⁻⁸) for the others.
    private static double Integral(int n, Func<double, double> f) => Trapezoid(phi => f(phi) * Math.Cos(n * phi));

    private static double SineIntegral(int n, Func<double, double> f) => Trapezoid(phi => f(phi) * Math.Sin(n * phi));

    private static double Trapezoid(Func<double, double> f)
    {
        double sum = 0.5 * (f(-Math.PI) + f(Math.PI));
        for (int i = 1; i < Points; i++) sum += f(-Math.PI + (2 * Math.PI * i / Points));
        return sum / Points;
    }
}
