using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary>Whether molecular dynamics runs backwards: a trajectory, the momenta turned round, and the same trajectory again lead back to the start.</summary>
public static class Reversibility
{
    /// <summary>
    /// The largest distance of a link angle from its start after there and back again, over all replicas of <paramref name="links"/>, <c>[replica][link]</c>.
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
            int linksOfReplica = Action.Lattice.Links;
            var shape = device.Shape<TDouble>(Start.Length / linksOfReplica);
            using var links = device.NewField<TDouble>(shape, linksOfReplica);
            using var momenta = device.NewField<TDouble>(shape, linksOfReplica);
            using var stepSize = device.NewShared<TDouble>(1);
            using var key = device.NewTable([(int)(uint)Seed, (int)(uint)(Seed >> 32), 0, 0, 0]);
            using var forces = Action.Bind<TDouble>(device, shape);
            stepSize.WriteShared([Hmc.TrajectoryLength / Steps]);
            links.WriteReplicas(Start);
            var draw = new KernelProgram(shape);
            draw.Add(new FillGaussianReals<TDouble> { Target = momenta.View, Key = key.View, Purpose = Purpose.Probe, Elements = linksOfReplica }, (linksOfReplica + 1) / 2);
            device.Run(draw);
            var trajectory = new KernelProgram(shape);
            Trajectory.Append(trajectory, Hmc.Integrator, Steps, forces, links, momenta, stepSize);
            var numbers = new double[Start.Length];
            device.Run(trajectory);
            momenta.ReadReplicas(numbers);
            foreach (ref double p in numbers.AsSpan()) p = -p;
            momenta.WriteReplicas(numbers);
            device.Run(trajectory);
            links.ReadReplicas(numbers);
            double largest = 0;
            for (int i = 0; i < numbers.Length; i++)
            {
                double distance = Math.Abs(Math.IEEERemainder(numbers[i] - Start[i], 2 * Math.PI));
                if (!(distance <= largest)) largest = distance;
            }

            return largest;
        }
    }
}
