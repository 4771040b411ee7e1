using LatticeFlow.Actions;
using LatticeFlow.Exact;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>A real scalar: with φ⁴ interaction against a Metropolis program of another author, without against its propagator.</summary>
internal static class Scalars
{
    private const double MostSeconds = 240;

    public static IEnumerable<Study> All()
    {
        foreach (var (sampler, transition) in new (string, ITransition)[]
        {
            ("HMC, Omelyan, 8 steps, length 1 ± ½", Hmc(new Omelyan2(), 8)),
            ("HMC, force gradient, 4 steps, length 1 ± ½", Hmc(new ForceGradient4(), 4)),
        })
        {
            yield return new(
                "φ⁴ 8x8, m² = −4, λ = 8", new Phi4Action(new LatticeGeometry(8, 8), -4, 8), sampler, transition, 128, 5e-4, MostSeconds,
                [new("phi_squared", 0.143458, 8e-6), new("magnetization_squared", 0.7448, 5e-4)]);
        }

        foreach (var (extents, massSquared, replicas) in new (int[], double, int)[] { ([8, 8], 0.3, 128), ([6, 6, 6], 0.5, 64), ([8, 8, 8, 8], 0.2, 1) })
        {
            var lattice = new LatticeGeometry(extents);
            var exact = new FreeScalar(massSquared, extents);
            yield return new(
                $"free {lattice}, m² = {massSquared}", new Phi4Action(lattice, massSquared, 0), "HMC, Omelyan, 6 steps, length 1 ± ½", Hmc(new Omelyan2(), 6), replicas, 1e-3, MostSeconds,
                [new("phi_squared", exact.PhiSquared, 0), new("magnetization_squared", exact.MagnetizationSquared, 0), new("magnetization_abs", exact.MagnetizationAbsolute, 0)]);
        }
    }

    private static HamiltonianMonteCarlo Hmc(IIntegrator integrator, int steps) => HamiltonianMonteCarlo.Fixed(integrator, 1, steps).WithLengthSpread(0.5);
}
