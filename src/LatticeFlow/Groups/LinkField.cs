using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>Numbers of all links of the replicas of a layout on a device, read and written as whole lattices: <c>[replica][link][component]</c>.</summary>
public sealed class LinkField<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly LatticeLayout layout;
    private readonly int elementsOfSite;
    private readonly double[] staging;

    /// <summary>A field of links of a group.</summary>
    public LinkField(ComputeDevice device, LatticeLayout layout, GaugeGroup group)
        : this(device, layout, group.Components)
    {
    }

    /// <summary>A field of <paramref name="components"/> numbers a link.</summary>
    public LinkField(ComputeDevice device, LatticeLayout layout, int components)
    {
        this.layout = layout;
        elementsOfSite = components * layout.Lattice.Dimensions;
        Field = device.NewField<T>(layout.Shape, layout.OfLane.Links * components);
        Length = layout.Lattice.Links * components;
        staging = layout.IsSplit ? new double[(long)layout.Replicas * Length] : [];
    }

    /// <summary>The field as kernels see it.</summary>
    public Field<T> Field { get; }

    /// <summary>Numbers of a replica.</summary>
    public int Length { get; }

    /// <summary>Writes the first replicas.</summary>
    public void Write(ReadOnlySpan<double> lattices)
    {
        if (!layout.IsSplit)
        {
            Field.WriteReplicas(lattices);
            return;
        }

        var lanes = staging.AsSpan(0, lattices.Length);
        layout.ToLanes(lattices, lanes, elementsOfSite);
        Field.WriteReplicas(lanes);
    }

    /// <summary>Reads the first replicas.</summary>
    public void Read(Span<double> lattices)
    {
        if (!layout.IsSplit)
        {
            Field.ReadReplicas(lattices);
            return;
        }

        var lanes = staging.AsSpan(0, lattices.Length);
        Field.ReadReplicas(lanes);
        layout.FromLanes(lanes, lattices, elementsOfSite);
    }

    /// <inheritdoc/>
    public void Dispose() => Field.Dispose();
}
