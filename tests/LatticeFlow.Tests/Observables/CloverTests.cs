using LatticeFlow.Analysis;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Smearing;
using LatticeFlow.Tests.Groups;

namespace LatticeFlow.Tests;

public class CloverTests
{
    // Sums of a few hundred terms of order 1, in another order than the loops of the test.
    private const double RoundingTolerance = 1e-11;

    public static TheoryData<string, int[]> Fields => new()
    {
        { "U1", [3, 4] }, { "U1", [2, 1, 3] }, { "U1", [2, 3, 2, 2] }, { "SU2", [2, 3, 2, 3] }, { "SU2", [3, 2] }, { "SU3", [2, 2, 3, 2] }, { "SU3", [2, 3, 2] }, { "SU4", [2, 2, 2, 3] },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Energy_and_charge_are_what_the_definitions_say(string group, int[] extents)
    {
        var field = MatrixField.Random(new LatticeGeometry(extents), GaugeGroup.Named(group), 5, 1);
        Assert.Equal(Energy(field), FieldBench.Measure(field, false, "clover_energy")[0][0], RoundingTolerance);
        if (extents.Length == 4 && group != "U1") Assert.Equal(Charge(field), FieldBench.Measure(field, false, "clover_charge")[0][0], RoundingTolerance);
    }

    [Theory]
    [InlineData("SU2", 1, 1)]
    [InlineData("SU2", -1, 2)]
    [InlineData("SU3", 2, 1)]
    [InlineData("SU5", 1, -1)]
    public void A_constant_Abelian_field_has_the_charge_of_its_fluxes(string group, int first, int second)
    {
        // The continuum has Q = 2 n n', and the clover sin F for F.
        var (field, f, g) = ConstantField(group, first, second);
        var lattice = field.Lattice;
        double[][] values = FieldBench.Measure(field, true, "clover_charge", "clover_energy");
        Assert.Equal(lattice.Volume * 2 * Math.Sin(f) * Math.Sin(g) / (4 * Math.PI * Math.PI), values[0][0], RoundingTolerance);
        Assert.Equal(2 * ((Math.Sin(f) * Math.Sin(f)) + (Math.Sin(g) * Math.Sin(g))), values[1][0], RoundingTolerance);
        Assert.Equal(2 * first * second, values[0][0], 0.25 * Math.Abs(2 * first * second));
    }

    [Theory]
    [InlineData("U1", 1, 1)]
    [InlineData("SU2", 1, 1)]
    [InlineData("SU2", -2, 1)]
    [InlineData("SU3", 1, 2)]
    [InlineData("SU3", 2, -1)]
    public void A_constant_Abelian_field_stands_still_under_the_flow_with_the_scales_of_its_energy(string group, int first, int second)
    {
        // Every plaquette of a plane is the same, so staples pull a link equally from both sides. Fields that are not self-dual are saddles of the action: rounding grows by e^{2|F|t}, less than fivefold to t = 1.
        const double FlowedTolerance = 1e-10;
        var (field, f, g) = ConstantField(group, first, second);
        double squares = (Math.Sin(f) * Math.Sin(f)) + (Math.Sin(g) * Math.Sin(g)), energy = group == "U1" ? squares / 2 : 2 * squares;
        double[] energies = FieldBench.Measure(field, true, "flow_energy_2")[0];
        Assert.Equal(20, energies.Length);
        Assert.All(energies, e => Assert.Equal(energy, e, FlowedTolerance));

        // t² E = 0.3, and t d(t² E)/dt = 2 t² E = 0.3; t² E is a parabola, which the interpolation has exactly.
        Assert.Equal(Math.Sqrt(FlowScale.Reference / energy), FlowScale.T0(energies, FlowEnergy.Spacing), FlowedTolerance);
        Assert.Equal(Math.Pow(FlowScale.Reference / (2 * energy), 0.25), FlowScale.W0(energies, FlowEnergy.Spacing), FlowedTolerance);
        if (group == "U1") return;

        double[][] charges = FieldBench.Measure(field, true, "clover_charge", "clover_charge_flow0.5", "clover_charge_flow1", "clover_energy_flow1");
        double charge = field.Lattice.Volume * 2 * Math.Sin(f) * Math.Sin(g) / (4 * Math.PI * Math.PI);
        Assert.All(charges[..3], q => Assert.Equal(charge, q[0], FlowedTolerance));
        Assert.Equal(energies[9], charges[3][0], RoundingTolerance);
        Assert.Equal(2 * first * second, charge, 0.25 * Math.Abs(2 * first * second));
    }

    [Fact]
    public void A_discretised_instanton_has_charge_one_after_some_flow()
    {
        // The clover misses 0.8 (a/ρ)² of the charge of an instanton of radius ρ; what is left after extrapolation is of order (a/ρ)⁴ and the tail that the torus cuts off.
        const double Tolerance = 0.05, Small = 2.5, Large = 3.5;
        double small = ChargeOfInstanton(12, Small, 1), large = ChargeOfInstanton(12, Large, 1);
        Assert.InRange(small, 0.8, large);
        Assert.Equal(1, ((Large * Large * large) - (Small * Small * small)) / ((Large * Large) - (Small * Small)), Tolerance);
        Assert.Equal(-ChargeOfInstanton(8, 2, 1), ChargeOfInstanton(8, 2, -1), RoundingTolerance);
    }

    /// <summary>Fluxes n, n' of diag(1, −1, 0, …) through planes 01 and 23 of a torus, in a random gauge, and the constant fields F_01 = 2πn/L_0 L_1, F_23 = 2πn'/L_2 L_3.</summary>
    private static (MatrixField Field, double First, double Second) ConstantField(string group, int first, int second)
    {
        var lattice = new LatticeGeometry(4, 6, 4, 4);
        double f = 2 * Math.PI * first / 24, g = 2 * Math.PI * second / 16;
        return (MatrixField.Abelian(lattice, GaugeGroup.Named(group), (site, mu) => mu switch
        {
            1 => f * lattice.Coordinate(site, 0),
            0 => lattice.Coordinate(site, 0) == 3 ? -f * 4 * lattice.Coordinate(site, 1) : 0,
            3 => g * lattice.Coordinate(site, 2),
            _ => lattice.Coordinate(site, 2) == 3 ? -g * 4 * lattice.Coordinate(site, 3) : 0,
        }).Transformed(3), f, g);
    }

    /// <summary>
    /// i A_μ = g ∂_μ g† ρ²/(y² + ρ²), g = (y_0 + i y·σ)/|y|, the singular gauge of the solution of A. A. Belavin et al., Phys. Lett. B 59 (1975) 85; the sign of direction 0 turns it to its mirror image.
    /// </summary>
    private static double ChargeOfInstanton(int extent, double radius, int mirror)
    {
        const int Pieces = 3;
        var lattice = new LatticeGeometry(extent, extent, extent, extent);
        var field = new MatrixField(lattice, GaugeGroup.SU2, (site, mu) =>
        {
            var product = ComplexMatrix.One(2);
            for (int piece = 0; piece < Pieces; piece++)
            {
                // The centre is the middle of a cell, so that no link meets the singularity.
                double[] y = [.. Enumerable.Range(0, 4).Select(nu => lattice.Coordinate(site, nu) - ((extent - 1) / 2.0) + (nu == mu ? (piece + 0.5) / Pieces : 0))];
                double square = y.Sum(component => component * component), factor = radius * radius / (square * (square + (radius * radius))) / Pieces;
                double[] a = new double[3];
                for (int k = 0; k < 3; k++)
                {
                    // g ∂_0 g† = i y·σ/y², g ∂_i g† = i (−y_0 σ_i + ε_jik y_j σ_k)/y².
                    int i = ((k + 1) % 3) + 1, j = ((k + 2) % 3) + 1;
                    if (mu == i) a[k] = -y[j];
                    if (mu == j) a[k] = y[i];
                    if (mu == k + 1) a[k] = -mirror * y[0];
                    if (mu == 0) a[k] = mirror * y[k + 1];
                }

                double size = Math.Sqrt(a.Sum(one => one * one)), angle = size * factor, sine = size > 0 ? Math.Sin(angle) / size : 0;
                product *= ComplexMatrix.Of(2, (row, column) => (row, column) switch
                {
                    (0, 0) => new(Math.Cos(angle), sine * a[2]),
                    (0, 1) => new(sine * a[1], sine * a[0]),
                    (1, 0) => new(-sine * a[1], sine * a[0]),
                    _ => new(Math.Cos(angle), -sine * a[2]),
                });
            }

            return product;
        });
        return FieldBench.Measure(field, [new SmearedObservable(new CloverCharge(lattice), new GradientFlow(FlowTimes.Uniform(0.1)), 10)], true)[0][0];
    }

    private static double Energy(MatrixField field)
    {
        double sum = 0;
        for (int site = 0; site < field.Lattice.Volume; site++)
        {
            foreach (var (mu, nu) in field.Lattice.Planes)
            {
                var f = field.FieldStrength(site, mu, nu);
                sum += (f * f).Trace.Real;
            }
        }

        return sum / field.Lattice.Volume / (field.Group == GaugeGroup.U1 ? 2 : 1);
    }

    // All 24 terms of ε.
    private static double Charge(MatrixField field)
    {
        double sum = 0;
        for (int site = 0; site < field.Lattice.Volume; site++)
        {
            for (int code = 0; code < 256; code++)
            {
                int[] p = [code & 3, (code >> 2) & 3, (code >> 4) & 3, code >> 6];
                if (p.Distinct().Count() < 4) continue;
                int inversions = Enumerable.Range(0, 4).Sum(i => Enumerable.Range(i + 1, 3 - i).Count(j => p[i] > p[j]));
                sum += (inversions % 2 == 0 ? 1 : -1) * (field.FieldStrength(site, p[0], p[1]) * field.FieldStrength(site, p[2], p[3])).Trace.Real;
            }
        }

        return sum / (32 * Math.PI * Math.PI);
    }
}
