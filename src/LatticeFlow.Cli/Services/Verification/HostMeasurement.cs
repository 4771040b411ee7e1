using LatticeFlow.Lattice;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>
/// S, mean plaquette and topological charge of one U(1) configuration by plain loops over the lattice: slow, and sharing nothing with the kernels that they check.
/// </summary>
/// <param name="Action">S = −β Σ_P cos θ_P.</param>
/// <param name="Plaquette">The mean of cos θ_P.</param>
/// <param name="Charge">Q = Σ_P wrap(θ_P)/2π, in two dimensions.</param>
public readonly record struct HostMeasurement(double Action, double Plaquette, double Charge)
{
    /// <summary>Measures link angles, <c>[link]</c>.</summary>
    public static HostMeasurement Of(LatticeGeometry lattice, double beta, ReadOnlySpan<double> links)
    {
        double cosines = 0, flux = 0;
        for (var site = 0; site < lattice.Volume; site++)
        {
            foreach (var (mu, nu) in lattice.Planes)
            {
                var angle = links[lattice.Link(site, mu)] + links[lattice.Link(lattice.Neighbour(site, mu), nu)]
                    - links[lattice.Link(lattice.Neighbour(site, nu), mu)] - links[lattice.Link(site, nu)];
                cosines += Math.Cos(angle);
                flux += Math.IEEERemainder(angle, 2 * Math.PI);
            }
        }
        return new(-beta * cosines, cosines / lattice.Plaquettes, flux / (2 * Math.PI));
    }
}
