using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>Numbers of all replicas of a layout on a device, read and written as whole lattices: <c>[replica][element][component]</c>.</summary>
public sealed class ConfigurationField<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly LatticeLayout layout;
    private readonly int numbersOfSite;
    private readonly double[] staging;

    /// <summary>A field of configurations.</summary>
    public ConfigurationField(ComputeDevice device, LatticeLayout layout, FieldType type)
    {
        this.layout = layout;
        numbersOfSite = type.ElementsOfSite(layout.Lattice) * type.Components;
        Field = device.NewField<T>(layout.Shape, type.Numbers(layout.OfLane));
        Length = type.Numbers(layout.Lattice);
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
        layout.ToLanes(lattices, lanes, numbersOfSite);
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
        layout.FromLanes(lanes, lattices, numbersOfSite);
    }

    /// <inheritdoc/>
    public void Dispose() => Field.Dispose();
}
