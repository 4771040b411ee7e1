using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;

namespace LatticeFlow.Tests.Groups;

/// <summary>Heat bath and overrelaxation of one link, against integrals over the group.</summary>
public class SubgroupUpdateTests
{
    private const double Beta = 1.3;
    private const int Few = 60;
    private const int Many = 12000;

    // What is left of the first link falls by more than a factor of 2 each time.
    private const int Sweeps = 30;

    // P(|z| > 5) = 6e-7 a comparison, some 50 an instruction set, fixed seed.
    private const double Sigmas = 5;

    // Sums of some ten products of matrices of order 1, with rounding errors of 1.1e-16 times N.
    private const double Rounding = 1e-13;

    // No strength and negative ones are allowed.
    private static readonly double[] Strengths = [0, 0.1, 0.5, -0.4, 1, 4];

    public static TheoryData<string, int> Cases => CasesOf(2, 3, 4);

    public static TheoryData<string, int> IntegrableCases => CasesOf(2, 3);

    [Theory]
    [MemberData(nameof(IntegrableCases))]
    public void Heat_bath_draws_from_the_one_link_integral(string instructionSet, int order)
    {
        var observed = Run(instructionSet, order, LinkSum.Group, Many, Equilibrium);
        for (int s = 0; s < Strengths.Length; s++)
        {
            // V is twice an element of the group.
            var traces = OfStrength(observed, s).Select(one => (Re: one.Re / 2, Im: one.Im / 2)).ToArray();
            var exact = new OneLinkIntegral(order, 2 * Beta * Strengths[s]);
            string at = $"SU({order}) at strength {Strengths[s]}";
            Compare($"Re tr, {at}", traces.Select(trace => trace.Re), exact.Mean((re, im) => re));
            Compare($"(Re tr)², {at}", traces.Select(trace => trace.Re * trace.Re), exact.Mean((re, im) => re * re));
            if (order > 2) Compare($"(Im tr)², {at}", traces.Select(trace => trace.Im * trace.Im), exact.Mean((re, im) => im * im));
        }
    }

    /// <summary>Invariance of Haar measure under U → e^{iεT_a} U gives ⟨Σ_a F_a²⟩ = −⟨Σ_a ∂_a F_a⟩ = (N² − 1)/2N ⟨−S⟩ for every V.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Heat_bath_solves_the_Schwinger_Dyson_equation(string instructionSet, int order)
    {
        double casimir = ((order * order) - 1) / (2.0 * order);
        var observed = Run(instructionSet, order, LinkSum.Two, Many, Equilibrium);
        for (int s = 1; s < Strengths.Length; s++)
        {
            double factor = casimir * Strengths[s] * Beta;
            Compare($"SU({order}) at strength {Strengths[s]}", OfStrength(observed, s).Select(one => one.SquareOfForce - (factor * one.Re)), 0);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Heat_bath_stays_in_the_group(string instructionSet, int order)
    {
        double[][] links = Run(instructionSet, order, LinkSum.Two, Few, link =>
        {
            for (int i = 0; i < Sweeps; i++) link.HeatBath();
            return link.Link();
        });
        Assert.All(links, link => AssertInGroup(order, link));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reflection_keeps_the_action_and_moves_the_link(string instructionSet, int order)
    {
        // Links of the group are 2N apart in the mean square, quaternions 2.
        const double moved = 1;
        var (before, after, actionsBefore, actionsAfter) = Run(instructionSet, order, LinkSum.Two, Few, link =>
        {
            var (first, action) = (link.Link(), link.Observe());
            link.Reflect();
            return (first, link.Link(), action, link.Observe());
        });
        for (int r = 0; r < Few; r++) Assert.Equal(actionsBefore[r].Re, actionsAfter[r].Re, Rounding);
        Assert.All(after, link => AssertInGroup(order, link));
        Assert.True(before.Zip(after, (x, y) => x.Zip(y, (a, b) => (a - b) * (a - b)).Sum()).Average() > moved);
    }

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void Reflection_of_SU2_is_its_own_inverse(string instructionSet)
    {
        var (before, after) = Run(instructionSet, 2, LinkSum.Two, Few, link =>
        {
            double[][] first = link.Link();
            link.Reflect();
            link.Reflect();
            return (first, link.Link());
        });
        AssertEqual(before, after, Rounding);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Where_the_action_is_constant_reflection_leaves_links_and_heat_bath_draws_from_Haar_measure(string instructionSet, int order)
    {
        var (before, reflected, drawn) = Run(instructionSet, order, LinkSum.Nothing, Many, link =>
        {
            double[][] first = link.Link();
            link.Reflect();
            double[][] second = link.Link();
            link.HeatBath();
            return (first, second, link.Link());
        });
        AssertEqual(before, reflected, 0);

        // ⟨Re U_00⟩ = 0, ⟨|U_00|²⟩ = 1/N, and nothing is left of the link before.
        var corner = drawn.Select(link => Matrix(order, link)[0, 0]).ToArray();
        Compare("Re U_00", corner.Select(u => u.Real), 0);
        Compare("|U_00|²", corner.Select(u => (u.Real * u.Real) + (u.Imaginary * u.Imaginary)), 1.0 / order);
        Compare("Re U_00 of before and after", corner.Zip(before, (u, link) => u.Real * Matrix(order, link)[0, 0].Real), 0);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Chains_are_the_same_on_every_instruction_set(int order)
    {
        // Four updates multiply rounding errors a little.
        const double tolerance = 1e-11;
        double[][]? first = null;
        foreach (var set in InstructionSet.All.Where(set => set.IsSupported))
        {
            double[][] links = Run(set.Name, order, LinkSum.Two, Few, link =>
            {
                for (int i = 0; i < 2; i++)
                {
                    link.HeatBath();
                    link.Reflect();
                }

                return link.Link();
            });
            first ??= links;
            AssertEqual(first, links, tolerance);
        }
    }

    public static TheoryData<string> InstructionSets => CpuDevices.Supported;

    private static TheoryData<string, int> CasesOf(params int[] orders)
    {
        var cases = new TheoryData<string, int>();
        foreach (var set in InstructionSet.All.Where(set => set.IsSupported))
        {
            foreach (int order in orders) cases.Add(set.Name, order);
        }

        return cases;
    }

    private static (double Re, double Im, double SquareOfForce)[] Equilibrium(IOneLink link)
    {
        for (int i = 0; i < Sweeps; i++) link.HeatBath();
        return link.Observe();
    }

    private static IEnumerable<TItem> OfStrength<TItem>(TItem[] replicas, int strength) => replicas.Where((_, replica) => replica % Strengths.Length == strength);

    private static TResult Run<TResult>(string instructionSet, int order, LinkSum sum, int replicas, Func<IOneLink, TResult> happens)
    {
        double[] strengths = [.. Enumerable.Range(0, replicas).Select(replica => Strengths[replica % Strengths.Length])];
        using var device = CpuDevices.Create(instructionSet);
        return device.Use(Precision.Double, new OneLinkScenario<TResult>(order, sum, Beta, strengths, happens));
    }

    private static ComplexMatrix Matrix(int order, double[] numbers) => (order == 2 ? LinkAlgebra.Quaternions() : LinkAlgebra.Matrices(order)).Matrix(numbers);

    private static void AssertInGroup(int order, double[] numbers)
    {
        var u = Matrix(order, numbers);
        Assert.True(((u * u.Adjoint) - ComplexMatrix.One(order)).Largest < Rounding);
        Assert.True((u.Determinant() - 1).Magnitude < Rounding);
    }

    private static void AssertEqual(double[][] expected, double[][] actual, double tolerance)
    {
        foreach (var (x, y) in expected.Zip(actual))
        {
            for (int i = 0; i < x.Length; i++) Assert.True(Math.Abs(x[i] - y[i]) <= tolerance, $"{y[i]:G17}, not {x[i]:G17}");
        }
    }

    private static void Compare(string what, IEnumerable<double> numbers, double expected)
    {
        double[] values = [.. numbers];
        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / values.Length / (values.Length - 1.0));
        Assert.True(Math.Abs(mean - expected) <= Sigmas * error, $"{what}: {mean} ± {error}, exact {expected}");
    }
}
