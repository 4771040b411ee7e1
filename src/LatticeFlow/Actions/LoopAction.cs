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
        : this(name, group, couplings, [couplings], parameters)
    {
    }

    private protected LoopAction(string name, GaugeGroup group, LoopCouplings couplings, IReadOnlyList<LoopCouplings> components, IReadOnlyDictionary<string, double> parameters)
    {
        Name = name;
        Group = group;
        Couplings = couplings;
        CouplingsOfComponents = components;
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
    public bool IsTranslationInvariant => CouplingsOfComponents.All(component => component.IsTranslationInvariant);

    /// <inheritdoc/>
    public int LeastExtent => HasRectangles ? 3 : 2;

    /// <summary>β of plaquettes and rectangles: of S, where all coefficients are 1.</summary>
    public LoopCouplings Couplings { get; }

    /// <summary>The same of each S^(k).</summary>
    public IReadOnlyList<LoopCouplings> CouplingsOfComponents { get; }

    /// <inheritdoc/>
    public int Components => CouplingsOfComponents.Count;

    /// <inheritdoc/>
    public virtual IReadOnlyList<IAction> Parts => [this];

    /// <inheritdoc/>
    public double Flops(WorkKind kind) => Lattice.Links * NominalFlops.OfLoops(Group, Lattice.Dimensions, Couplings.HasPlaquettes, Couplings.HasRectangles, kind);

    /// <inheritdoc/>
    public IActionSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients)
        where T : unmanaged, IReal<T>
    {
        CheckLayout(stencil);
        return Bind(device, stencil, coefficients, CouplingsOfComponents, all: Components == 1);
    }

    /// <summary>As <see cref="Bind{T}(ComputeDevice, StencilTables, ActionCoefficients{T})"/>, of those plaquettes alone that contain one of some links: where only these links change, S changes by as much. Null where there are rectangles.</summary>
    /// <exception cref="ArgumentException">Lanes are sub-lattices.</exception>
    internal IActionSteps<T>? BindAround<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients, Func<int, bool> links)
        where T : unmanaged, IReal<T>
    {
        if (stencil.Layout.IsSplit) throw new ArgumentException("a choice of links needs lanes that are replicas.", nameof(links));
        return HasRectangles ? null : Bind(device, stencil, coefficients, [.. CouplingsOfComponents.Select(component => component.Around(links))], all: false);
    }

    /// <inheritdoc/>
    public IHeatBathSteps<T> BindHeatBath<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients, Func<int, bool>? links = null)
        where T : unmanaged, IReal64<T>
    {
        CheckLayout(stencil);
        if (links is not null && stencil.Layout.IsSplit) throw new ArgumentException("a choice of links needs lanes that are replicas.", nameof(links));
        return HasAnglesOnly
            ? new AngleHeatBathSteps<T>(device, stencil, CouplingsOfComponents, coefficients, links)
            : Group.Use(device, new HeatBaths<T>(device, stencil, CouplingsOfComponents, coefficients, links));
    }

    private bool HasAnglesOnly => Group == GaugeGroup.U1 && !HasRectangles;

    private bool HasRectangles => CouplingsOfComponents.Any(component => component.HasRectangles);

    private IActionSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients, IReadOnlyList<LoopCouplings> components, bool all)
        where T : unmanaged, IReal<T> =>
        HasAnglesOnly
            ? new AngleActionSteps<T>(device, stencil, components, coefficients, all)
            : Group.Use(device, new Steps<T>(device, stencil, components, coefficients, all));

    private void CheckLayout(StencilTables stencil)
    {
        if (stencil.Layout.IsSplit && !IsTranslationInvariant)
            throw new ArgumentException("couplings that depend on the position need lanes that are replicas.", nameof(stencil));
    }

    private sealed record Steps<T>(ComputeDevice Device, StencilTables Stencil, IReadOnlyList<LoopCouplings> Components, ActionCoefficients<T> Coefficients, bool All) : ILinkUser<T, IActionSteps<T>>
        where T : unmanaged, IReal<T>
    {
        public IActionSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new LoopActionSteps<TLink, T>(Device, Stencil, Components, Coefficients, All);
    }

    private sealed record HeatBaths<T>(
        ComputeDevice Device, StencilTables Stencil, IReadOnlyList<LoopCouplings> Components, ActionCoefficients<T> Coefficients, Func<int, bool>? Links) : ILinkUser<T, IHeatBathSteps<T>>
        where T : unmanaged, IReal64<T>
    {
        public IHeatBathSteps<T> Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new LoopHeatBathSteps<TLink, T>(Device, Stencil, Components, Coefficients, Links);
    }
}
