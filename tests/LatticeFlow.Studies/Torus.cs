using LatticeFlow.Actions;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>SU(2) and SU(3) on two-dimensional tori against the character expansion, by Hamiltonian Monte Carlo and by heat bath.</summary>
internal static class Torus
{
    private const double RelativeError = 1e-4;
    private const double MostSeconds = 240;
    private static readonly (int R, int T)[] Loops = [(1, 1), (1, 2), (2, 2)];

    public static IEnumerable<Study> All()
    {
        foreach (var (group, extents, beta, steps) in new (GaugeGroup, int[], double, int)[]
        {
            (GaugeGroup.SU2, [4, 4], 2.2, 5),
            (GaugeGroup.SU2, [4, 4], 8, 7),
            (GaugeGroup.SU2, [5, 12], 8, 7),
            (GaugeGroup.SU3, [4, 4], 6, 6),
            (GaugeGroup.SU3, [4, 4], 18, 8),
            (GaugeGroup.SU3, [6, 10], 15, 8),
        })
        {
            var lattice = new LatticeGeometry(extents);
            var exact = new TwoDimensionalSUN(group.Order, beta, extents[0], extents[1]);
            Expectation Of(int r, int t) => new(r * t == 1 ? "plaquette" : $"wilson_loop_{r}x{t}", exact.WilsonLoop(r, t), 0);

            // At small beta a loop of area 4 is so small that its relative error takes hours: the plaquette is what is measured there.
            var expected = Loops.Select(loop => Of(loop.R, loop.T)).Where(one => one.Value > 0.3).ToList();
            string name = $"{group} {lattice}, β = {beta}";
            yield return new(name, new WilsonAction(lattice, group, beta), "heat bath + 1 overrelaxation", new HeatBath(1), 64, RelativeError, MostSeconds, expected);
            yield return new(
                name, new WilsonAction(lattice, group, beta), $"HMC, Omelyan, {steps} steps, length 1 ± ½", HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, steps).WithLengthSpread(0.5), 64, RelativeError, MostSeconds, expected);
        }
    }
}
