using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>
/// What a configuration is made of: elements of a gauge group on the links (<see cref="GaugeGroup"/>), or real numbers on the sites (<see cref="RealScalar"/>). What samplers, storage and flows need to
/// know of their field they ask here, so that they know no group.
/// </summary>
/// <remarks>
/// A tangent ω_a of an element is a number for each direction that it can move in: dU = i Σ ω_a T_a U of a group with the generators of <c>docs/conventions.md</c>, dφ = ω of a scalar. Momenta, forces
/// and gradients are tangents.
/// </remarks>
public abstract class FieldType
{
    private protected FieldType(string name, FieldPlace place, int components, int tangentComponents)
    {
        Name = name;
        Place = place;
        Components = components;
        TangentComponents = tangentComponents;
    }

    /// <summary>φ(x), a real number a site.</summary>
    public static RealScalar Scalar { get; } = new();

    /// <summary>All gauge groups, then the other fields.</summary>
    public static IReadOnlyList<FieldType> All => [.. GaugeGroup.All, Scalar];

    /// <summary>The name of configuration files, as <c>SU3</c> or <c>scalar</c>.</summary>
    public string Name { get; }

    /// <summary>What a configuration is made of, in words of messages: <c>links of SU3</c>, <c>a real scalar</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Where its elements live.</summary>
    public FieldPlace Place { get; }

    /// <summary>Reals of one element in a field.</summary>
    public int Components { get; }

    /// <summary>Numbers of a tangent of one element: the generators of a group, 1 of a scalar.</summary>
    public int TangentComponents { get; }

    /// <summary>How elements are stored in files.</summary>
    public abstract FieldRepresentation Representation { get; }

    /// <summary>Doubles of one element in a file.</summary>
    public abstract int StoredNumbers { get; }

    /// <summary>Whether rounding in one lane depends on what other lanes hold, as where a series ends when all lanes have converged.</summary>
    public virtual bool LanesDependOnEachOther => false;

    /// <summary>The field of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static FieldType Named(string name) => All.FirstOrDefault(field => field.Name == name)
        ?? throw new ArgumentException($"field '{name}' is unknown: there is {string.Join(", ", All.Select(field => field.Name))}.");

    /// <summary>Elements of a site: D links, or one.</summary>
    public int ElementsOfSite(LatticeGeometry lattice) => Place == FieldPlace.Links ? lattice.Dimensions : 1;

    /// <summary>Elements of a configuration.</summary>
    public int Elements(LatticeGeometry lattice) => lattice.Volume * ElementsOfSite(lattice);

    /// <summary>Reals of a configuration.</summary>
    public int Numbers(LatticeGeometry lattice) => Elements(lattice) * Components;

    /// <summary>Numbers of a tangent of a configuration.</summary>
    public int Tangents(LatticeGeometry lattice) => Elements(lattice) * TangentComponents;

    /// <summary>Writes the element that a cold start has everywhere: U = 1, φ = 0.</summary>
    public abstract void SetStart(Span<double> element);

    /// <summary>Moves an element along a tangent: U = exp(i Σ ω_a T_a) U, θ + ω wrapped to (−π, π], φ + ω. Group elements are not re-unitarised.</summary>
    public abstract void Retract(Span<double> element, ReadOnlySpan<double> tangent);

    /// <summary>
    /// The tangent that leads from b to a, for nearby elements: <see cref="Retract"/> of b along it is a. SU(N): ω_a = 2 Im tr(T_a a b†), right up to terms of third order in ω; angles: the difference
    /// wrapped to [−π, π]; a scalar: a − b.
    /// </summary>
    public abstract void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent);

    /// <summary>The largest difference of a number of two elements; of angles modulo 2π. Not a number where one of them is not.</summary>
    public virtual double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++) largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        return largest;
    }

    /// <summary>Elements as they are stored in files, in the same order.</summary>
    public virtual double[] ToStored(ReadOnlySpan<double> elements) => elements.ToArray();

    /// <summary>The first numbers of an array as <see cref="ToStored"/> has them: the array itself where all of it is stored as it is, so that large configurations are not copied.</summary>
    public double[] AsStored(double[] elements, int numbers) => StoresElements && numbers == elements.Length ? elements : ToStored(elements.AsSpan(0, numbers));

    /// <summary>Whether the numbers of an element are stored as they are.</summary>
    public bool StoresElements => StoredNumbers == Components;

    /// <summary>The reverse of <see cref="ToStored"/>, to the bit.</summary>
    public virtual double[] FromStored(ReadOnlySpan<double> stored) => stored.ToArray();

    /// <summary>The kernels that move, draw and keep configurations of a layout, and know no action.</summary>
    /// <exception cref="NotSupportedException">The device cannot hold elements of this field.</exception>
    public abstract IFieldSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil)
        where T : unmanaged, IReal64<T>;

    /// <summary>As <c>SU3</c>.</summary>
    public override string ToString() => Name;
}
