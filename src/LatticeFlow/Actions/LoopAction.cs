using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>An action made of plaquettes and rectangles, see <see cref="LoopCouplings"/>. The named actions are ways to choose couplings.</summary>
public abstract class LoopAction : IAction
{
    private protected LoopAction(string name, GaugeGroup group, LoopCouplings couplings, IReadOnlyDictionary<string, double> parameters)
    {
        Name = name;
        Group = group;
        Couplings = couplings;
        Parameters = parameters;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The group that the links belong to.</summary>
    public GaugeGroup Group { get; }

    /// <inheritdoc/>
    public FieldType Field => Group;

    /// <inheritdoc/>
    public LatticeGeometry Lattice => Couplings.Lattice;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters { get; }

    /// <inheritdoc/>
    public bool IsTranslationInvariant => Couplings.IsTranslationInvariant;

    /// <inheritdoc/>
    public int LeastExtent => Couplings.HasRectangles ? 3 : 2;

    /// <summary>β of plaquettes and rectangles.</summary>
    public LoopCouplings Couplings { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<IAction> Parts => [this];

    /// <inheritdoc/>
    public double Flops(WorkKind kind) => Lattice.Links * NominalFlops.OfLoops(Group, Lattice.Dimensions, Couplings.HasPlaquettes, Couplings.HasRectangles, kind);

    /// <inheritdoc/>
    public IActionSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, Field<T> strength)
        where T : unmanaged, IReal<T>
    {
        CheckLayout(stencil);
        return HasAnglesOnly ? new AngleActionSteps<T>(device, stencil, Couplings, strength) : Group.Use(device, new Steps<T>(device, stencil, Couplings, strength));
    }

    /// <inheritdoc/>
    public IHeatBathSteps<T> BindHeatBath<T>(ComputeDevice device, StencilTables stencil, Field<T> strength)
        where T : unmanaged, IReal64<T>
    {
        CheckLayout(stencil);
        return HasAnglesOnly ? new AngleHeatBathSteps<T>(device, stencil, Couplings, strength) : Group.Use(device, new HeatBaths<T>(device, stencil, Couplings, strength));
    }

    private bool HasAnglesOnly => Group == GaugeGroup.U1 && !Couplings.HasRectangles;

    private void CheckLayout(StencilTables stencil)
    {
        if (stencil.Layout.IsSplit && !IsTranslationInvariant)
            throw new ArgumentException("couplings that depend on the position need lanes that are replicas.", nameof(stencil));
    }

    private sealed record Steps<T>(ComputeDevice Device, StencilTables Stencil, LoopCouplings Couplings, Field<T> Strength) : ILinkUser<T, IActionSteps<T>>
        where T : unmanaged, IReal<T>
    {
        public IActionSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new LoopActionSteps<TLink, T>(Device, Stencil, Couplings, Strength);
    }

    private sealed record HeatBaths<T>(ComputeDevice Device, StencilTables Stencil, LoopCouplings Couplings, Field<T> Strength) : ILinkUser<T, IHeatBathSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public IHeatBathSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new LoopHeatBathSteps<TLink, T>(Device, Stencil, Couplings, Strength);
    }
}
