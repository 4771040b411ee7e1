using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>A stage of a method that integrates dV/dt = i F V with one algebra field A, zero at first: A += Force · F(V), then V = exp(i ε Drift A) V.</summary>
internal readonly record struct FlowStage(double Force, double Drift);

/// <summary>Steps of the flow dV/dt = i F V of plaquettes.</summary>
internal static class ForceSmearing
{
    /// <summary>β of Wilson's action such that the flow is ∂_t A_μ = D_ν G_νμ: S = −(β/N) Σ_p Re tr P with 2N, as tr T_a T_b = δ_ab/2; 1 for U(1), whose generator is 1.</summary>
    public static double UnitCoupling(GaugeGroup group) => group == GaugeGroup.U1 ? 1 : 2 * group.Order;

    /// <summary>The kernels of a method for a batch; <paramref name="step"/> gives ε of the step of an index.</summary>
    public static ISmearingSteps<T> Bind<T>(
        ComputeDevice device, StencilTables stencil, GaugeGroup group, Field<T> links, LoopCouplings couplings, IReadOnlyList<FlowStage> stages, Func<int, double> step)
        where T : unmanaged, IReal64<T> =>
        group.Use(device, new Factory<T>(device, stencil, group.Bind<T>(device, stencil), links, couplings, stages, step));

    private sealed record Factory<T>(
        ComputeDevice Device, StencilTables Stencil, IFieldSteps<T> Group, Field<T> Links, LoopCouplings Couplings, IReadOnlyList<FlowStage> Stages, Func<int, double> Step) : ILinkUser<T, ISmearingSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public ISmearingSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new Steps<TLink, T>(this);
    }

    private sealed class Steps<TLink, T> : ISmearingSteps<T>
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        private readonly Factory<T> of;
        private readonly StapleFields<T> staples;
        private readonly Field<T> work;
        private readonly Field<T> direction;
        private readonly Field<T> one;

        public Steps(Factory<T> of)
        {
            this.of = of;
            var (device, layout) = (of.Device, of.Stencil.Layout);
            staples = new StapleFields<T>(device, layout, of.Couplings, TLink.Order);
            work = GroupSteps.NewWork<TLink, T>(device, layout, Force<TLink, T>.Slots);
            direction = of.Group.NewTangents(Scope.Scratch);
            one = device.NewShared<T>(1);
            one.WriteShared([1.0]);
        }

        public void AddStep(KernelProgram program, int step)
        {
            double size = of.Step(step);
            program.Add(new Clear<T> { Target = direction.View }, direction.Elements);
            foreach (var stage in of.Stages)
            {
                program.Add(
                    new Force<TLink, T>
                    {
                        Staples = staples.View(of.Stencil, of.Links, work),
                        Target = direction.View,
                        Scale = one.View,
                        Coefficient = stage.Force,
                        Strength = staples.Strength.View,
                    },
                    of.Stencil.Layout.OfLane.Links);
                of.Group.AddDrift(program, of.Links, direction, one, size * stage.Drift);
            }
        }

        public void Dispose()
        {
            staples.Dispose();
            work.Dispose();
            direction.Dispose();
            one.Dispose();
            of.Group.Dispose();
        }
    }
}
