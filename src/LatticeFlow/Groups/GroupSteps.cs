using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>Makes the kernels of a group ready for a layout.</summary>
public static class GroupSteps
{
    /// <summary>The kernels of <paramref name="group"/>.</summary>
    /// <exception cref="NotSupportedException">The device cannot hold links of this group.</exception>
    public static IGroupSteps<T> Bind<T>(GaugeGroup group, ComputeDevice device, StencilTables stencil)
        where T : unmanaged, IReal64<T> => group == GaugeGroup.U1 ? new U1Steps<T>(device, stencil) : group.Use(device, new Factory<T>(device, stencil));

    /// <summary>A work field for kernels that hold <paramref name="matrices"/> matrices of their own.</summary>
    public static Field<T> NewWork<TLink, T>(ComputeDevice device, LatticeLayout layout, int matrices)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T> => device.NewField<T>(layout.Shape, Math.Max(1, matrices * TLink.WorkElements), Scope.Work);

    private sealed record Factory<T>(ComputeDevice Device, StencilTables Stencil) : ILinkUser<T, IGroupSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public IGroupSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new GroupSteps<TLink, T>(Device, Stencil);
    }
}

/// <summary>What is alike for all groups: algebra fields hold real numbers.</summary>
internal abstract class AlgebraSteps<T> : IGroupSteps<T>
    where T : unmanaged, IReal64<T>
{
    private readonly int components;
    private readonly int generators;
    private readonly LatticeSums<T> kinetic;

    protected AlgebraSteps(ComputeDevice device, StencilTables stencil, int components, int generators)
    {
        Device = device;
        Stencil = stencil;
        this.components = components;
        this.generators = generators;
        kinetic = new LatticeSums<T>(device, Layout, Momenta);
    }

    protected ComputeDevice Device { get; }

    protected StencilTables Stencil { get; }

    protected LatticeLayout Layout => Stencil.Layout;

    protected int Links => Layout.OfLane.Links;

    private int Momenta => Links * generators;

    public Field<T> NewLinks(int scope) => Device.NewField<T>(Layout.Shape, Links * components, scope);

    public Field<T> NewAlgebra(int scope) => Device.NewField<T>(Layout.Shape, Momenta, scope);

    public void AddMomenta(KernelProgram program, Field<T> momenta, IndexTable key, int purpose)
    {
        if (!Layout.IsSplit)
        {
            program.Add(new FillGaussianReals<T> { Target = momenta.View, Key = key.View, Purpose = purpose, Elements = Momenta }, (Momenta + 1) / 2);
            return;
        }

        program.Add(
            new FillSiteGaussians<T> { Target = momenta.View, Streams = Stencil.Streams<T>(key), Purpose = purpose, ElementsOfSite = Layout.OfLane.Dimensions * generators },
            Layout.OfLane.Volume);
    }

    public void AddKinetic(KernelProgram program, Field<T> momenta, SumField total, int element)
    {
        program.Add(new KineticEnergy<T> { Momenta = momenta.View, Parts = kinetic.Parts.View, Elements = Momenta }, Kernels.Fields.Chunk.Count(Momenta));
        kinetic.AddTotal(program, Momenta, total, element);
    }

    public abstract void AddDrift(KernelProgram program, Field<T> links, Field<T> momenta, Field<T> step, double coefficient);

    public abstract void AddAcceptOrRestore(KernelProgram program, Field<T> links, Field<T> saved, SumField flag, int element);

    public abstract void AddHaar(KernelProgram program, Field<T> links, IndexTable key, int purpose);

    public virtual void Dispose() => kinetic.Dispose();
}

/// <summary>SU(N).</summary>
internal sealed class GroupSteps<TLink, T> : AlgebraSteps<T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    private readonly Field<T> work;

    public GroupSteps(ComputeDevice device, StencilTables stencil)
        : base(device, stencil, TLink.Components, TLink.Generators) =>
        work = GroupSteps.NewWork<TLink, T>(device, stencil.Layout, 1 + TLink.ExponentialSlots);

    public override void AddDrift(KernelProgram program, Field<T> links, Field<T> momenta, Field<T> step, double coefficient) => program.Add(
        new Drift<TLink, T> { Links = links.View, Momenta = momenta.View, Step = step.View, Coefficient = coefficient, Work = work.View },
        Links);

    public override void AddAcceptOrRestore(KernelProgram program, Field<T> links, Field<T> saved, SumField flag, int element)
    {
        program.Add(new ReunitariseLinks<TLink, T> { Links = links.View }, Links);
        program.Add(new AcceptOrRestoreLinks<T> { Links = links.View, Saved = saved.View, Accepted = flag.View, Element = element }, links.Elements);
    }

    public override void AddHaar(KernelProgram program, Field<T> links, IndexTable key, int purpose) => program.Add(
        new HaarLinks<TLink, T> { Links = links.View, Streams = Stencil.Streams<T>(key), Dimensions = Layout.OfLane.Dimensions, Purpose = purpose },
        Links);

    public override void Dispose()
    {
        work.Dispose();
        base.Dispose();
    }
}
