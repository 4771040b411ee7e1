using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>Whether molecular dynamics runs backwards: a trajectory, the momenta turned round, and the same trajectory again lead back to the start.</summary>
public static class Reversibility
{
    /// <summary>
    /// The largest distance of a number of a link (U(1): of its angle) from its start after there and back again, over all replicas of <paramref name="links"/>, <c>[replica][link][component]</c>.
    /// Rounding alone leaves some 1e-14, times the growth of neighbouring trajectories.
    /// </summary>
    public static double LargestDeviation(ComputeDevice device, IAction action, HamiltonianMonteCarlo hmc, int steps, double[] links, ulong seed)
        => device.Use(Precision.Double, new Probe(action, hmc, steps, links, seed));

    private sealed record Probe(IAction Action, HamiltonianMonteCarlo Hmc, int Steps, double[] Start, ulong Seed) : ILaneUser<double>
    {
        public double Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            int numbersOfReplica = Action.Lattice.Links * Action.Group.Components;
            var layout = LatticeLayout.OfReplicas<TDouble>(device, Action.Lattice, Start.Length / numbersOfReplica);
            using var stencil = new StencilTables(device, layout);
            using var group = GroupSteps.Bind<TDouble>(Action.Group, device, stencil);
            using var strength = StrengthField.Ones<TDouble>(device, layout);
            using var links = group.NewLinks();
            using var momenta = group.NewAlgebra();
            using var stepSize = device.NewShared<TDouble>(1);
            using var key = device.NewTable([(int)(uint)Seed, (int)(uint)(Seed >> 32), 0, 0, 0]);
            using var dynamics = new Trajectory<TDouble>(Hmc.Levels, Action, part => part.Bind(device, stencil, strength), group);
            stepSize.WriteShared([Hmc.TrajectoryLength / Steps]);
            links.WriteReplicas(Start);
            var draw = new KernelProgram(layout.Shape);
            group.AddMomenta(draw, momenta, key, Purpose.Probe);
            device.Run(draw);
            var trajectory = new KernelProgram(layout.Shape);
            dynamics.Append(trajectory, Steps, links, momenta, stepSize);
            device.Run(trajectory);
            var reversed = new double[layout.Replicas * momenta.Elements];
            momenta.ReadReplicas(reversed);
            foreach (ref double p in reversed.AsSpan()) p = -p;
            momenta.WriteReplicas(reversed);
            device.Run(trajectory);
            var numbers = new double[Start.Length];
            links.ReadReplicas(numbers);
            bool angles = Action.Group == GaugeGroup.U1;
            double largest = 0;
            for (int i = 0; i < numbers.Length; i++)
            {
                double distance = Math.Abs(angles ? Math.IEEERemainder(numbers[i] - Start[i], 2 * Math.PI) : numbers[i] - Start[i]);
                if (!(distance <= largest)) largest = distance;
            }

            return largest;
        }
    }
}
