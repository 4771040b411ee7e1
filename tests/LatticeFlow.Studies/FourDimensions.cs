using LatticeFlow.Actions;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>Plaquettes in four dimensions.</summary>
internal static class FourDimensions
{
    /// <summary>Wilson's action against an independent heat-bath program, whose errors are given; 16⁴: openQCD's HMC and MILC's heat bath together.</summary>
    public static IEnumerable<Study> Plaquettes()
    {
        foreach (var (group, extent, beta, value, error, seconds) in new (GaugeGroup, int, double, double, double, double)[]
        {
            (GaugeGroup.SU3, 4, 1.0, 0.0601321, 2.07e-5, 40),
            (GaugeGroup.SU3, 4, 2.0, 0.1288114, 2.84e-5, 40),
            (GaugeGroup.SU3, 4, 5.7, 0.5598619, 9.14e-5, 60),
            (GaugeGroup.SU3, 8, 6.0, 0.5942631, 4.25e-5, 90),
            (GaugeGroup.SU2, 4, 2.2, 0.5747193, 1.096e-4, 40),
            (GaugeGroup.SU2, 8, 2.3, 0.6022851, 5.03e-5, 60),
            (GaugeGroup.SU2, 8, 2.4, 0.6302901, 4.16e-5, 60),
            (GaugeGroup.SU2, 12, 2.3, 0.602304, 5.1e-5, 40),
            (GaugeGroup.SU3, 12, 6.0, 0.593674, 3.1e-5, 50),
            (GaugeGroup.SU3, 16, 6.0, 0.59359, 5e-5, 50),
        })
        {
            var action = new WilsonAction(new LatticeGeometry(extent, extent, extent, extent), group, beta);
            string name = $"{group} {action.Lattice}, β = {beta}";
            Expectation[] expected = [new("plaquette", value, error)];
            int replicas = extent switch { 4 => 8, 8 => 2, _ => 1 };
            yield return new(name, action, "heat bath + 3 overrelaxations", new HeatBath(3), replicas, 1e-5, seconds, expected);
            int steps = extent == 4 ? 8 : 12;
            yield return new(name, action, $"HMC, Omelyan, {steps} steps", HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, steps), replicas, 1e-5, seconds, expected);
        }
    }

    /// <summary>Actions with rectangles: strong coupling, where its truncation error is the error expected, and the samplers against each other.</summary>
    public static IEnumerable<Study> Improved()
    {
        foreach (double c1 in new[] { RectangleAction.Symanzik, RectangleAction.Iwasaki })
        {
            var lattice = new LatticeGeometry(4, 4, 4, 4);
            const double beta = 0.3;
            var series = new StrongCoupling(3, lattice.Extents, beta, c1);
            Expectation[] expected = [new("plaquette", series.Plaquette, series.Truncation), new("wilson_loop_1x2", series.Rectangle, series.Truncation)];
            foreach (var study in Both($"SU3 {lattice}, c1 = {c1:F4}, β = {beta}", new RectangleAction(lattice, GaugeGroup.SU3, beta, c1), 8, 60, expected)) yield return study;
        }

        foreach (var (group, beta, c1) in new[]
        {
            (GaugeGroup.SU3, 4.3, RectangleAction.Symanzik), (GaugeGroup.SU3, 2.6, RectangleAction.Iwasaki), (GaugeGroup.SU3, 1.0, RectangleAction.Dbw2), (GaugeGroup.SU2, 1.8, RectangleAction.Symanzik),
        })
        {
            var action = new RectangleAction(new LatticeGeometry(4, 4, 4, 4), group, beta, c1);
            Expectation[] unknown = [new("plaquette", double.NaN, double.NaN), new("wilson_loop_1x2", double.NaN, double.NaN)];
            foreach (var study in Both($"{group} {action.Lattice}, c1 = {c1:F4}, β = {beta}", action, 8, 45, unknown)) yield return study;
        }
    }

    private static IEnumerable<Study> Both(string name, RectangleAction action, int replicas, double seconds, IReadOnlyList<Expectation> expected)
    {
        yield return new(name, action, "heat bath + 1 overrelaxation", new HeatBath(1), replicas, 1e-5, seconds, expected);
        yield return new(name, action, "HMC, Omelyan, 8 steps", HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 8), replicas, 1e-5, seconds, expected);
    }
}
