using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>The laws of every action of U(1) links. One call checks an action on a device.</summary>
internal static class ActionLaws
{
    // S is a sum of a few hundred terms of order β; the gauge transformation moves every angle by several roundings.
    private const double GaugeTolerance = 1e-12;

    // Truncation h⁴ S⁗'/30 and rounding 2⁻⁵³ S/h of the difference are both below 10⁻¹⁰ of the force at this h.
    private const double DifferenceStep = 2e-3;
    private const double ForceTolerance = 1e-8;
    private const int Replicas = 11;

    public static void Check(ComputeDevice device, IAction action) => device.Use(Precision.Double, new Run(action));

    public static double[] RandomLinks(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Math.PI * ((2 * random.NextDouble()) - 1))];

    /// <summary>θ_μ(x) → θ_μ(x) + α(x) − α(x + μ).</summary>
    public static double[] GaugeTransformed(LatticeGeometry lattice, ReadOnlySpan<double> links, double[] alpha)
    {
        var transformed = links.ToArray();
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++) transformed[lattice.Link(site, mu)] += alpha[site] - alpha[lattice.Neighbour(site, mu)];
        }

        return transformed;
    }

    private sealed class Run(IAction action) : DoubleLaneUser<bool>
    {
        protected override bool Use<T>(ComputeDevice device)
        {
            var lattice = action.Lattice;
            var random = new Random(20250101);
            using var evaluator = new ActionEvaluator<T>(device, action, Replicas);
            var links = RandomLinks(random, Replicas * lattice.Links);
            double[] Evaluate(double[] configurations)
            {
                var values = new double[Replicas];
                evaluator.Evaluate(configurations, values);
                return values;
            }

            var start = Evaluate(links);
            var alpha = RandomLinks(random, lattice.Volume);
            var transformed = Enumerable.Range(0, Replicas).SelectMany(r => GaugeTransformed(lattice, links.AsSpan(r * lattice.Links, lattice.Links), alpha)).ToArray();
            var afterwards = Evaluate(transformed);
            double size = action.Parameters.Values.Max(Math.Abs) * lattice.Plaquettes;
            for (int r = 0; r < Replicas; r++) Assert.Equal(start[r], afterwards[r], GaugeTolerance * size);

            var force = Force<T>(device, links);
            var direction = Enumerable.Range(0, links.Length).Select(_ => random.NextDouble() - 0.5).ToArray();
            double[] Shifted(double h) => Evaluate([.. links.Select((angle, i) => angle + (h * direction[i]))]);
            var (m2, m1, p1, p2) = (Shifted(-2 * DifferenceStep), Shifted(-DifferenceStep), Shifted(DifferenceStep), Shifted(2 * DifferenceStep));
            for (int r = 0; r < Replicas; r++)
            {
                double difference = (m2[r] - (8 * m1[r]) + (8 * p1[r]) - p2[r]) / (12 * DifferenceStep);
                double derivative = 0;
                double scale = 0;
                for (int i = r * lattice.Links; i < (r + 1) * lattice.Links; i++)
                {
                    derivative -= force[i] * direction[i];
                    scale += Math.Abs(force[i] * direction[i]);
                }

                Assert.Equal(difference, derivative, (ForceTolerance * scale) + GaugeTolerance);
            }

            return true;
        }

        private double[] Force<T>(ComputeDevice device, double[] links)
            where T : unmanaged, IReal64<T>
        {
            var layout = LatticeLayout.OfReplicas<T>(device, action.Lattice, Replicas);
            var shape = layout.Shape;
            using var stencil = new StencilTables(device, layout);
            using var coefficients = new ActionCoefficients<T>(device, layout, action.Components);
            using var field = device.NewField<T>(shape, action.Lattice.Links);
            using var target = device.NewField<T>(shape, action.Lattice.Links);
            using var scale = device.NewShared<T>(1);
            using var steps = action.Bind(device, stencil, coefficients);
            var program = new KernelProgram(shape);
            steps.AddForce(program, field, scale, 0.5, target);
            field.WriteReplicas(links);
            scale.WriteShared([2.0]);
            device.Run(program);
            var force = new double[links.Length];
            target.ReadReplicas(force);
            return force;
        }
    }
}
