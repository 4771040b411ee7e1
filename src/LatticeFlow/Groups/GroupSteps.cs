using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>What kernels on links of any form need of a layout.</summary>
public static class GroupSteps
{
    /// <summary>A work field for kernels that hold <paramref name="matrices"/> matrices of their own.</summary>
    public static Field<T> NewWork<TLink, T>(ComputeDevice device, LatticeLayout layout, int matrices)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T> => device.NewField<T>(layout.Shape, Math.Max(1, matrices * TLink.WorkElements), Scope.Work);

    /// <summary>Makes the steps of a group for the form that a device holds its links in.</summary>
    internal sealed record Factory<T>(GaugeGroup Group, ComputeDevice Device, StencilTables Stencil) : ILinkUser<T, IFieldSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        /// <inheritdoc/>
        public IFieldSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new GroupSteps<TLink, T>(Device, Stencil, Group);
    }
}

/// <summary>SU(N).</summary>
internal sealed class GroupSteps<TLink, T> : FieldSteps<T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    private readonly Field<T> work;

    public GroupSteps(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        : base(device, stencil, group) =>
        work = GroupSteps.NewWork<TLink, T>(device, stencil.Layout, 1 + TLink.ExponentialSlots);

    public override void AddDrift(KernelProgram program, Field<T> field, Field<T> momenta, Field<T> step, double coefficient) => program.Add(
        new Drift<TLink, T> { Links = field.View, Momenta = momenta.View, Step = step.View, Coefficient = coefficient, Work = work.View },
        Elements);

    public override void AddAcceptOrRestore(KernelProgram program, Field<T> field, Field<T> saved, SumField flag, int element)
    {
        program.Add(new ReunitariseLinks<TLink, T> { Links = field.View }, Elements);
        program.Add(new AcceptOrRestoreField<T> { Field = field.View, Saved = saved.View, Accepted = flag.View, Element = element }, field.Elements);
    }

    public override bool StartsInAnyLayout => true;

    public override void AddHotStart(KernelProgram program, Field<T> field, IndexTable key, int purpose) => program.Add(
        new HaarLinks<TLink, T> { Links = field.View, Streams = Stencil.Streams<T>(key), Dimensions = Layout.OfLane.Dimensions, Purpose = purpose },
        Elements);

    public override void Dispose()
    {
        work.Dispose();
        base.Dispose();
    }
}
