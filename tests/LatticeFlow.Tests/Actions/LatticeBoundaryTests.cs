using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Weights of plaquettes at open boundaries and defects, one by one, and open lattices against exact values.</summary>
public class LatticeBoundaryTests
{
    private const int Replicas = 128;

    // Replicas are independent; by chance further off: 6·10⁻⁵ a comparison.
    private const double Sigmas = 4;

    [Fact]
    public void Open_boundaries_have_the_weights_of_openQCD()
    {
        var lattice = new LatticeGeometry(4, 3, 2, 3);
        var couplings = WilsonAction.Open(lattice, GaugeGroup.SU3, 6, anisotropy: 2).Couplings.Plaquettes;
        for (int site = 0; site < lattice.Volume; site++)
        {
            int time = lattice.Coordinate(site, 0);
            for (int plane = 0; plane < 6; plane++)
            {
                double expected = plane < 3 ? (time == 3 ? 0 : 12) : (time is 0 or 3 ? 1.5 : 3);
                Assert.Equal(expected, couplings[lattice.Plaquette(site, plane)]);
            }
        }

        Assert.Throws<ArgumentException>(() => WilsonAction.Open(new LatticeGeometry(1, 4), GaugeGroup.U1, 1));
    }

    [Fact]
    public void A_defect_has_the_plaquettes_that_contain_its_links()
    {
        // In D dimensions a cube of n links across the boundary touches, for each other direction, n^(D−2) (n + 1) plaquettes, or n^(D−1) where it closes around the lattice.
        foreach (var (extents, direction, size, count) in new[]
        {
            (new[] { 5, 4 }, 0, 2, 3), (new[] { 5, 4 }, 0, 4, 4), (new[] { 5, 4 }, 1, 1, 2), (new[] { 4, 5, 3 }, 1, 2, 2 * 2 * 3), (new[] { 3, 4, 5, 4 }, 2, 2, 3 * 4 * 3), (new[] { 4, 4, 4, 4 }, 3, 4, 3 * 64),
        })
        {
            var lattice = new LatticeGeometry(extents);
            var defect = new BoundaryDefect(direction, size);
            var action = WilsonAction.WithDefect(lattice, GaugeGroup.SU2, 2, defect, 0.25);
            Assert.Equal(count, action.Couplings.Plaquettes.Count(beta => beta == 0.5));
            Assert.Equal(lattice.Plaquettes - count, action.Couplings.Plaquettes.Count(beta => beta == 2));
            var family = defect.Family(new WilsonAction(lattice, GaugeGroup.SU2, 2));
            Assert.Equal(family.Couplings.Plaquettes, new WilsonAction(lattice, GaugeGroup.SU2, 2).Couplings.Plaquettes);
            Assert.Equal(count, family.CouplingsOfComponents[1].Plaquettes.Count(beta => beta == 2));
            foreach (int margin in new[] { 0, 1, 100 })
            {
                int sites = Enumerable.Range(0, lattice.Volume).Count(site => defect.IsNear(lattice, site, margin));
                Assert.Equal(extents.Select((extent, mu) => Math.Min(extent, (mu == direction ? 2 : size) + (2 * margin))).Aggregate((a, b) => a * b), sites);
            }
        }

        Assert.Throws<ArgumentException>(() => WilsonAction.WithDefect(new LatticeGeometry(4, 4), GaugeGroup.U1, 1, new(2, 1), 0));
        Assert.Throws<ArgumentException>(() => WilsonAction.WithDefect(new LatticeGeometry(4, 4), GaugeGroup.U1, 1, new(0, 5), 0));
    }

    /// <summary>Where the boundary is open plaquettes are independent: of U(1) ⟨cos θ⟩ = I₁(β)/I₀(β), of SU(2) I₂(β)/I₁(β), and where c = 0 opens all of it the same.</summary>
    [Fact]
    public void Open_squares_have_independent_plaquettes()
    {
        using var device = CpuDevices.Best();
        const double beta = 2.2;
        var lattice = new LatticeGeometry(4, 3);
        foreach (var (group, exact) in new[] { (GaugeGroup.U1, Bessel(1, beta) / Bessel(0, beta)), (GaugeGroup.SU2, Bessel(2, beta) / Bessel(1, beta)) })
        {
            foreach (var action in new[] { WilsonAction.Open(lattice, group, beta), WilsonAction.WithDefect(lattice, group, beta, new(0, 3), 0) })
            {
                using var chain = MarkovChain.Create(device, new() { Action = action, Transition = new HeatBath(1), Replicas = Replicas, Seed = 9, Thermalization = 30 });
                var block = chain.NewBlock(40);
                chain.Fill(block);
                var means = new double[Replicas];
                for (int row = 0; row < block.Rows; row++) means[row % Replicas] += block.Action[row] / (-beta * 9 * block.Draws);
                double mean = means.Average(), error = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / Replicas / (Replicas - 1.0));
                Assert.True(Math.Abs(mean - exact) <= Sigmas * error, $"{group}: {mean} ± {error}, exact {exact}");
            }
        }
    }

    private static double Bessel(int order, double x)
    {
        double term = Math.Pow(x / 2, order) / Enumerable.Range(1, order).Aggregate(1.0, (product, k) => product * k), sum = 0;
        for (int k = 1; k < 60; k++)
        {
            sum += term;
            term *= x * x / 4 / k / (k + order);
        }

        return sum;
    }
}
