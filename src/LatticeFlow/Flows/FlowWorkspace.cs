using LatticeFlow.Compute;
using LatticeFlow.Kernels.Couplings;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>The fields that all layers of a compiled flow share: links, cotangents, totals, gradient slots and scratch.</summary>
public sealed class FlowWorkspace<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly Dictionary<(string Name, int Elements), Field<T>> scratch = [];
    private readonly Dictionary<string, IndexTable> tables = [];

    /// <summary>Fields for a batch; the gradient is left out where <paramref name="gradients"/> is false.</summary>
    public FlowWorkspace(ComputeDevice device, LatticeGeometry lattice, int replicas, int parameters, bool gradients)
    {
        Device = device;
        Lattice = lattice;
        long slotBytes = gradients ? Math.Max(1L, parameters) * sizeof(double) : 0;
        Shape = device.Shape<T>(replicas, slotBytes);
        Links = device.NewField<T>(Shape, lattice.Links);
        LinkCotangent = device.NewField<T>(Shape, lattice.Links);
        Totals = device.NewSums<T>(Shape, FlowTotals.Count);
        Angles = device.NewSums<T>(Shape, lattice.Links);
        Weight = device.NewField<T>(Shape, 1);
        Gradient = device.NewLaneSums(Shape, gradients ? Math.Max(1, parameters) : 1);
        PlaquetteLinks = Table("plaquette links", () => PlaquetteTable.Links(lattice));
        PlaquettesOfLinks = Table("plaquettes of links", () => PlaquetteTable.OfLinks(lattice));
        Weight.WriteReplicas(Enumerable.Repeat(1.0, replicas).Concat(Enumerable.Repeat(0.0, (Shape.Tiles * T.Width) - replicas)).ToArray());
    }

    /// <summary>The device.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The lattice.</summary>
    public LatticeGeometry Lattice { get; }

    /// <summary>The batch.</summary>
    public BatchShape Shape { get; }

    /// <summary>θ, <c>[link]</c>.</summary>
    public Field<T> Links { get; }

    /// <summary>dL/dθ, <c>[link]</c>.</summary>
    public Field<T> LinkCotangent { get; }

    /// <summary>log q and S, see <see cref="FlowTotals"/>.</summary>
    public SumField Totals { get; }

    /// <summary>Configurations on their way in and out, double, <c>[link]</c>.</summary>
    public SumField Angles { get; }

    /// <summary>1, or 0 for idle lanes.</summary>
    public Field<T> Weight { get; }

    /// <summary>dL/dparameters, summed over the tiles of a slot.</summary>
    public SumField Gradient { get; }

    /// <summary>See <see cref="PlaquetteTable.Links(LatticeGeometry)"/>.</summary>
    public IndexTable PlaquetteLinks { get; }

    /// <summary>See <see cref="PlaquetteTable.OfLinks(LatticeGeometry)"/>.</summary>
    public IndexTable PlaquettesOfLinks { get; }

    /// <summary>Bytes of all fields but the gradient slots, which are as large as the parameters.</summary>
    public long Bytes => Links.Bytes + LinkCotangent.Bytes + Totals.Bytes + Angles.Bytes + scratch.Values.Sum(block => block.Bytes);

    /// <summary>A scratch field that all layers with the same name and size share.</summary>
    public Field<T> Scratch(string name, int elements)
    {
        if (!scratch.TryGetValue((name, elements), out var field))
            scratch[(name, elements)] = field = Device.NewField<T>(Shape, elements, Scope.Scratch);
        return field;
    }

    /// <summary>A table that all layers with the same name share.</summary>
    public IndexTable Table(string name, Func<int[]> make)
    {
        if (!tables.TryGetValue(name, out var table)) tables[name] = table = Device.NewTable(make());
        return table;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var field in scratch.Values) field.Dispose();
        foreach (var table in tables.Values) table.Dispose();
        Links.Dispose();
        LinkCotangent.Dispose();
        Totals.Dispose();
        Angles.Dispose();
        Weight.Dispose();
        Gradient.Dispose();
    }
}
