using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Sampling;
using Xunit.Abstractions;

namespace LatticeFlow.Tests;

/// <summary>Proposals of flows in single precision: links of the group in double, ln q and ln w close to those of double, and chains that resume bit for bit.</summary>
public class FlowPrecisionTests(ITestOutputHelper output)
{
    private const double Beta = 1.5;

    // |(U U†)_ij − δ_ij| of re-unitarised links.
    private const double GroupTolerance = 1e-14;

    // ln q of a proposal in single precision against that of the same links in double: 10⁻⁷ a number, magnified by random maps of eight layers. The figures are printed.
    private const double LogDensityTolerance = 1e-4;

    public static TheoryData<string> Flows => ["mobius 2", "spectral plaquettes SU2", "spectral plaquettes SU3", "doubling SU2", "doubling SU3", "staple SU2", "staple SU3"];

    [Theory]
    [MemberData(nameof(Flows))]
    public void Proposals_in_single_precision_are_links_of_the_group_with_the_density_of_double(string name)
    {
        const int count = 512;
        var flow = FlowCase.All[name];
        using var device = CpuDevices.Best();
        var model = Moderate(name);
        using var single = new FlowProposals(device, Precision.Single, model, flow.Space, count, count);
        using var twice = new FlowProposals(device, Precision.Double, model, flow.Space, count, count);
        double[] links = new double[count * single.Numbers], others = new double[links.Length], logQ = new double[count], exact = new double[count], again = new double[count];
        single.Draw(7, 0, count, links, logQ);
        twice.Draw(7, 0, count, others, exact);
        Assert.InRange(((GaugeGroup)flow.Space.Type).Distance(links, others), 1e-9, 1e-3);
        Assert.InRange(LinksInGroup.LargestDistance(((GaugeGroup)flow.Space.Type), links), 0, GroupTolerance);

        // The density that counts is that of the links that are proposed.
        twice.LogDensity(links, exact);
        single.LogDensity(links, again);
        var (mean, spread) = Difference(logQ, exact);
        var (meanAgain, spreadAgain) = Difference(again, exact);
        double width = Spread(exact);
        output.WriteLine($"{name}: ln q in single minus double: mean {mean:E1}, standard deviation {spread:E1}; by the inverse {meanAgain:E1}, {spreadAgain:E1}; standard deviation of ln q itself {width:F2}");
        Assert.InRange(spread, 0, LogDensityTolerance);
        Assert.InRange(Math.Abs(mean), 0, LogDensityTolerance);
        Assert.InRange(spreadAgain, 0, LogDensityTolerance);
    }

    [Theory]
    [InlineData("mobius 2", Precision.Single)]
    [InlineData("spectral plaquettes SU2", Precision.Single)]
    [InlineData("spectral plaquettes SU2", Precision.Double)]
    [InlineData("doubling SU3", Precision.Single)]
    [InlineData("staple SU3", Precision.Double)]
    public void A_chain_that_is_resumed_between_two_draws_continues_bit_by_bit(string name, Precision precision)
    {
        using var device = CpuDevices.Best();
        var space = FlowCase.All[name].Space;
        using var proposals = new FlowProposals(device, precision, Moderate(name), space, 40, 3);

        // A draw is 13 steps of 3 replicas, no multiple of a register.
        var settings = new MarkovChainSettings { Action = new WilsonAction(space.Lattice, ((GaugeGroup)space.Type), Beta), Transition = new FlowMetropolis(proposals, 40), Replicas = 3, Seed = 5, StartFrom = proposals };
        using var chain = MarkovChain.Create(device, settings);
        for (int i = 0; i < 17; i++) chain.Advance();
        var saved = chain.Save();
        var expected = chain.NewBlock(15);
        chain.Fill(expected);
        using var resumed = MarkovChain.Create(device, settings);
        resumed.Restore(saved);
        var block = resumed.NewBlock(15);
        resumed.Fill(block);
        Assert.Equal(expected.Field, block.Field);
        Assert.Equal(expected.LogQ, block.LogQ);
        Assert.Equal(expected.LogWeight, block.LogWeight);
        Assert.Contains((byte)1, block.Accepted);
        for (int row = 0; row < block.Rows; row++) Assert.Equal(-block.Action[row] - block.LogQ[row], block.LogWeight[row], 1e-12);
        Assert.InRange(LinksInGroup.LargestDistance(((GaugeGroup)space.Type), block.Field), 0, 10 * GroupTolerance);
    }

    private static FlowModel Moderate(string name) => FlowCase.Randomised(new FlowModel(FlowCase.All[name].Layers), 3, 0.3 * FlowCase.All[name].Spread);

    private static (double Mean, double Spread) Difference(double[] a, double[] b)
    {
        double[] difference = [.. a.Zip(b, (x, y) => x - y)];
        return (difference.Average(), Spread(difference));
    }

    private static double Spread(double[] numbers)
    {
        double mean = numbers.Average();
        return Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)));
    }
}
