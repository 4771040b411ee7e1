using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Smearing;
using LatticeFlow.Tests.Groups;

namespace LatticeFlow.Tests;

public class SmearingTests
{
    // A few dozen roundings of matrices of order 1.
    private const double RoundingTolerance = 1e-12;
    private static readonly LatticeGeometry Lattice = new(2, 3, 2, 2);

    public static TheoryData<string, SmearedDirections> Cases
    {
        get
        {
            var data = new TheoryData<string, SmearedDirections>();
            foreach (string group in (string[])["U1", "SU2", "SU3", "SU4"])
            {
                data.Add(group, SmearedDirections.All);
                data.Add(group, SmearedDirections.Spatial);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stout_links_are_what_the_definition_says(string name, SmearedDirections directions)
    {
        const double Rho = 0.07;
        var group = GaugeGroup.Named(name);
        var field = MatrixField.Random(Lattice, group, 11, 1);
        var smeared = FieldBench.Smear(field, new StoutSmearing(Rho, directions), 1);
        ForEachLink(directions, (site, mu, staples) =>
        {
            // Morningstar and Peardon's Ω = C U†, C = ρ V†, Q = i/2 (Ω† − Ω) − trace.
            var omega = Rho * (field.Staples(site, mu, staples).Adjoint * field[site, mu].Adjoint);
            var q = 0.5 * System.Numerics.Complex.ImaginaryOne * (omega.Adjoint - omega);
            if (group != GaugeGroup.U1) q -= q.Trace / group.Order * ComplexMatrix.One(group.Order);
            var expected = ComplexMatrix.Exponential(System.Numerics.Complex.ImaginaryOne * q) * field[site, mu];
            Assert.InRange((expected - smeared[site, mu]).Largest, 0, RoundingTolerance);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ape_links_have_the_largest_overlap_with_the_mean(string name, SmearedDirections directions)
    {
        const double Alpha = 0.6;
        var group = GaugeGroup.Named(name);
        var field = MatrixField.Random(Lattice, group, 12, 1);
        var smeared = FieldBench.Smear(field, new ApeSmearing(Alpha, directions), 1);
        double number = directions == SmearedDirections.All ? 6 : 4;
        ForEachLink(directions, (site, mu, staples) =>
        {
            var mean = ((1 - Alpha) * field[site, mu]) + (Alpha / number * field.Staples(site, mu, staples).Adjoint);
            var overlap = smeared[site, mu] * mean.Adjoint;

            // Re tr(e^{iH} u X†) is stationary: u X† is Hermitian but for a multiple of 1. That it is the maximum shows against other elements.
            var turn = overlap - overlap.Adjoint;
            if (group != GaugeGroup.U1) turn -= turn.Trace / group.Order * ComplexMatrix.One(group.Order);
            Assert.InRange(turn.Largest, 0, RoundingTolerance);
            Assert.True(overlap.Trace.Real >= (field[site, mu] * mean.Adjoint).Trace.Real - RoundingTolerance);
            Assert.InRange((smeared[site, mu] * smeared[site, mu].Adjoint - ComplexMatrix.One(group.Order)).Largest, 0, RoundingTolerance);
            if (group != GaugeGroup.U1) Assert.InRange((smeared[site, mu].Determinant() - 1).Magnitude, 0, RoundingTolerance);
        });
    }

    [Fact]
    public void Spatial_smearing_leaves_temporal_links_alone()
    {
        var field = MatrixField.Random(Lattice, GaugeGroup.SU3, 13, 1);
        foreach (LinkSmearing smearing in (LinkSmearing[])[new ApeSmearing(0.5, SmearedDirections.Spatial), new StoutSmearing(0.1, SmearedDirections.Spatial)])
        {
            var smeared = FieldBench.Smear(field, smearing, 3);
            for (int site = 0; site < Lattice.Volume; site++)
            {
                Assert.InRange((smeared[site, 0] - field[site, 0]).Largest, 0, RoundingTolerance);
                Assert.True((smeared[site, 1] - field[site, 1]).Largest > 0.01);
            }
        }
    }

    [Theory]
    [InlineData("SU2")]
    [InlineData("SU3")]
    public void The_error_of_the_flow_falls_with_the_third_power_of_the_step(string group)
    {
        // ln 2 of 8 with corrections of the next order in the step.
        const double Least = 6, Most = 11;
        const double Time = 0.4;
        var field = MatrixField.Random(new LatticeGeometry(2, 2, 2, 2), GaugeGroup.Named(group), 14, 0.8);
        MatrixField Flowed(int steps) => FieldBench.Smear(field, new GradientFlow(FlowTimes.Uniform(Time / steps)), steps);
        var exact = Flowed(128);
        double Error(int steps)
        {
            var flowed = Flowed(steps);
            return Enumerable.Range(0, field.Lattice.Links).Max(link => (flowed[link / 4, link % 4] - exact[link / 4, link % 4]).Largest);
        }

        Assert.InRange(Error(8) / Error(16), Least, Most);
    }

    [Theory]
    [InlineData("U1")]
    [InlineData("SU3")]
    public void A_small_plane_wave_decays_with_its_lattice_momentum(string group)
    {
        // Corrections are of the square of the amplitude.
        const double Amplitude = 1e-4, Tolerance = 1e-6;
        var lattice = new LatticeGeometry(8, 2, 2, 2);
        double momentum = 2 * Math.PI / 8, square = 4 * Math.Pow(Math.Sin(momentum / 2), 2);
        var field = MatrixField.Abelian(lattice, GaugeGroup.Named(group), (site, mu) => mu == 2 ? Amplitude * Math.Cos(momentum * lattice.Coordinate(site, 0)) : 0).Transformed(2);
        double[][] values = FieldBench.Measure(field, false, "flow_energy_1.5", "clover_energy");
        for (int k = 1; k <= 15; k++) Assert.Equal(Math.Exp(-2 * square * 0.1 * k), values[0][k - 1] / values[1][0], Tolerance);
    }

    [Fact]
    public void Action_and_energy_fall_along_the_flow()
    {
        // Wilson's action falls from any start; the energy of the clover is another discretisation, and falls for links that are not too rough.
        var lattice = new LatticeGeometry(4, 4, 2, 4);
        string[] names = ["plaquette", "plaquette_flow0.1", "plaquette_flow0.3", "plaquette_flow2"];
        double[][] rough = FieldBench.Measure(MatrixField.Random(lattice, GaugeGroup.SU3, 15, 1.5), true, names);
        for (int i = 1; i < names.Length; i++) Assert.True(rough[i][0] > rough[i - 1][0]);

        double[][] values = FieldBench.Measure(MatrixField.Random(lattice, GaugeGroup.SU3, 15, 0.4), true, "clover_energy_flow0.6", "flow_energy_2", "clover_energy", "clover_energy_flow0.1");
        Assert.Equal(20, values[1].Length);
        Assert.True(values[1][0] < values[2][0]);
        for (int k = 1; k < 20; k++) Assert.True(values[1][k] < values[1][k - 1]);
        Assert.Equal(values[1][5], values[0][0]);
        Assert.Equal(values[1][0], values[3][0]);
    }

    private static void ForEachLink(SmearedDirections directions, Action<int, int, Func<int, bool>> check)
    {
        int first = directions == SmearedDirections.All ? 0 : 1;
        for (int site = 0; site < Lattice.Volume; site++)
        {
            for (int mu = first; mu < Lattice.Dimensions; mu++) check(site, mu, nu => nu >= first);
        }
    }
}
