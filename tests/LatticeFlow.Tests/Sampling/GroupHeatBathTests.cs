using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Sweeps of heat bath and overrelaxation over lattices, where links see each other through rectangles, planes of different couplings and lanes.</summary>
public class GroupHeatBathTests
{
    // Rounding of some thousand terms of order β.
    private const double RoundingTolerance = 1e-10;

    // P(|z| > 4.5) = 7e-6 a comparison, six comparisons, fixed seeds.
    private const double Sigmas = 4.5;

    public static TheoryData<string, int[], bool> Layouts => new()
    {
        { "U1", [12, 6], false }, { "U1", [12, 6], true }, { "SU2", [6, 6, 6], false }, { "SU2", [6, 6, 6], true }, { "SU3", [12, 6], false }, { "SU3", [12, 6], true },
        { "SU4", [3, 3, 3], false },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Overrelaxation_keeps_the_action_and_the_links_of_a_set_do_not_see_each_other(string group, int[] extents, bool split)
    {
        if (split && InstructionSet.Best().Name == "scalar") return;
        using var device = CpuDevices.Best();
        Assert.Equal(split, device.Use(Precision.Double, new Reflections(Action(new LatticeGeometry(extents), GaugeGroup.Named(group)), split ? LaneUse.Best : LaneUse.Replicas)));
    }

    /// <summary>
    /// Invariance of Haar measure under U → e^{iεT_a} U of one link: ⟨Σ_a F_a²⟩ = −⟨Σ_a ∂_a F_a⟩ = C ⟨Re tr U V⟩, C = (N² − 1)/2N or 1 for U(1). Over all links a plaquette is counted
    /// four times and a rectangle six times. Links of the heat bath against the force of the same action, in equilibrium.
    /// </summary>
    [Theory]
    [InlineData("U1", "heatbath")]
    [InlineData("SU2", "heatbath")]
    [InlineData("SU3", "heatbath")]
    [InlineData("SU4", "heatbath")]
    [InlineData("U1", "hmc")]
    [InlineData("SU3", "hmc")]
    public void Anisotropic_rectangles_obey_the_Schwinger_Dyson_equation(string name, string sampler)
    {
        var group = GaugeGroup.Named(name);
        using var device = CpuDevices.Best();
        ITransition transition = sampler == "hmc" ? HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 10) : new HeatBath(1);
        double[] differences = device.Use(Precision.Double, new Equilibrium(Action(new LatticeGeometry(3, 3, 3), group), transition));
        double mean = differences.Average();
        double error = Math.Sqrt(differences.Sum(x => (x - mean) * (x - mean)) / differences.Length / (differences.Length - 1.0));
        Assert.InRange(error, 1e-3, 1);
        Assert.True(Math.Abs(mean) < Sigmas * error, $"{name} {sampler}: {mean} ± {error}");
    }

    // Without an action a unit link becomes a product of one element of each SU(2) subgroup: an entry stays zero where one is left out.
    [Theory]
    [InlineData("SU3", 1)]
    [InlineData("SU3", 3)]
    [InlineData("SU4", 3)]
    public void A_sweep_visits_every_subgroup_of_every_link(string name, int replicas)
    {
        const double zero = 1e-9;
        double[] links = ColdSweep(name, replicas);
        for (int i = 0; i < links.Length; i += 2) Assert.True(Math.Abs(links[i]) + Math.Abs(links[i + 1]) > zero, $"number {i} of the links is zero");
    }

    // U = g12 g02 g01 of SU(3): |U_02|² is that of an off-diagonal entry of g02, and |U_01|²/(|U_00|² + |U_01|²) of g01. Both are uniform in (0, 1), so that two of 900 agree to this once in 10⁶ seeds.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void No_two_subgroups_of_a_sweep_share_their_random_numbers(int replicas)
    {
        const double alike = 1e-12;
        double[] links = ColdSweep("SU3", replicas);
        var draws = new List<double>();
        for (int i = 0; i < links.Length; i += 18)
        {
            double first = Square(i), second = Square(i + 2), third = Square(i + 4);
            draws.AddRange([third, second / (first + second)]);
        }

        draws.Sort();
        for (int i = 1; i < draws.Count; i++) Assert.True(draws[i] - draws[i - 1] > alike, $"two draws are {draws[i]:R}");

        double Square(int i) => (links[i] * links[i]) + (links[i + 1] * links[i + 1]);
    }

    private static RectangleAction Action(LatticeGeometry lattice, GaugeGroup group) => new(lattice, group, 1.1 * group.Order, RectangleAction.Symanzik, 1.4);

    // Couplings that differ weigh the staples one by one: with next to none a link sees nothing, and is turned by the draws as they are.
    private static double[] ColdSweep(string group, int replicas)
    {
        var lattice = new LatticeGeometry(8, 4);
        var couplings = new double[lattice.Plaquettes];
        couplings[0] = 1e-200;
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, couplings, new Dictionary<string, double>(), GaugeGroup.Named(group)),
            Transition = new HeatBath(),
            Replicas = replicas,
            Seed = 5,
            Start = ChainStart.Cold,
        });
        chain.Advance();
        return chain.Field.ToArray();
    }

    private sealed class Reflections(LoopAction action, LaneUse lanes) : DoubleLaneUser<bool>
    {
        protected override bool Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, action, 3, 8, lanes);
            state.StartHot();
            state.WriteCoefficients([1, 0.3, 2]);
            var (before, links) = (state.ReadAction().ToArray(), state.ReadField().ToArray());
            using var steps = state.BindHeatBath();
            for (int colour = 0; colour < steps.Colours; colour++)
            {
                var program = new KernelProgram(state.Shape);
                steps.AddReflect(program, colour, state.Field);
                state.ActionSteps.AddEvaluate(program, state.Field, state.ActionField);
                state.Run(program);
                for (int r = 0; r < before.Length; r++) Assert.Equal(before[r], state.ReadAction()[r], RoundingTolerance);
                if (action.Group.Order > 2) continue;

                // A reflection of one subgroup is its own inverse, and one of several links only if none is in a loop with another: else their order would have to turn round.
                double[] once = [.. state.ReadField()];
                state.Run(program);
                state.Run(program);
                double[] thrice = [.. state.ReadField()];
                for (int i = 0; i < once.Length; i++) Assert.Equal(0, Math.IEEERemainder(once[i] - thrice[i], 2 * Math.PI), RoundingTolerance);
            }

            double[] after = [.. state.ReadField()];
            int components = action.Group.Components;
            for (int link = 0; link < links.Length; link += components)
                Assert.True(Enumerable.Range(link, components).Sum(i => Math.Abs(links[i] - after[i])) > 1e-6, $"link {link / components} has not moved");

            // What has turned a link is a product of one element of each SU(2) subgroup: an entry stays zero where one is left out.
            MatrixField old = MatrixField.Of(action.Lattice, action.Group, links[..state.Numbers]), turned = MatrixField.Of(action.Lattice, action.Group, after[..state.Numbers]);
            for (int link = 0; link < action.Lattice.Links; link++)
            {
                int site = link / action.Lattice.Dimensions, mu = link % action.Lattice.Dimensions;
                var turn = turned[site, mu] * old[site, mu].Adjoint;
                for (int i = 0; i < action.Group.Order * action.Group.Order; i++) Assert.True(turn[i / action.Group.Order, i % action.Group.Order].Magnitude > 1e-10);
            }

            return state.Layout.IsSplit;
        }
    }

    private sealed class Equilibrium(RectangleAction action, ITransition transition) : DoubleLaneUser<double[]>
    {
        private const int Replicas = 96;
        private const int Thermalization = 40;
        private const int Measurements = 6;
        private const int Stride = 4;

        protected override double[] Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, action, Replicas, 77);
            using var run = transition.Bind(state);
            double[] strengths = [.. Enumerable.Range(0, Replicas).Select(r => 0.5 + (0.25 * (r % 3)))];
            state.WriteCoefficients(strengths);
            for (int i = 0; i < Thermalization; i++) run.Step(true);

            using var force = state.FieldSteps.NewTangents();
            using var one = device.NewShared<T>(1);
            one.WriteShared([1.0]);
            var program = new KernelProgram(state.Shape);
            program.Add(new Kernels.Fields.Clear<T> { Target = force.View }, force.Elements);
            state.ActionSteps.AddForce(program, state.Field, one, 1, force);
            var sums = device.NewSums<T>(state.Shape, 2);
            var parts = action.Parts.Select(state.Bind).ToArray();
            for (int part = 0; part < 2; part++) parts[part].AddEvaluate(program, state.Field, sums, part);
            double casimir = action.Group == GaugeGroup.U1 ? 1 : ((action.Group.Order * action.Group.Order) - 1) / (2.0 * action.Group.Order);
            var (f, s) = (new double[Replicas * force.Elements], new double[2 * Replicas]);
            var differences = new double[Replicas];
            for (int measurement = 0; measurement < Measurements; measurement++)
            {
                for (int i = 0; i < Stride; i++) run.Step(false);
                state.Measure(program);
                force.ReadReplicas(f);
                sums.ReadReplicas(s);
                for (int r = 0; r < Replicas; r++)
                {
                    double squares = f.AsSpan(r * force.Elements, force.Elements).ToArray().Sum(x => x * x);
                    differences[r] += (squares + (casimir * ((4 * s[2 * r]) + (6 * s[(2 * r) + 1])))) / Measurements / action.Lattice.Links;
                }
            }

            foreach (var part in parts) part.Dispose();
            sums.Dispose();
            return differences;
        }
    }
}
