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

/// <summary>The prior with one free plaquette of SU(2) and SU(3): its density, its draws, and that both are of one distribution.</summary>
public class GroupPriorTests
{
    // Sums of a dozen traces in double.
    private const double DensityTolerance = 1e-11;

    // Statistical tests at fixed seeds: a right implementation fails one in 15,000 (4 sigma).
    private const double MostSigmas = 4;

    // P(√n·D > 2.2) = 2·exp(−2·2.2²) = 1.3e-4 a comparison.
    private const double KolmogorovBound = 2.2;

    public static TheoryData<string, double> Couplings => new() { { "SU2", 0.3 }, { "SU2", 2.5 }, { "SU2", 20 }, { "SU3", 0 }, { "SU3", 1.5 }, { "SU3", 6 }, { "SU3", 30 } };

    [Theory]
    [InlineData("SU2", 1.7)]
    [InlineData("SU3", 3)]
    public void The_density_is_the_average_over_the_place_of_the_free_plaquette(string name, double kappa)
    {
        const int samples = 11;
        var space = Space(name, 3, 4);
        int plaquettes = space.Lattice.Plaquettes;
        var (links, logDensity) = Sample(space, kappa, samples);
        double logTrivial = new TwoDimensionalSUN(((GaugeGroup)space.Type).Order, kappa, 1000, 1000).LogPartitionFunction / 1e6;
        for (int r = 0; r < samples; r++)
        {
            double[] traces = Traces(space, links.AsSpan(r * space.Numbers, space.Numbers));
            double all = traces.Sum(x => (kappa * x) - logTrivial);
            double average = traces.Average(x => Math.Exp(logTrivial - (kappa * x)));
            Assert.Equal(all + Math.Log(average), logDensity[r], DensityTolerance * plaquettes * 10);
        }
    }

    [Theory]
    [InlineData("SU2", 2, 2, 2.0, 1.5)]
    [InlineData("SU2", 3, 4, 2.2, 2.0)]
    [InlineData("SU3", 2, 2, 2.5, 2.0)]
    [InlineData("SU3", 2, 3, 6.0, 6.0)]
    public void Weights_to_the_theory_reproduce_its_partition_function_and_plaquette(string name, int rows, int columns, double beta, double kappa)
    {
        const int samples = 40_000;
        var space = Space(name, rows, columns);
        var (links, logDensity) = Sample(space, kappa, samples);
        double[] logWeights = new double[samples], mean = new double[samples];
        for (int r = 0; r < samples; r++)
        {
            mean[r] = Traces(space, links.AsSpan(r * space.Numbers, space.Numbers)).Average();
            logWeights[r] = (beta * mean[r] * space.Lattice.Plaquettes) - logDensity[r];
        }

        var exact = new TwoDimensionalSUN(((GaugeGroup)space.Type).Order, beta, rows, columns);
        var result = LogWeights.Analyze(logWeights);
        Assert.InRange((result.LogZ - exact.LogPartitionFunction) / result.LogZError, -MostSigmas, MostSigmas);
        Assert.InRange(result.LogZError, 0, 0.05);

        // Σ w (P − exact) / Σ w with its linearised error.
        double largest = logWeights.Max();
        double[] weights = [.. logWeights.Select(w => Math.Exp(w - largest))];
        double sum = weights.Sum(), shift = weights.Zip(mean, (w, p) => w * (p - exact.Plaquette)).Sum() / sum;
        double error = Math.Sqrt(weights.Zip(mean, (w, p) => Math.Pow(w * (p - exact.Plaquette - shift), 2)).Sum()) / sum;
        Assert.InRange(shift / error, -MostSigmas, MostSigmas);
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public void A_plaquette_is_free_at_one_place_of_all_and_else_has_the_distribution_of_one(string name, double kappa)
    {
        // 48 plaquettes, so that the free one is from Haar measure up to (c_1/c_0)⁴⁷; at the largest couplings it is not, and its share of one in 48 is what can be off.
        const int samples = 8192;
        var space = Space(name, 6, 8);
        int count = space.Lattice.Plaquettes;
        var (links, _) = Sample(space, kappa, samples);
        var bound = new PlaquetteDistribution(((GaugeGroup)space.Type).Order, kappa);
        var free = new PlaquetteDistribution(((GaugeGroup)space.Type).Order, 0);
        double[][] traces = [.. Enumerable.Range(0, samples).Select(r => Traces(space, links.AsSpan(r * space.Numbers, space.Numbers)))];
        double[] first = [.. traces.Select(t => t[0]).Order()];
        double distance = 0;
        for (int i = 0; i < samples; i += 8)
        {
            double cumulative = (((count - 1) * bound.Cumulative(first[i])) + free.Cumulative(first[i])) / count;
            distance = Math.Max(distance, Math.Max(Math.Abs(cumulative - ((double)i / samples)), Math.Abs(cumulative - ((i + 1.0) / samples))));
        }

        double slack = kappa > 10 ? 1.0 / count : 0;
        Assert.True(Math.Sqrt(samples) * (distance - slack) < KolmogorovBound, $"{name}, {kappa}: {distance}");
        if (slack > 0) return;
        double expected = (((count - 1) * bound.Mean) + free.Mean) / count;
        double second = (((count - 1) * (bound.Variance + (bound.Mean * bound.Mean))) + free.Variance + (free.Mean * free.Mean)) / count;
        double error = Math.Sqrt((second - (expected * expected)) / samples);
        for (int p = 0; p < count; p++)
        {
            int place = p;
            Assert.InRange((traces.Average(t => t[place]) - expected) / error, -1.2 * MostSigmas, 1.2 * MostSigmas);
        }
    }

    [Theory]
    [InlineData("SU2")]
    [InlineData("SU3")]
    public void Polyakov_loops_are_uniform_and_links_are_in_the_group(string name)
    {
        const int samples = 4096;
        var space = Space(name, 3, 4);
        var (links, _) = Sample(space, 4, samples);
        Assert.InRange(LinksInGroup.LargestDistance(((GaugeGroup)space.Type), links), 0, 1e-14);
        foreach (bool imaginary in new[] { false, true })
        {
            double[] values = Loops(space, links, samples, imaginary);
            for (int mu = 0; mu < 2; mu++)
            {
                double[] one = [.. Enumerable.Range(0, samples).Select(r => values[(2 * r) + mu])];
                double mean = one.Average(), error = Math.Sqrt(one.Average(x => x * x) / samples);
                if (error > 1e-12) Assert.InRange(mean / error, -MostSigmas, MostSigmas);
            }
        }
    }

    [Theory]
    [InlineData("SU2")]
    [InlineData("SU3")]
    public void The_density_is_gauge_and_translation_invariant(string name)
    {
        var space = Space(name, 4, 3);
        using var device = InstructionSet.Best().Create(1);
        var laws = new FlowLaws(device, space, 5);
        var flow = new FlowModel([], new FreePlaquettePrior(2.2));
        Assert.InRange(laws.GaugeInvariance(flow, laws.Random(1)), 0, DensityTolerance);
        Assert.InRange(laws.TranslationInvariance(flow, laws.Random(1)), 0, DensityTolerance);
    }

    [Theory]
    [InlineData("spectral plaquettes SU2", false)]
    [InlineData("spectral plaquettes SU3", false)]
    [InlineData("spectral plaquettes SU3", true)]
    public void The_path_gradient_carries_the_gradient_of_the_prior(string layer, bool single)
    {
        const double tolerance = 1e-7;
        var flow = FlowCase.All[layer];
        using var device = InstructionSet.Named(single ? "scalar" : InstructionSet.Best().Name).Create(2);
        var laws = new FlowLaws(device, flow.Space, 100);
        var model = flow.Model(16, new FreePlaquettePrior(1.3));
        var (difference, derivative) = laws.Gradient(model, new WilsonAction(flow.Space.Lattice, ((GaugeGroup)flow.Space.Type), 1.7), laws.Random(3), GradientEstimator.Path);
        Assert.True(Math.Abs(derivative) > 1e-3);
        Assert.InRange(difference, 0, tolerance);
    }

    [Theory]
    [InlineData("SU2")]
    [InlineData("SU3")]
    public void Draws_do_not_depend_on_the_instruction_set_or_the_batch(string name)
    {
        const int samples = 20;
        var space = Space(name, 3, 4);
        double[]? first = null;
        foreach (string set in FlowCase.InstructionSets)
        {
            using var device = InstructionSet.Named(set).Create(2);
            var model = new FlowModel([], new FreePlaquettePrior(3));
            using var whole = FlowEngine.Create(device, Precision.Double, model, space, samples);
            using var half = FlowEngine.Create(device, Precision.Double, model, space, samples / 2);
            double[] links = new double[samples * space.Numbers], parts = new double[links.Length];
            whole.Sample(5, 0, links, new double[samples]);
            half.Sample(5, 0, parts.AsSpan(0, parts.Length / 2), new double[samples / 2]);
            half.Sample(5, samples / 2, parts.AsSpan(parts.Length / 2), new double[samples / 2]);
            Assert.InRange(((GaugeGroup)space.Type).Distance(links, parts), 0, 1e-12);
            first ??= links;
            Assert.InRange(((GaugeGroup)space.Type).Distance(links, first), 0, 1e-12);
        }
    }

    [Fact]
    public void The_envelope_of_SU3_is_nowhere_below_the_density()
    {
        var random = new Random(7);
        foreach (double kappa in new[] { 0, 0.5, 2, 6, 20, 100, 400 })
        {
            double tightness = PlaquetteEnvelope.Tightness(kappa);
            double worst = double.NegativeInfinity;
            for (int i = 0; i < 100_000; i++)
            {
                double upper = 2 * Math.PI * random.NextDouble(), lower = ((2 * Math.PI) - upper) * random.NextDouble();
                var (f, square) = PlaquetteEnvelope.LogDensity(kappa, upper, lower);
                worst = Math.Max(worst, (f / square) + tightness);
            }

            Assert.InRange(worst, double.NegativeInfinity, -0.002 * tightness);
        }
    }

    [Fact]
    public void Other_groups_and_couplings_are_refused()
    {
        Assert.Contains("SU4", new FreePlaquettePrior(1).Refusal(Space("SU4", 4, 4)), StringComparison.Ordinal);
        Assert.Contains("at most 400", new FreePlaquettePrior(500).Refusal(Space("SU3", 4, 4)), StringComparison.Ordinal);
        Assert.Contains("2 dimensions", new FreePlaquettePrior(1).Refusal(new(GaugeGroup.SU2, new LatticeGeometry(4, 4, 4))), StringComparison.Ordinal);
    }

    private static FieldSpace Space(string name, int rows, int columns) => new(GaugeGroup.Named(name), new LatticeGeometry(rows, columns));

    private static (double[] Links, double[] LogDensity) Sample(FieldSpace space, double kappa, int samples)
    {
        using var device = InstructionSet.Best().Create(2);
        using var engine = FlowEngine.Create(device, Precision.Double, new FlowModel([], new FreePlaquettePrior(kappa)), space, samples);
        double[] links = new double[samples * space.Numbers], logDensity = new double[samples];
        engine.Sample(3, 0, links, logDensity);
        return (links, logDensity);
    }

    // (1/N) Re tr P of every plaquette.
    private static double[] Traces(FieldSpace space, ReadOnlySpan<double> links)
    {
        var table = PlaquetteTable.Links(space.Lattice);
        var traces = new double[space.Lattice.Plaquettes];
        for (int p = 0; p < traces.Length; p++) traces[p] = Trace(space, links, [table[4 * p], table[(4 * p) + 1], -1 - table[(4 * p) + 2], -1 - table[(4 * p) + 3]]).Real;
        return traces;
    }

    // (1/N) tr of the loops around the lattice from site 0, [replica][direction].
    private static double[] Loops(FieldSpace space, double[] links, int samples, bool imaginary)
    {
        var lattice = space.Lattice;
        var values = new double[2 * samples];
        for (int r = 0; r < samples; r++)
        {
            for (int mu = 0; mu < 2; mu++)
            {
                int direction = mu;
                int[] loop = [.. Enumerable.Range(0, lattice.Extents[mu]).Select(step => lattice.Link(lattice.Neighbour(0, direction, step), direction))];
                var trace = Trace(space, links.AsSpan(r * space.Numbers, space.Numbers), loop);
                values[(2 * r) + mu] = imaginary ? trace.Imaginary : trace.Real;
            }
        }

        return values;
    }

    private static System.Numerics.Complex Trace(FieldSpace space, ReadOnlySpan<double> links, int[] path)
    {
        int order = ((GaugeGroup)space.Type).Order, components = ((GaugeGroup)space.Type).Components;
        var numbers = new double[2 * order * order];
        System.Numerics.Complex[] product = new System.Numerics.Complex[order * order], next = new System.Numerics.Complex[order * order], factor = new System.Numerics.Complex[order * order];
        for (int i = 0; i < order; i++) product[i * (order + 1)] = 1;
        foreach (int entry in path)
        {
            int link = entry >= 0 ? entry : -1 - entry;
            ((GaugeGroup)space.Type).ToMatrix(links.Slice(link * components, components), numbers);
            for (int i = 0; i < factor.Length; i++) factor[i] = new(numbers[2 * i], numbers[(2 * i) + 1]);
            HostLinks.Multiply(order, product, false, factor, entry < 0, next);
            (product, next) = (next, product);
        }

        System.Numerics.Complex sum = 0;
        for (int i = 0; i < order; i++) sum += product[i * (order + 1)];
        return sum / order;
    }
}
