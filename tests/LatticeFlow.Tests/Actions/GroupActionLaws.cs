using System.Numerics;
using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>The laws of every action of links of any group: gauge invariance, and the force as the derivative of S along exp(i s P).</summary>
internal static class GroupActionLaws
{
    // Truncation h⁴ S⁗'/30, with derivatives that grow by some 6 a power for rectangles of SU(N) links, and rounding 2⁻⁵³ S/h of the difference are both below 10⁻⁹ of the force at this h.
    private const double DifferenceStep = 1e-3;
    private const double ForceTolerance = 1e-8;

    // S is a sum of some hundred terms of order β; the transformation rounds every link a few times.
    private const double GaugeTolerance = 1e-12;
    private static readonly double[] Strengths = [1, 0.4, 1.7];

    /// <summary>Checks an action; returns whether lanes were sub-lattices.</summary>
    public static bool Check(ComputeDevice device, LoopAction action, LaneUse lanes) => device.Use(Precision.Double, new Run(action, lanes));

    /// <summary>U_μ(x) → Ω(x) U_μ(x) Ω(x + μ)† with Ω from Haar measure.</summary>
    public static double[] GaugeTransformed(GaugeGroup group, LatticeGeometry lattice, ReadOnlySpan<double> links, Random random)
    {
        int order = group.Order;
        int size = order * order;
        var gauge = new Complex[lattice.Volume * size];
        for (int site = 0; site < lattice.Volume; site++) HostLinks.Haar(random, order, gauge.AsSpan(site * size, size));
        var transformed = new double[links.Length];
        var matrix = new double[2 * size];
        var link = new Complex[size];
        var product = new Complex[size];
        for (int l = 0; l < lattice.Links; l++)
        {
            int site = l / lattice.Dimensions;
            group.ToMatrix(links.Slice(l * group.Components, group.Components), matrix);
            for (int i = 0; i < size; i++) link[i] = new(matrix[2 * i], matrix[(2 * i) + 1]);
            HostLinks.Multiply(order, gauge.AsSpan(site * size, size), false, link, false, product);
            HostLinks.Multiply(order, product, false, gauge.AsSpan(lattice.Neighbour(site, l % lattice.Dimensions) * size, size), true, link);
            for (int i = 0; i < size; i++) (matrix[2 * i], matrix[(2 * i) + 1]) = (link[i].Real, link[i].Imaginary);
            group.FromMatrix(matrix, transformed.AsSpan(l * group.Components, group.Components));
        }

        return transformed;
    }

    private sealed class Run(LoopAction action, LaneUse lanes) : DoubleLaneUser<bool>
    {
        protected override bool Use<T>(ComputeDevice device)
        {
            using var state = new MarkovState<T>(device, action, Strengths.Length, 20250101, lanes);
            state.StartHot();
            state.WriteCoefficients(Strengths);
            var links = state.ReadField().ToArray();
            var start = state.ReadAction().ToArray();

            using var force = state.FieldSteps.NewTangents();
            using var direction = state.FieldSteps.NewTangents();
            using var scale = device.NewShared<T>(1);
            scale.WriteShared([2.0]);
            var program = new KernelProgram(state.Shape);
            state.NextKey();
            state.FieldSteps.AddMomenta(program, direction, state.Key, Purpose.Probe);
            state.ActionSteps.AddForce(program, state.Field, scale, 0.5, force);
            state.Measure(program);
            int numbers = state.Shape.Replicas * force.Elements;
            var (f, p) = (new double[numbers], new double[numbers]);
            force.ReadReplicas(f);
            direction.ReadReplicas(p);

            var drift = new KernelProgram(state.Shape);
            state.FieldSteps.AddDrift(drift, state.Field, direction, scale, 0.5);
            state.ActionSteps.AddEvaluate(drift, state.Field, state.ActionField);
            double[] Shifted(double h)
            {
                state.Write(links);
                scale.WriteShared([2 * h]);
                state.Run(drift);
                return state.ReadAction().ToArray();
            }

            var (m2, m1, p1, p2) = (Shifted(-2 * DifferenceStep), Shifted(-DifferenceStep), Shifted(DifferenceStep), Shifted(2 * DifferenceStep));
            int ofReplica = numbers / Strengths.Length;
            for (int r = 0; r < Strengths.Length; r++)
            {
                double difference = (m2[r] - (8 * m1[r]) + (8 * p1[r]) - p2[r]) / (12 * DifferenceStep);
                double derivative = 0;
                double size = 0;
                for (int i = r * ofReplica; i < (r + 1) * ofReplica; i++)
                {
                    derivative -= f[i] * p[i];
                    size += Math.Abs(f[i] * p[i]);
                }

                Assert.True(size > 1);
                Assert.Equal(difference, derivative, ForceTolerance * size);
            }

            state.Write(GaugeTransformed(action.Group, action.Lattice, links[..state.Numbers], new Random(7)).Concat(links[state.Numbers..]).ToArray());
            Assert.Equal(start[0], state.ReadAction()[0], GaugeTolerance * action.Lattice.Plaquettes * action.Parameters.Values.Max(Math.Abs));
            Assert.Equal(start[1], state.ReadAction()[1]);
            return state.Layout.IsSplit;
        }
    }
}
