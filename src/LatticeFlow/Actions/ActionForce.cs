using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The force of configurations in host memory, in double.</summary>
public static class ActionForce
{
    /// <summary>F_a = −∂_a S of configurations <c>[n][element][component]</c>, as tangents <c>[n][element][a]</c>.</summary>
    public static double[] Evaluate(ComputeDevice device, IAction action, ReadOnlySpan<double> configurations) =>
        device.Use(Precision.Double, new Evaluation(action, configurations.ToArray()));

    private sealed record Evaluation(IAction Action, double[] Configurations) : ILaneUser<double[]>
    {
        public double[] Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            int numbers = Action.Field.Numbers(Action.Lattice), forces = Action.Field.Tangents(Action.Lattice);
            int replicas = Configurations.Length / numbers;
            var layout = LatticeLayout.OfReplicas<T>(device, Action.Lattice, replicas);
            using var stencil = new StencilTables(device, layout);
            using var coefficients = new ActionCoefficients<T>(device, layout, Action.Components);
            using var field = device.NewField<T>(layout.Shape, numbers);
            using var target = device.NewField<T>(layout.Shape, forces);
            using var one = device.NewShared<T>(1);
            using var steps = Action.Bind(device, stencil, coefficients);
            one.WriteShared([1]);
            field.WriteReplicas(Configurations);
            var program = new KernelProgram(layout.Shape);
            steps.AddForce(program, field, one, 1, target);
            device.Run(program);
            var result = new double[replicas * forces];
            target.ReadReplicas(result);
            return result;
        }
    }
}
