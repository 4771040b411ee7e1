using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;
using LatticeFlow.Tests.Groups;

namespace LatticeFlow.Tests;

/// <summary>Families of actions: whatever the coefficients of a replica are, its S, force and updates are those of the action with these couplings, and 0 is Haar measure.</summary>
public class ActionPathTests
{
    // Sums of some hundred terms of order β in another order.
    private const double Tolerance = 1e-12;

    // Updates carry roundings on: reflections at a small sum of staples enlarge them, to 2·10⁻⁸ in two sweeps of these lattices (see MarkovLaw). A coupling that is wrong moves links by 0.1 and more.
    private const double ToleranceOfUpdates = 1e-6;

    // Means of HaarLinks independent links, this far off by chance: 7·10⁻⁶ a comparison, two-sided, some 50 comparisons at fixed seeds.
    private const double HaarSigmas = 4.5;

    // At the coefficient of the negative control the mean is further off than this.
    private const double CaughtSigmas = 12;

    // Not 0: an action without rectangles has other sets of links for a heat bath than the family has.
    private static readonly double[] Times = [0.05, 0.25, 0.7, 1];
    private static readonly LatticeGeometry Small = new(4, 3);
    private static readonly LatticeGeometry Cube = new(3, 4, 3);

    public static TheoryData<string> Sets => CpuLanes.Sets;

    [Theory, MemberData(nameof(Sets))]
    public void Replicas_have_the_action_of_their_coefficients(string set)
    {
        foreach (var (start, end, components) in Pairs())
        {
            var path = ActionPath.Between(start, end);
            Assert.Equal(components, path.Action.Components);
            foreach (ITransition transition in Transitions(path)) Assert.True(CpuLanes.Use(set, new Agreement(path, start, end, transition)));
        }
    }

    [Fact]
    public void Coefficients_of_zero_are_Haar_measure()
    {
        using var device = CpuDevices.Best();
        foreach (var group in new[] { GaugeGroup.U1, GaugeGroup.SU2, GaugeGroup.SU3 })
        {
            var family = ActionPath.Between(new WilsonAction(Small, group, 2), new RectangleAction(Small, group, 3, RectangleAction.Iwasaki)).Action;
            foreach (var action in new[] { new WilsonAction(Small, group, 2), family })
            {
                foreach (ITransition transition in new ITransition[] { new HeatBath(), new HeatBath(2), HamiltonianMonteCarlo.Fixed(new Omelyan2(), 4, 4) })
                {
                    Assert.InRange(device.Use(Precision.Double, new Haar(action, transition, 0)), 0, HaarSigmas);
                }
            }

            Assert.True(device.Use(Precision.Double, new Haar(family, new HeatBath(), 0.5)) > CaughtSigmas);
        }
    }

    [Fact]
    public void Paths_begin_and_end_where_they_say()
    {
        Span<double> coefficients = stackalloc double[2];
        var line = ActionPath.Between(new WilsonAction(Small, GaugeGroup.SU3, 5.5), new WilsonAction(Small, GaugeGroup.SU3, 6));
        Assert.Equal([5.5 / 6], line.Start);
        Assert.Equal([1.0], line.End);
        var improved = ActionPath.Between(new WilsonAction(Small, GaugeGroup.SU3, 6), new RectangleAction(Small, GaugeGroup.SU3, 2.6, RectangleAction.Iwasaki));
        improved.WriteCoefficients(0, coefficients);
        Assert.Equal(6 / (2.6 * (1 - (8 * RectangleAction.Iwasaki))), coefficients[0], 1e-15);
        Assert.Equal(0, coefficients[1]);
        improved.WriteCoefficients(0.5, coefficients);
        Assert.Equal(0.5, coefficients[1]);
        Assert.True(improved.Action.IsTranslationInvariant);
        Assert.Throws<ArgumentException>(() => ActionPath.Between(new WilsonAction(Small, 1), new WilsonAction(Small, GaugeGroup.SU2, 1)));
        Assert.Throws<ArgumentException>(() => ActionPath.Between(new WilsonAction(Small, 1), new WilsonAction(new LatticeGeometry(4, 4), 1)));
        Assert.Throws<ArgumentException>(() => ActionPath.OfFactors(new Phi4Action(Small, 1, 1), 0));
    }

    private static IEnumerable<ITransition> Transitions(ActionPath path)
    {
        yield return HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.5, 2);
        if (path.Action.LeastExtent <= Small.Extents.Min()) yield return new HeatBath(1);
    }

    private static IEnumerable<(LoopAction Start, LoopAction End, int Components)> Pairs()
    {
        foreach (var group in new[] { GaugeGroup.U1, GaugeGroup.SU2, GaugeGroup.SU3 })
        {
            yield return (new WilsonAction(Small, group, 1.2), new WilsonAction(Small, group, 2.1), 1);
            yield return (new WilsonAction(Cube, group, 1.2), new RectangleAction(Cube, group, 2.1, RectangleAction.Symanzik), 2);
            yield return (Plaquettes(Small, group, 1.7, open: true), new WilsonAction(Small, group, 1.7), 2);
            yield return (Plaquettes(Cube, group, 1.3, open: false), Plaquettes(Cube, group, 2.2, open: true), 2);
            yield return (new RectangleAction(Small, group, 1.1, RectangleAction.Iwasaki, anisotropy: 1.3), new RectangleAction(Small, group, 1.4, RectangleAction.Symanzik), 2);
        }
    }

    private static WilsonAction Plaquettes(LatticeGeometry lattice, GaugeGroup group, double beta, bool open)
    {
        double[] couplings = open ? PlaquetteCouplings.Open(lattice, beta, 1) : [.. Enumerable.Range(0, lattice.Plaquettes).Select(p => beta * (1 + (0.1 * Math.Sin(p))))];
        return new WilsonAction(lattice, couplings, new Dictionary<string, double> { ["beta"] = beta }, group);
    }

    private static LoopAction Mixed(LoopAction start, LoopAction end, double t)
    {
        double[] Mix(IReadOnlyList<double> a, IReadOnlyList<double> b) => [.. a.Zip(b, (x, y) => ((1 - t) * x) + (t * y))];
        var couplings = LoopCouplings.OfPlaquettes(start.Lattice, Mix(start.Couplings.Plaquettes, end.Couplings.Plaquettes)).WithRectangles(Mix(start.Couplings.Rectangles, end.Couplings.Rectangles));
        return new LoopActionFamily("mixed", start.Group, [couplings], start.Parameters);
    }

    // Replica r of the family at t_r against replica r of the action at t_r, in the same random numbers.
    private sealed class Agreement(ActionPath path, LoopAction start, LoopAction end, ITransition transition) : DoubleLaneUser<bool>
    {
        private const int Steps = 2;

        protected override bool Use<T>(ComputeDevice device)
        {
            int components = path.Action.Components;
            using var family = new MarkovState<T>(device, path.Action, Times.Length, 3, LaneUse.Replicas);
            family.StartHot();
            var lambda = new double[Times.Length * components];
            for (int r = 0; r < Times.Length; r++) path.WriteCoefficients(Times[r], lambda.AsSpan(r * components, components));
            using var run = transition.Bind(family);
            family.WriteCoefficients(lambda);
            var hot = family.ReadField().ToArray();
            var before = family.ReadAction().ToArray();
            var sums = new double[lambda.Length];
            family.CopyComponents(sums);
            for (int step = 0; step < Steps; step++) run.Step(false);
            for (int r = 0; r < Times.Length; r++)
            {
                using var one = new MarkovState<T>(device, Mixed(start, end, Times[r]), Times.Length, 3, LaneUse.Replicas);
                one.Write(hot);
                using var other = transition.Bind(one);
                double scale = one.Action.Lattice.Plaquettes;
                Assert.Equal(one.ReadAction()[r], before[r], Tolerance * scale);
                double sum = 0;
                for (int k = 0; k < components; k++) sum += lambda[(r * components) + k] * sums[(r * components) + k];
                Assert.Equal(before[r], sum, Tolerance * scale);
                for (int step = 0; step < Steps; step++) other.Step(false);
                Assert.Equal(one.ReadAction()[r], family.ReadAction()[r], ToleranceOfUpdates * scale);
                var (expected, actual) = (one.ReadField().Slice(r * one.Numbers, one.Numbers).ToArray(), family.ReadField().Slice(r * one.Numbers, one.Numbers).ToArray());
                Assert.InRange(one.Action.Field.Distance(expected, actual), 0, ToleranceOfUpdates);
                Assert.NotEqual(hot.AsSpan(r * one.Numbers, one.Numbers).ToArray(), actual);
            }

            return true;
        }
    }

    // The largest deviation of tr U, |tr U|² and Re (tr U)² of links, and of S^(k), in units of its error by Haar measure.
    private sealed class Haar(IAction action, ITransition transition, double coefficient) : DoubleLaneUser<double>
    {
        private const int Replicas = 400;

        // Free motion of this many trajectories of length 4 from unit links leaves 0.33¹² of the slowest of these moments, that of the adjoint representation of SU(2).
        private const int FreeTrajectories = 12;

        // SU(N) is drawn subgroup after subgroup: a sweep from unit links is not yet Haar measure of the group.
        private const int FreeSweeps = 8;

        protected override double Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, action, Replicas, 77);
            state.WriteCoefficients([.. Enumerable.Repeat(coefficient, Replicas * action.Components)]);
            using var run = transition.Bind(state);
            for (int step = 0; step < (transition is HeatBath ? FreeSweeps : FreeTrajectories); step++) run.Step(false);
            if (transition is HamiltonianMonteCarlo && coefficient == 0) Assert.All(run.Outcome.Accepted, accepted => Assert.Equal(1, accepted));
            var group = (GaugeGroup)action.Field;
            var field = state.ReadField().ToArray();
            var matrix = new double[2 * group.Order * group.Order];
            double[] sums = new double[4], squares = new double[4];
            int links = field.Length / group.Components;
            for (int link = 0; link < links; link++)
            {
                group.ToMatrix(field.AsSpan(link * group.Components, group.Components), matrix);
                double re = 0, im = 0;
                for (int i = 0; i < group.Order; i++) (re, im) = (re + matrix[2 * i * (group.Order + 1)], im + matrix[(2 * i * (group.Order + 1)) + 1]);

                // Exact: 0, 0, |tr|² = 1, Re tr² = 0 but for SU(2), where tr is real.
                double[] values = [re, im, (re * re) + (im * im) - 1, (re * re) - (im * im) - (group == GaugeGroup.SU2 ? 1 : 0)];
                for (int i = 0; i < values.Length; i++) (sums[i], squares[i]) = (sums[i] + values[i], squares[i] + (values[i] * values[i]));
            }

            double worst = 0;
            for (int i = 0; i < sums.Length; i++)
            {
                if (squares[i] > 1e-20 * links) worst = Math.Max(worst, Math.Abs(sums[i]) / Math.Sqrt(squares[i]));
            }

            // Loops are independent of each other or, on a small torus, at least uncorrelated: S^(k) has the mean 0.
            var components = new double[Replicas * action.Components];
            state.CopyComponents(components);
            for (int k = 0; k < action.Components; k++)
            {
                double sum = 0, square = 0;
                for (int r = 0; r < Replicas; r++) (sum, square) = (sum + components[(r * action.Components) + k], square + Math.Pow(components[(r * action.Components) + k], 2));
                worst = Math.Max(worst, Math.Abs(sum) / Math.Sqrt(square));
            }

            return worst;
        }
    }
}
