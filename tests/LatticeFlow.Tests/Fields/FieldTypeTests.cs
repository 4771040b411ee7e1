using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>What a field knows of itself on the host is what its kernels do.</summary>
public class FieldTypeTests
{
    // Two exponentials by different series, and a product.
    private const double RoundingTolerance = 1e-13;
    private static readonly LatticeGeometry Lattice = new(3, 2);

    public static TheoryData<string> Fields => [.. FieldType.All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Retraction_is_the_drift_of_the_kernels(string name)
    {
        var type = FieldType.Named(name);
        var space = new FieldSpace(type, Lattice);
        using var device = CpuDevices.Best();
        var (start, tangent, end) = device.Use(Precision.Double, new Drift(type));
        var moved = start.ToArray();
        space.Retract(moved, tangent);
        Assert.True(space.Distance(start, moved) > 0.1);
        Assert.InRange(space.Distance(end, moved), 0, RoundingTolerance);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_difference_leads_back_up_to_third_order(string name)
    {
        var type = FieldType.Named(name);
        var space = new FieldSpace(type, Lattice);
        using var device = CpuDevices.Best();
        var (start, direction, _) = device.Use(Precision.Double, new Drift(type));
        var (large, small) = (Error(0.1), Error(0.05));
        if (type.TangentComponents == 1)
        {
            Assert.InRange(large, 0, RoundingTolerance);
            return;
        }

        Assert.InRange(large / small, 7, 9);

        double Error(double length)
        {
            double[] tangent = [.. direction.Select(number => length * number)], moved = [.. start], found = new double[space.Tangents];
            space.Retract(moved, tangent);
            space.Difference(moved, start, found);
            return found.Zip(tangent, (a, b) => Math.Abs(a - b)).Max();
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Stored_configurations_come_back_to_the_bit(string name)
    {
        var type = FieldType.Named(name);
        using var device = CpuDevices.Best();
        var (start, _, _) = device.Use(Precision.Double, new Drift(type));
        var stored = type.ToStored(start);
        Assert.Equal(new FieldSpace(type, Lattice).StoredNumbers, stored.Length);
        Assert.Equal(stored, type.ToStored(type.FromStored(stored)));
    }

    [Fact]
    public void A_cold_start_is_one_or_zero()
    {
        Assert.Equal([0, 0, 0, 0, 0, 0], new FieldSpace(FieldType.Scalar, Lattice).Start());
        Assert.Equal(new double[12], new FieldSpace(GaugeGroup.U1, Lattice).Start());
        Assert.Equal([1, 0, 0, 0], new FieldSpace(GaugeGroup.SU2, Lattice).Start()[..4]);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 1, 0], new FieldSpace(GaugeGroup.SU3, Lattice).Start()[..10]);
    }

    [Fact]
    public void Counts_are_those_of_links_or_of_sites()
    {
        var (links, sites) = (new FieldSpace(GaugeGroup.SU3, Lattice), new FieldSpace(FieldType.Scalar, Lattice));
        Assert.Equal((12, 216, 96, 216), (links.Elements, links.Numbers, links.Tangents, links.StoredNumbers));
        Assert.Equal((6, 6, 6, 6), (sites.Elements, sites.Numbers, sites.Tangents, sites.StoredNumbers));
    }

    [Fact]
    public void Angles_are_wrapped()
    {
        double[] angle = [3], tangent = [1];
        GaugeGroup.U1.Retract(angle, tangent);
        Assert.Equal(4 - (2 * Math.PI), angle[0], RoundingTolerance);
        GaugeGroup.U1.Difference([3.1], [-3.1], tangent);
        Assert.Equal(6.2 - (2 * Math.PI), tangent[0], RoundingTolerance);
        GaugeGroup.U1.Retract(angle = [-Math.PI], [0]);
        Assert.Equal(Math.PI, angle[0]);
        Assert.Equal((2 * Math.PI) - 6.2, GaugeGroup.U1.Distance([3.1], [-3.1]), RoundingTolerance);
        Assert.Equal(6.2, FieldType.Scalar.Distance([3.1], [-3.1]), RoundingTolerance);
    }

    [Fact]
    public void A_number_that_is_none_is_no_distance()
    {
        Assert.True(double.IsNaN(FieldType.Scalar.Distance([0, double.NaN, 1], [0, 0, 0])));
        Assert.True(double.IsNaN(GaugeGroup.U1.Distance([double.NaN, 1], [0, 0])));
    }

    [Fact]
    public void What_there_is_no_field_of_is_said()
    {
        Assert.Contains("SU3", Assert.Throws<ArgumentException>(() => FieldType.Named("SU9")).Message);
        Assert.Contains("scalar", Assert.Throws<NotSupportedException>(() => GaugeGroup.Of(FieldType.Scalar, "a loop")).Message);
        Assert.Throws<ArgumentException>(() => new FieldSpace(FieldType.Scalar, Lattice).Retract(new double[6], new double[5]));
    }

    /// <summary>A hot configuration, momenta, and what a drift along them makes of it.</summary>
    private sealed class Drift(FieldType type) : DoubleLaneUser<(double[] Start, double[] Tangent, double[] End)>
    {
        protected override (double[] Start, double[] Tangent, double[] End) Use<T>(ComputeDevice device)
        {
            var layout = LatticeLayout.OfReplicas<T>(device, Lattice, 1);
            using var stencil = new StencilTables(device, layout);
            using var steps = type.Bind<T>(device, stencil);
            using var field = steps.NewField();
            using var momenta = steps.NewTangents();
            using var one = device.NewShared<T>(1);
            using var key = device.NewTable([3, 0, 0, 0, 0]);
            one.WriteShared([1.0]);
            var draw = new KernelProgram(layout.Shape);
            steps.AddHotStart(draw, field, key, Purpose.Start);
            steps.AddMomenta(draw, momenta, key, Purpose.Probe);
            device.Run(draw);
            var space = new FieldSpace(type, Lattice);
            double[] start = new double[space.Numbers], tangent = new double[space.Tangents], end = new double[space.Numbers];
            field.ReadReplicas(start);
            momenta.ReadReplicas(tangent);
            var drift = new KernelProgram(layout.Shape);
            steps.AddDrift(drift, field, momenta, one, 1);
            device.Run(drift);
            field.ReadReplicas(end);
            return (start, tangent, end);
        }
    }
}
