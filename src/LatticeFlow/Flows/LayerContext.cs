using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>
/// What the layers and the prior of a compiled flow share: the configuration that passes through them, its cotangents, totals, gradients, tables, and a stack of scratch
/// that every layer uses from the bottom. Values, cotangents and scratch belong to the worker that walks a tile: they do not outlive its pass.
/// </summary>
public sealed class LayerContext<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    // Places that do not count up: what lives for an item, and what is zero between layers.
    private const int WorkFields = -1;
    private const int LaneGradients = -2;
    private readonly Dictionary<(int Place, int Elements, int Channels), Field<T>> scratch = [];
    private readonly Dictionary<TableKey, IndexTable> tables = [];
    private readonly List<Field<T>> kept = [];
    private readonly SumField? gradient;
    private readonly Field<T>? scoreFactor;
    private readonly GradientKind kind;
    private int scratchInUse;

    private readonly bool ownsWeight;
    private readonly bool ownsValues;

    /// <summary>
    /// Fields for a batch of <paramref name="replicas"/> and a model of so many parameters; the weight of replicas is 1 unless given, and the configuration is in a field of its own unless given. With <paramref name="goesBack"/>
    /// false there are no backward and no path forward steps.
    /// </summary>
    public LayerContext(ComputeDevice device, FieldSpace space, int replicas, int parameters = 0, GradientKind kind = GradientKind.None, Field<T>? weight = null, bool goesBack = true, Field<T>? values = null)
    {
        GoesBack = goesBack;
        Device = device;
        Space = space;
        this.kind = kind;
        int numbers = Math.Max(1, parameters);
        Shape = device.Shape<T>(replicas, kind == GradientKind.Sum ? (long)numbers * sizeof(double) : 0);
        ownsValues = values is null;
        Values = values ?? device.NewField<T>(Shape, space.Numbers, Scope.Scratch);
        Cotangents = device.NewField<T>(Shape, space.Tangents, Scope.Scratch);
        Totals = device.NewSums<T>(Shape, FlowTotals.Count);
        ownsWeight = weight is null;
        Weight = weight ?? device.NewField<T>(Shape, 1);
        gradient = kind switch
        {
            GradientKind.Sum => device.NewLaneSums(Shape, numbers),
            GradientKind.Samples => device.NewSums<T>(Shape, numbers),
            _ => null,
        };
        if (gradient is not null) scoreFactor = device.NewField<T>(Shape, 1);
        if (ownsWeight)
            Weight.WriteReplicas(Enumerable.Repeat(1.0, replicas).Concat(Enumerable.Repeat(0.0, (Shape.Tiles * T.Width) - replicas)).ToArray());
    }

    /// <summary>The device.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The field and its lattice.</summary>
    public FieldSpace Space { get; }

    /// <summary>The batch.</summary>
    public BatchShape Shape { get; }

    /// <summary>The configuration, <c>[element][component]</c>.</summary>
    public Field<T> Values { get; }

    /// <summary>∂_a L, left variation, <c>[element][a]</c>; of a scalar ∂L/∂φ.</summary>
    public Field<T> Cotangents { get; }

    /// <summary>log q and S, see <see cref="FlowTotals"/>.</summary>
    public SumField Totals { get; }

    /// <summary>The weight of each replica in L: 1 unless given, and 0 for idle lanes.</summary>
    public Field<T> Weight { get; }

    /// <summary>What every replica's score is multiplied with in a gradient of scores; idle lanes have none, so that it has to be 0 there.</summary>
    public Field<T> ScoreFactor => scoreFactor ?? throw NoGradients();

    /// <summary>Bytes of all fields but the gradients.</summary>
    public long Bytes => Values.Bytes + Cotangents.Bytes + Totals.Bytes + scratch.Values.Sum(block => block.Bytes) + KeptBytes;

    /// <summary>Bytes of what layers keep instead of finding it again: the part of <see cref="Bytes"/> that grows with their number.</summary>
    public long KeptBytes => kept.Sum(block => block.Bytes);

    /// <summary>Bytes of the gradients.</summary>
    public long GradientBytes => gradient?.Bytes ?? 0;

    /// <summary>Whether there may be backward and path forward steps, for which layers keep what they could not find again.</summary>
    public bool GoesBack { get; }

    /// <summary>Whether backward passes have to find dL/dparameters.</summary>
    public bool WantsGradient => kind != GradientKind.None;

    /// <summary>The number in the model of the first parameter of the layer that has begun.</summary>
    public int FirstParameter { get; private set; }

    /// <summary>Begins a layer whose parameters start at <paramref name="firstParameter"/> of the model: its scratch lies over that of the others.</summary>
    public void Begin(int firstParameter)
    {
        FirstParameter = firstParameter;
        scratchInUse = 0;
    }

    /// <summary>Scratch of so many numbers for the layer that has begun: what another layer left in it is rubbish.</summary>
    public Field<T> Scratch(int elements) => Named(scratchInUse++, elements, Scope.Scratch);

    /// <summary>Scratch of <paramref name="channels"/> numbers a site in strides of <paramref name="stride"/>: what lies between is zero, as nobody writes there.</summary>
    public Field<T> Padded(int sites, int channels, int stride) => Named(scratchInUse++, sites * stride, Scope.Scratch, channels);

    /// <summary>Numbers that a layer keeps for itself from its forward to its backward step.</summary>
    public Field<T> Keep(int elements)
    {
        var field = Device.NewField<T>(Shape, elements, Scope.Scratch);
        kept.Add(field);
        return field;
    }

    /// <summary>A work field of so many numbers for what does not outlive an item.</summary>
    public Field<T> Work(int elements) => Named(WorkFields, Math.Max(1, elements), Scope.Work);

    /// <summary>A table on the device; equal tables are one.</summary>
    public IndexTable Table(int[] values)
    {
        var key = new TableKey(values);
        if (!tables.TryGetValue(key, out var table)) tables[key] = table = Device.NewTable(values);
        return table;
    }

    /// <summary>
    /// Where the lanes of a tile sum up dL/dparameter for the first <paramref name="parameters"/> parameters of the layer that has begun: zero when its backward step begins, and again after
    /// <see cref="AddGradient"/>.
    /// </summary>
    public Field<T> LaneGradient(int parameters) => Named(LaneGradients, parameters, Scope.Scratch);

    /// <summary>
    /// Appends: the lane gradient of the layer whose parameters start at <paramref name="first"/>, times <see cref="ScoreFactor"/> where it is one of scores, goes to the gradient of the batch, and is
    /// zero again.
    /// </summary>
    public void AddGradient(KernelProgram program, Field<T> lanes, int first, int parameters, bool score = false)
    {
        if (gradient is null) throw NoGradients();
        if (score) program.Add(new WeighCotangent<T>(lanes.View, ScoreFactor.View), parameters);
        if (kind == GradientKind.Sum) program.Add(new ReduceGradient<T>(lanes.View, gradient.View, first), parameters);
        else program.Add(new KeepGradient<T>(lanes.View, gradient.View, first), parameters);
    }

    /// <summary>Sets the gradient to zero.</summary>
    public void ClearGradient() => gradient?.Clear();

    /// <summary>dL/dparameter, summed over the replicas.</summary>
    public void ReadGradient(Span<double> sum) => Gradient(GradientKind.Sum).SumBlocks(sum);

    /// <summary>dL/dparameter of every replica, <c>[replica][parameter]</c>.</summary>
    public void ReadGradients(Span<double> samples) => Gradient(GradientKind.Samples).ReadReplicas(samples);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var field in scratch.Values) field.Dispose();
        foreach (var table in tables.Values) table.Dispose();
        foreach (var field in kept) field.Dispose();
        if (ownsValues) Values.Dispose();
        Cotangents.Dispose();
        Totals.Dispose();
        if (ownsWeight) Weight.Dispose();
        gradient?.Dispose();
        scoreFactor?.Dispose();
    }

    private static InvalidOperationException NoGradients() => new("this flow was compiled without gradients.");

    private Field<T> Named(int place, int elements, int scope, int channels = 0)
    {
        var key = (place, elements, channels);
        if (!scratch.TryGetValue(key, out var field)) scratch[key] = field = Device.NewField<T>(Shape, elements, scope);
        return field;
    }

    private SumField Gradient(GradientKind wanted) => kind == wanted ? gradient! : throw new InvalidOperationException($"this flow was compiled with {kind} of gradients, not {wanted}.");

    private readonly struct TableKey(int[] values) : IEquatable<TableKey>
    {
        private readonly int[] values = values;

        public bool Equals(TableKey other) => values.AsSpan().SequenceEqual(other.values);

        public override bool Equals(object? obj) => obj is TableKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
