using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>The prior of a scalar: its density, its moments, its normalisation, and what it refuses.</summary>
public class NormalPriorTests
{
    // Statistical tests: fixed seeds; a right implementation fails one in 15,000 (4 sigma).
    private const double MostSigmas = 4;
    private static readonly FieldSpace Space = new(FieldType.Scalar, new LatticeGeometry(4, 3));

    public static TheoryData<string> InstructionSets => [.. FlowCase.InstructionSets];

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void The_density_is_that_of_independent_normal_numbers(string set)
    {
        const int samples = 19;
        using var device = InstructionSet.Named(set).Create(2);
        foreach (var (precision, tolerance) in new[] { (Precision.Double, 1e-12), (Precision.Single, 1e-5) })
        {
            using var engine = FlowEngine.Create(device, precision, new FlowModel([], new NormalPrior()), Space, samples);
            var (field, logDensity) = (new double[samples * Space.Numbers], new double[samples]);
            engine.Sample(3, 0, field, logDensity);
            for (int r = 0; r < samples; r++)
            {
                double expected = field.Skip(r * Space.Numbers).Take(Space.Numbers).Sum(x => (-0.5 * x * x) - (0.5 * Math.Log(2 * Math.PI)));
                Assert.Equal(expected, logDensity[r], tolerance);
            }
        }
    }

    [Fact]
    public void Moments_are_those_of_a_normal_distribution()
    {
        const int samples = 20_000;
        using var device = InstructionSet.Best().Create(2);
        using var engine = FlowEngine.Create(device, Precision.Double, new FlowModel([], new NormalPrior()), Space, samples);
        var field = new double[samples * Space.Numbers];
        engine.Sample(4, 0, field, new double[samples]);
        double n = field.Length;
        Assert.InRange(field.Average() * Math.Sqrt(n), -MostSigmas, MostSigmas);
        Assert.InRange((field.Average(x => x * x) - 1) * Math.Sqrt(n / 2), -MostSigmas, MostSigmas);
        Assert.InRange((field.Average(x => x * x * x * x) - 3) * Math.Sqrt(n / 96), -MostSigmas, MostSigmas);

        // Neighbours in the order of sites come from one block of random words.
        Assert.InRange(field.Chunk(2).Average(pair => pair[0] * pair[1]) * Math.Sqrt(n / 2), -MostSigmas, MostSigmas);
    }

    [Fact]
    public void Draws_do_not_depend_on_the_batch()
    {
        const int samples = 20;
        using var device = InstructionSet.Best().Create(2);
        using var whole = FlowEngine.Create(device, Precision.Double, new FlowModel([], new NormalPrior()), Space, samples);
        using var half = FlowEngine.Create(device, Precision.Double, new FlowModel([], new NormalPrior()), Space, samples / 2);
        var (all, parts) = (new double[samples * Space.Numbers], new double[samples * Space.Numbers]);
        whole.Sample(5, 0, all, new double[samples]);
        half.Sample(5, 0, parts.AsSpan(0, parts.Length / 2), new double[samples / 2]);
        half.Sample(5, samples / 2, parts.AsSpan(parts.Length / 2), new double[samples / 2]);
        Assert.Equal(all, parts);
    }

    [Fact]
    public void Weights_of_a_flow_to_the_free_field_reproduce_its_partition_function()
    {
        const int samples = 40_000;
        var lattice = new LatticeGeometry(2, 4);
        var flow = (FlowCase.Affine([2, 4], 2, i => new(i, 2, [4], 3, Kernels.Networks.Activation.Silu)) with { Spread = 0.1 }).Model(6);

        // The bias of s: near the width of the free field, where weights vary little.
        for (int layer = 0; layer < 2; layer++) flow.Parameters[flow.FirstParameter(layer) + flow.Layers[layer].Parameters - 2] = -0.7;
        using var device = InstructionSet.Best().Create(2);
        var result = LogWeights.Analyze(FlowEvaluation.LogWeights(device, Precision.Double, flow, new Phi4Action(lattice, 0.8, 0), 7, samples));
        Assert.InRange(result.LogZError, 0, 0.03);
        Assert.InRange((result.LogZ - new FreeScalar(0.8, 2, 4).LogPartitionFunction) / result.LogZError, -MostSigmas, MostSigmas);
    }

    [Fact]
    public void Priors_and_layers_refuse_fields_that_they_are_not_for()
    {
        var links = new FieldSpace(GaugeGroup.SU3, new LatticeGeometry(4, 4));
        var scalar = Space with { Lattice = links.Lattice };
        Assert.Equal("the normal prior is of a real scalar, not of links of SU3: use \"haar\"", new NormalPrior().Refusal(links));
        Assert.Equal("Haar measure is of links of a gauge group, not of a real scalar: use \"normal\"", new HaarPrior().Refusal(scalar));
        Assert.Equal("the free-plaquette prior exists for links of U1, SU2 and SU3, not for a real scalar: use \"normal\"", new FreePlaquettePrior(1).Refusal(scalar));
        Assert.Equal("an affine coupling moves a real scalar, not links of SU3: use \"spectral-coupling\"", FlowCase.All["affine"].Layers[0].Refusal(links));
        Assert.Equal("an affine coupling was made for 3 dimensions, not 2", FlowCase.All["affine 3D"].Layers[0].Refusal(scalar));
        Assert.Equal("extent 3 is odd, and sites alternate between colours: use 2, 4, 6, 8, …", FlowCase.All["affine"].Layers[0].Refusal(Space));
        foreach (var (name, one) in FlowCase.All.Where(one => one.Value.Space.Type is GaugeGroup))
            Assert.True(one.Layers[0].Refusal(new(FieldType.Scalar, one.Space.Lattice)) is not null, name);
        foreach (var field in FieldType.All)
        {
            var space = new FieldSpace(field, links.Lattice);
            Assert.Null(DefaultPrior.Of(field).Refusal(space));
            Assert.Contains(FlowRegistry.All, kind => kind.Refusal(field, 2) is null);
        }

        using var device = InstructionSet.Best().Create(1);
        Assert.Throws<NotSupportedException>(() => new FlowLaws(device, scalar, 1).GaugeInvariance(FlowCase.All["affine"].Model(1), new double[scalar.Numbers]));
        Assert.Throws<ArgumentException>(() => FlowEngine.Create(device, Precision.Double, FlowCase.All["affine"].Model(1, new HaarPrior()), scalar, 1));
    }
}
