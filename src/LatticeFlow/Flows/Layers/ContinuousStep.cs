using System.Text.Json.Nodes;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// A step of a continuous flow (M. Lüscher 2010, arXiv:0907.5491; S. Bacchio, P. Kessel, S. Schaefer, L. Vaitl 2023, arXiv:2212.08469) of U(1) or SU(N) in any dimension, see <see cref="ContinuousSchedule"/>.
/// All links move at once: ln|det| is that of the flow, −∫ Lap S̃_t dt, to the order of the method, and not that of the step.
/// </summary>
/// <param name="Schedule">The flow.</param>
/// <param name="Step">The number of the step.</param>
public sealed record ContinuousStep(ContinuousSchedule Schedule, int Step) : IFlowLayer
{
    /// <inheritdoc/>
    public int Parameters => Schedule.Parameters;

    /// <inheritdoc/>
    public object? SharedParameters => Schedule;

    /// <summary>The least extent on which no two links of a loop are one.</summary>
    public int LeastExtent => Schedule.Potential.PlaquetteOrder + 1;

    /// <inheritdoc/>
    public IReadOnlyList<IFlowLayer> Refined => [new ContinuousStep(Schedule.Halved, 2 * Step), new ContinuousStep(Schedule.Halved, (2 * Step) + 1)];

    /// <summary>The steps of a schedule.</summary>
    public static IEnumerable<ContinuousStep> Layers(ContinuousSchedule schedule) => Enumerable.Range(0, schedule.Steps).Select(step => new ContinuousStep(schedule, step));

    /// <inheritdoc/>
    public JsonObject Describe() => new()
    {
        ["kind"] = "continuous",
        ["group"] = Schedule.Group.Name,
        ["step"] = Step,
        ["steps"] = Schedule.Steps,
        ["plaquettes"] = Schedule.Potential.PlaquetteOrder,
        ["splines"] = Schedule.Splines.Count,
        ["degree"] = Schedule.Splines.Degree,
        ["method"] = Schedule.MethodOrder,
    };

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space)
    {
        if (space.Type != Schedule.Group) return $"a continuous flow was made for {Schedule.Group.Description}, not {space.Type.Description}";
        if (space.Lattice.Dimensions != Schedule.Dimensions) return $"a continuous flow was made for {Schedule.Dimensions} dimensions, not {space.Lattice.Dimensions}";
        return space.Lattice.Extents.Min() < LeastExtent
            ? $"loops of {Schedule.Potential.PlaquetteOrder} plaquettes need extents of at least {LeastExtent}" : null;
    }

    /// <inheritdoc/>
    public FlowFloor Floor(FieldSpace space)
    {
        double product = FlowFloor.OfProduct(space);
        int letters = Schedule.Tables.Letters.Count, nodes = Schedule.Tables.Nodes.Count / 2, traces = Schedule.Tables.Traces.Count / 2;
        double steps = Schedule.Tables.Letters.Sum(letter => Schedule.Potential.Letters.Paths[letter].Length);

        // Letters are products of their links, a node takes one and two for its cotangents, the gradient of a letter one and two for each of its links. A trace is a third of a product for N = 3, its cotangents are twice as much again.
        double ofSite = (product * (3 * (steps + nodes))) + (traces * 3.0 * product / Math.Max(1, Schedule.Group.Order));
        return new(space.Elements, Schedule.Method.Step.Count * ofSite / space.Lattice.Dimensions);
    }

    /// <inheritdoc/>
    public void Initialize(Span<double> parameters, Func<double> uniform) => Schedule.Initialize(parameters);

    /// <inheritdoc/>
    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => Schedule.Group.Use(context.Device, new Factory<T>(this, context));

    private sealed record Factory<T>(ContinuousStep Layer, LayerContext<T> Context) : ILinkUser<T, ICompiledLayer>
        where T : unmanaged, IReal<T>
    {
        public ICompiledLayer Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new CompiledContinuousStep<TLink, T>(Layer, Context);
    }
}
