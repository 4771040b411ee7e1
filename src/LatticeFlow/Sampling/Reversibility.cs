using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>Whether molecular dynamics runs backwards: a trajectory, the momenta turned round, and the same trajectory again lead back to the start.</summary>
public static class Reversibility
{
    /// <summary>
    /// The largest distance of an element (<see cref="FieldType.Distance"/>) from its start after there and back again, over all replicas of <paramref name="field"/>, <c>[replica][element][component]</c>.
    /// Rounding alone leaves some 1e-14, times the growth of neighbouring trajectories.
    /// </summary>
    public static double LargestDeviation(ComputeDevice device, IAction action, HamiltonianMonteCarlo hmc, int steps, double[] field, ulong seed)
        => device.Use(Precision.Double, new Probe(action, hmc, steps, field, seed, IsIsokinetic: false));

    /// <summary>The same of isokinetic dynamics.</summary>
    public static double LargestDeviation(ComputeDevice device, IAction action, MicrocanonicalMonteCarlo mchmc, int steps, double[] field, ulong seed)
        => device.Use(Precision.Double, new Probe(action, mchmc.Dynamics, steps, field, seed, IsIsokinetic: true));

    private sealed record Probe(IAction Action, HamiltonianMonteCarlo Hmc, int Steps, double[] Start, ulong Seed, bool IsIsokinetic) : ILaneUser<double>
    {
        public double Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            var layout = LatticeLayout.OfReplicas<TDouble>(device, Action.Lattice, Start.Length / Action.Field.Numbers(Action.Lattice));
            using var stencil = new StencilTables(device, layout);
            using var steps = Action.Field.Bind<TDouble>(device, stencil);
            using var coefficients = new ActionCoefficients<TDouble>(device, layout, Action.Components);
            using var field = steps.NewField();
            using var momenta = steps.NewTangents();
            using var stepSize = device.NewShared<TDouble>(1);
            using var key = device.NewTable([(int)(uint)Seed, (int)(uint)(Seed >> 32), 0, 0, 0]);
            using var dynamics = new Trajectory<TDouble>(Hmc.Levels, Action, part => part.Bind(device, stencil, coefficients), steps);
            stepSize.WriteShared([Hmc.TrajectoryLength / Steps]);
            field.WriteReplicas(Start);
            using var whole = Action.Bind(device, stencil, coefficients);
            using var isokinetic = IsIsokinetic ? new IsokineticTrajectory<TDouble>(Hmc.Integrator, device, layout, Action.Field.Tangents(Action.Lattice), whole, steps, 1) : null;
            using var energies = device.NewSums<TDouble>(layout.Shape, DecideTrajectory<TDouble>.Element.Count);
            var draw = new KernelProgram(layout.Shape);
            steps.AddMomenta(draw, momenta, key, Purpose.Probe);
            isokinetic?.AddDirection(draw, momenta);
            device.Run(draw);
            var trajectory = new KernelProgram(layout.Shape);
            if (isokinetic is null) dynamics.Append(trajectory, Steps, field, momenta, stepSize);
            else isokinetic.Append(trajectory, Steps, field, momenta, stepSize, energies);
            device.Run(trajectory);
            var reversed = new double[layout.Replicas * momenta.Elements];
            momenta.ReadReplicas(reversed);
            foreach (ref double p in reversed.AsSpan()) p = -p;
            momenta.WriteReplicas(reversed);
            device.Run(trajectory);
            var numbers = new double[Start.Length];
            field.ReadReplicas(numbers);
            return Action.Field.Distance(numbers, Start);
        }
    }
}
