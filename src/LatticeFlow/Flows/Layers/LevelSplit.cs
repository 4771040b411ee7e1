using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// From one level of a multiscale flow to the next: coordinates are inserted in a direction, every link that spans one is split, V → (g, g† V) with g from Haar measure, and new links appear at the
/// inserted coordinates, still from Haar measure. Preserves the measure and has no parameters.
/// </summary>
/// <param name="Before">The level before.</param>
/// <param name="Mu">The direction.</param>
/// <param name="Inserted">The residues of the inserted coordinates; at most one between two kept ones.</param>
public sealed record LevelSplit(LevelPattern Before, int Mu, IReadOnlyList<int> Inserted) : IFlowLayer
{
    /// <inheritdoc/>
    public int Parameters => 0;

    /// <summary>False: a gauge transformation at a new site only turns what has not been inserted yet.</summary>
    public bool IsEquivariant => false;

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["kind"] = "level-split", ["level"] = Before.ToString(), ["mu"] = Mu, ["inserted"] = string.Join(',', Inserted) };

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space) => space.Type is GaugeGroup ? Before.Refusal(space.Lattice) : $"a doubling splits links of a gauge group, not {space.Type.Description}";

    /// <inheritdoc/>
    public int Period(int direction) => Before.Period;

    /// <inheritdoc/>
    public FlowFloor Floor(FieldSpace space) => new(Pairs(space.Lattice).Length / 2, FlowFloor.OfProduct(space));

    /// <inheritdoc/>
    public void Initialize(Span<double> parameters, Func<double> uniform)
    {
        // There are none.
    }

    /// <inheritdoc/>
    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => GaugeGroup.Of(context.Space.Type, "a doubling").Use(context.Device, new Factory<T>(this, context));

    /// <summary>The links that are split: where the long one stands, and where the free one does.</summary>
    internal int[] Pairs(LatticeGeometry lattice)
    {
        var level = new LatticeLevel(lattice, Before.With(Mu, Inserted));
        List<int> pairs = [];
        for (int site = 0; site < level.Sites.Volume; site++)
        {
            if (!Inserted.Contains(level.Coordinate(site, Mu) % Before.Period)) continue;
            pairs.AddRange([level.Link(level.Sites.Neighbour(site, Mu, -1), Mu), level.Link(site, Mu)]);
        }

        return [.. pairs];
    }

    private sealed record Factory<T>(LevelSplit Layer, LayerContext<T> Context) : ILinkUser<T, ICompiledLayer>
        where T : unmanaged, IReal<T>
    {
        public ICompiledLayer Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new Compiled<TLink, T>(Layer, Context);
    }

    private sealed class Compiled<TLink, T> : ICompiledLayer
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T>
    {
        private readonly SplitOperands<T> operands;
        private readonly int items;

        public Compiled(LevelSplit layer, LayerContext<T> context)
        {
            var pairs = layer.Pairs(context.Space.Lattice);
            items = pairs.Length / 2;
            operands = new SplitOperands<T>
            {
                Links = context.Values.View,
                Cotangents = context.Cotangents.View,
                Pairs = context.Table(pairs).View,
                Work = context.Work(SplitLinksVjp<TLink, T>.Slots * TLink.WorkElements).View,
            };
        }

        public void Load(ReadOnlySpan<double> parameters)
        {
            // There are none.
        }

        public void AddForward(KernelProgram program) => program.Add(new SplitLinks<TLink, T>(operands, 0), items);

        public void AddPathForward(KernelProgram program, bool score = false)
        {
            AddForward(program);
            program.Add(new SplitLinksVjp<TLink, T>(operands, 1), items);
        }

        public void AddInverse(KernelProgram program) => program.Add(new SplitLinks<TLink, T>(operands, 1), items);

        public void AddBackward(KernelProgram program, double logDetCotangent)
        {
            program.Add(new SplitLinksVjp<TLink, T>(operands, 0), items);
            AddInverse(program);
        }

        public void Dispose()
        {
            // All fields are the context's.
        }
    }
}
