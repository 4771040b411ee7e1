using System.Text.Json.Nodes;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// A staple coupling (M. Lüscher 2010, arXiv:0907.5491; R. Abbott et al. 2023, arXiv:2305.02402) of U(1) or SU(N) in any dimension: U′ = e^A U for the links of one direction and colour, A the traceless
/// anti-Hermitian part of a sum of loops through the link, see <see cref="Kernels.Flows.StapleTerms"/>;
/// around a defect plaquettes alone, with a coefficient for each class of them.
/// </summary>
/// <param name="Schedule">The coefficients.</param>
/// <param name="Sweep">The number of the sweep that the step belongs to.</param>
/// <param name="Mask">Which links move: <see cref="StapleSurroundings"/>, to first order <see cref="StapleMask"/> of two colours, around a defect <see cref="DefectMask"/>.</param>
public sealed record StapleCoupling(StapleSchedule Schedule, int Sweep, ICouplingMask Mask) : IFlowLayer
{
    /// <inheritdoc/>
    public int Parameters => Schedule.Constants + (Network?.Parameters ?? 0);

    /// <inheritdoc/>
    public object? SharedParameters => Schedule;

    /// <summary>The network that adds to coefficients, or null.</summary>
    public ConvolutionNetwork? Network => Schedule.Hidden is { } hidden
        ? new(Mask.LoopsOfNode * FeaturesOfLoop, hidden, Schedule.Terms.Count, Schedule.KernelSize, Schedule.Activation, Schedule.Dimensions)
        : null;

    /// <summary>Whether imaginary parts of traces are features.</summary>
    public bool Imaginary => Schedule.Group.Order != 2;

    /// <summary>Staples of an active link.</summary>
    public int Staples => 2 * (Schedule.Dimensions - 1);

    /// <summary>Paths beside a link of a staple.</summary>
    public int Neighbours => Schedule.Terms.HasPairs ? (2 * Schedule.Dimensions) - 3 : 0;

    /// <summary>Features of a loop.</summary>
    public int FeaturesOfLoop => Imaginary ? 2 : 1;

    /// <summary>The layers of a schedule.</summary>
    public static IEnumerable<StapleCoupling> Layers(StapleSchedule schedule) =>
        Enumerable.Range(0, schedule.Sweeps).SelectMany(sweep => MasksOfSweep(schedule).Select(mask => new StapleCoupling(schedule, sweep, mask)));

    /// <inheritdoc/>
    public JsonObject Describe()
    {
        JsonObject text = new()
        {
            ["kind"] = "staple-coupling",
            ["group"] = Schedule.Group.Name,
            ["mask"] = Mask.Describe(),
            ["sweep"] = Sweep,
            ["sweeps"] = Schedule.Sweeps,
            ["degree"] = Schedule.Degree,
            ["hidden"] = Schedule.Hidden is { } hidden ? new JsonArray([.. hidden.Select(channels => JsonValue.Create(channels))]) : null,
            ["kernel"] = Schedule.KernelSize,
            ["activation"] = Kernels.Networks.Activation.Name(Schedule.Activation),
        };

        // Flows of second order, which were there before there was a choice, are described as they were.
        if (Schedule.Order == 1) text["order"] = 1;
        return text;
    }

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space)
    {
        if (space.Type != Schedule.Group) return $"a staple coupling was made for {Schedule.Group.Description}, not {space.Type.Description}";
        return space.Lattice.Dimensions != Schedule.Dimensions
            ? $"a staple coupling was made for {Schedule.Dimensions} dimensions, not {space.Lattice.Dimensions}" : Mask.Refusal(space.Lattice);
    }

    /// <inheritdoc/>
    public int Period(int direction) => Mask.Period(direction);

    /// <inheritdoc/>
    public FlowFloor Floor(FieldSpace space)
    {
        int staples = Staples, classes = space.Lattice.Dimensions > 2 ? 2 : 1;
        double generators = GaugeGroup.Of(space.Type, "a staple coupling").Generators;
        var floor = FlowFloor.OfPaths(Mask, Network, space, (_, _) => Schedule.Terms.HasPairs ? (3 * staples * ((2 * classes) + 2)) + (2 * staples) : 2);
        return floor with { Flops = floor.Flops + (generators > 1 ? 2.0 / 3 * generators * generators * generators : 0) };
    }

    /// <inheritdoc/>
    public void Initialize(Span<double> parameters, Func<double> uniform)
    {
        Schedule.Initialize(parameters[..Schedule.Constants]);
        Network?.InitializeNearZero(parameters[Schedule.Constants..], uniform);
    }

    /// <inheritdoc/>
    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => Schedule.Group.Use(context.Device, new Factory<T>(this, context));

    private static IEnumerable<ICouplingMask> MasksOfSweep(StapleSchedule schedule)
    {
        if (schedule.Terms.HasPairs) return StapleSurroundings.Sweep(schedule.Dimensions);
        var all = Enumerable.Range(0, 2 * schedule.Dimensions).Select(index => StapleMask.OfIndex(schedule.Dimensions, index, rectangles: false));
        return schedule.Defect is { } defect ? all.Select(mask => new DefectMask(mask, defect, schedule.Margin)) : all;
    }

    private sealed record Factory<T>(StapleCoupling Layer, LayerContext<T> Context) : ILinkUser<T, ICompiledLayer>
        where T : unmanaged, IReal<T>
    {
        public ICompiledLayer Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new CompiledStapleCoupling<TLink, T>(Layer, Context);
    }
}
