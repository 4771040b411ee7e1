using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

public class PriorTests
{
    private const double Concentration = 1.6;

    // Sums of forty cosines in double.
    private const double DensityTolerance = 1e-10;

    // Statistical tests: fixed seeds; a right implementation fails one in 15,000 (4 sigma).
    private const double MostSigmas = 4;

    private static readonly LatticeGeometry Lattice = new(4, 8);
    private static readonly FieldSpace Space = new(GaugeGroup.U1, Lattice);

    public static TheoryData<string> InstructionSets => [.. FlowCase.InstructionSets];

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void The_density_is_the_average_over_the_place_of_the_free_plaquette(string set)
    {
        const int samples = 37;
        using var device = InstructionSet.Named(set).Create(2);
        var model = new FlowModel([], new FreePlaquettePrior(Concentration));
        using var engine = FlowEngine.Create(device, Precision.Double, model, Space, samples);
        var (links, logDensity) = (new double[samples * Lattice.Links], new double[samples]);
        engine.Sample(3, 0, links, logDensity);
        double bessel = new OpenTwoDimensionalU1(Concentration, 2, 2).LogPartitionFunction;
        for (int r = 0; r < samples; r++)
        {
            var plaquettes = Plaquettes(links.AsSpan(r * Lattice.Links, Lattice.Links));
            double density = 0;
            for (int free = 0; free < plaquettes.Length; free++)
            {
                double log = 0;
                for (int p = 0; p < plaquettes.Length; p++)
                {
                    if (p != free) log += (Concentration * Math.Cos(plaquettes[p])) - bessel;
                }

                density += Math.Exp(log) / plaquettes.Length;
            }

            Assert.Equal(Math.Log(density), logDensity[r], DensityTolerance);
        }
    }

    [Fact]
    public void Weights_to_the_theory_reproduce_its_partition_function_and_plaquette()
    {
        const int samples = 40_000;
        const double beta = 2.0;
        using var device = InstructionSet.Best().Create(2);
        var model = new FlowModel([], new FreePlaquettePrior(Concentration));
        using var engine = FlowEngine.Create(device, Precision.Double, model, Space, samples);
        var (links, logDensity) = (new double[samples * Lattice.Links], new double[samples]);
        engine.Sample(4, 0, links, logDensity);
        var (logWeights, mean) = (new double[samples], new double[samples]);
        for (int r = 0; r < samples; r++)
        {
            mean[r] = Plaquettes(links.AsSpan(r * Lattice.Links, Lattice.Links)).Average(Math.Cos);
            logWeights[r] = (beta * mean[r] * Lattice.Plaquettes) - logDensity[r];
        }

        var exact = new TwoDimensionalU1(beta, 4, 8);
        var result = LogWeights.Analyze(logWeights);
        Assert.InRange((result.LogZ - exact.LogPartitionFunction) / result.LogZError, -MostSigmas, MostSigmas);

        // Σ w (P − exact) / Σ w with its linearised error.
        double largest = logWeights.Max();
        double[] weights = [.. logWeights.Select(w => Math.Exp(w - largest))];
        double sum = weights.Sum();
        double shift = weights.Zip(mean, (w, p) => w * (p - exact.Plaquette)).Sum() / sum;
        double error = Math.Sqrt(weights.Zip(mean, (w, p) => Math.Pow(w * (p - exact.Plaquette - shift), 2)).Sum()) / sum;
        Assert.InRange(shift / error, -MostSigmas, MostSigmas);
    }

    [Fact]
    public void Draws_do_not_depend_on_the_instruction_set_or_the_batch()
    {
        const int samples = 20;
        var model = new FlowModel([], new FreePlaquettePrior(Concentration));
        var all = FlowCase.InstructionSets.Select(set =>
        {
            using var device = InstructionSet.Named(set).Create(1);
            using var whole = FlowEngine.Create(device, Precision.Double, model, Space, samples);
            using var half = FlowEngine.Create(device, Precision.Double, model, Space, samples / 2);
            var (links, parts) = (new double[samples * Lattice.Links], new double[samples * Lattice.Links]);
            whole.Sample(5, 0, links, new double[samples]);
            half.Sample(5, 0, parts.AsSpan(0, parts.Length / 2), new double[samples / 2]);
            half.Sample(5, samples / 2, parts.AsSpan(parts.Length / 2), new double[samples / 2]);
            Assert.Equal(links, parts);
            return links;
        }).ToArray();
        foreach (var links in all)
        {
            // Fused operations round differently.
            for (int i = 0; i < links.Length; i++) Assert.InRange(FlowCase.Difference(links[i], all[0][i]), -1e-12, 1e-12);
        }
    }

    [Fact]
    public void The_density_is_gauge_and_translation_invariant()
    {
        using var device = InstructionSet.Best().Create(1);
        var model = new FlowModel([], new FreePlaquettePrior(Concentration));
        using var engine = FlowEngine.Create(device, Precision.Double, model, Space, 3);
        var links = FlowCase.Angles(Lattice.Links, 6);
        var gauge = FlowCase.Angles(Lattice.Volume, 7);
        var (transformed, moved) = (new double[links.Length], new double[links.Length]);
        for (int site = 0; site < Lattice.Volume; site++)
        {
            for (int mu = 0; mu < 2; mu++)
            {
                transformed[Lattice.Link(site, mu)] = links[Lattice.Link(site, mu)] + gauge[site] - gauge[Lattice.Neighbour(site, mu)];
                moved[Lattice.Link(Lattice.Neighbour(site, 1), mu)] = links[Lattice.Link(site, mu)];
            }
        }

        var logDensity = new double[3];
        engine.Inverse([.. links, .. transformed, .. moved], new double[3 * links.Length], logDensity);
        Assert.Equal(logDensity[0], logDensity[1], DensityTolerance);
        Assert.Equal(logDensity[0], logDensity[2], DensityTolerance);
    }

    private static double[] Plaquettes(ReadOnlySpan<double> links)
    {
        var table = PlaquetteTable.Links(Lattice);
        var result = new double[Lattice.Plaquettes];
        for (int p = 0; p < result.Length; p++)
            result[p] = links[table[4 * p]] + links[table[(4 * p) + 1]] - links[table[(4 * p) + 2]] - links[table[(4 * p) + 3]];
        return result;
    }
}
