using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>Code that is generic over the form that a device holds links of a group in: the group calls it back.</summary>
public interface ILinkUser<T, TResult>
    where T : unmanaged, IReal<T>
{
    /// <summary>Runs with the form of links.</summary>
    TResult Use<TLink>()
        where TLink : unmanaged, ILink<TLink, T>;
}

/// <summary>A gauge group: U(1) or SU(N), N = 2 … 8; its elements are the links of a lattice. Adding one adds one line to <see cref="All"/>.</summary>
public abstract partial class GaugeGroup : FieldType
{
    private HostAlgebra? algebra;

    private protected GaugeGroup(string name, int order, int components, int generators)
        : base(name, FieldPlace.Links, components, generators) => Order = order;

    /// <summary>U(1); a link is an angle.</summary>
    public static GaugeGroup U1 { get; } = new U1Group();

    /// <summary>SU(2); a link is a unit quaternion (a0, a1, a2, a3), U = a0 + i Σ a_k σ_k.</summary>
    public static GaugeGroup SU2 { get; } = new SU2Group();

    /// <summary>SU(3); a link is a matrix.</summary>
    public static GaugeGroup SU3 { get; } = new SU3Group();

    /// <summary>All groups.</summary>
    public static new IReadOnlyList<GaugeGroup> All { get; } =
        [U1, SU2, SU3, new SUNGroup<Size4>(), new SUNGroup<Size5>(), new SUNGroup<Size6>(), new SUNGroup<Size7>(), new SUNGroup<Size8>()];

    /// <summary>N.</summary>
    public int Order { get; }

    /// <summary>Dimension of the algebra.</summary>
    public int Generators => TangentComponents;

    /// <inheritdoc/>
    public override string Description => $"links of {Name}";

    /// <inheritdoc/>
    public override FieldRepresentation Representation => FieldRepresentation.Matrix;

    /// <inheritdoc/>
    public override int StoredNumbers => MatrixNumbers;

    // Real and imaginary parts of a matrix.
    private int MatrixNumbers => 2 * Order * Order;

    private HostAlgebra Algebra => algebra ??= new(this);

    /// <summary>The group of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static new GaugeGroup Named(string name) => All.FirstOrDefault(group => group.Name == name)
        ?? throw new ArgumentException($"group '{name}' is unknown: there is {string.Join(", ", All.Select(group => group.Name))}.");

    /// <summary>Calls back with the form of links that is best on a device.</summary>
    /// <exception cref="NotSupportedException">The device cannot hold links of this group.</exception>
    public abstract TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user)
        where T : unmanaged, IReal<T>;

    /// <summary>A link as an N×N matrix, row-major with interleaved real and imaginary parts: how links are stored. U(1): (cos θ, sin θ).</summary>
    public abstract void ToMatrix(ReadOnlySpan<double> link, Span<double> matrix);

    /// <summary>The reverse of <see cref="ToMatrix"/>.</summary>
    public abstract void FromMatrix(ReadOnlySpan<double> matrix, Span<double> link);

    /// <summary>The group of a field that has to be one; <paramref name="user"/> is what needs links, as messages begin.</summary>
    /// <exception cref="NotSupportedException">The field is none.</exception>
    public static GaugeGroup Of(FieldType field, string user) =>
        field as GaugeGroup ?? throw new NotSupportedException($"{user}: it is defined for links of a gauge group; the field is '{field}'.");

    /// <summary>element ← left · element · right†: what a gauge transformation does to a link, with the group elements of its two ends.</summary>
    public void Transform(ReadOnlySpan<double> left, Span<double> element, ReadOnlySpan<double> right) => Algebra.Transform(left, element, right);

    /// <inheritdoc/>
    public override void SetStart(Span<double> element)
    {
        Span<double> one = stackalloc double[MatrixNumbers];
        one.Clear();
        for (int i = 0; i < Order; i++) one[2 * i * (Order + 1)] = 1;
        FromMatrix(one, element);
    }

    /// <inheritdoc/>
    public override void Retract(Span<double> element, ReadOnlySpan<double> tangent) => Algebra.Retract(element, tangent);

    /// <inheritdoc/>
    public override void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent) => Algebra.Difference(a, b, tangent);

    /// <inheritdoc/>
    public override double[] ToStored(ReadOnlySpan<double> elements)
    {
        var stored = new double[elements.Length / Components * StoredNumbers];
        for (int e = 0; e < elements.Length / Components; e++) ToMatrix(elements.Slice(e * Components, Components), stored.AsSpan(e * StoredNumbers, StoredNumbers));
        return stored;
    }

    /// <inheritdoc/>
    public override double[] FromStored(ReadOnlySpan<double> stored)
    {
        var elements = new double[stored.Length / StoredNumbers * Components];
        for (int e = 0; e < stored.Length / StoredNumbers; e++) FromMatrix(stored.Slice(e * StoredNumbers, StoredNumbers), elements.AsSpan(e * Components, Components));
        return elements;
    }

    /// <inheritdoc/>
    public override IFieldSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil) => Use(device, new GroupSteps.Factory<T>(this, device, stencil));
}
