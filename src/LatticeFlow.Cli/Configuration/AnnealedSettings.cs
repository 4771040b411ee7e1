using LatticeFlow.Actions;
using LatticeFlow.Fields;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>How the times of a protocol are chosen.</summary>
public enum ProtocolScheduleKind { Linear, Optimised }

/// <summary>Where the trajectories of a protocol start.</summary>
public enum TrajectoryStartKind { Haar, Chain, Flow }

/// <summary>
/// Non-equilibrium trajectories from the ensemble of <see cref="Strength"/> · S, of S with a <see cref="Defect"/> or of a <see cref="StartAction"/> to that of S: <see cref="Steps"/> changes of the action, after each of which <see cref="Parts"/> and
/// sweeps around the defect move the configuration. Rows are end points with their weight, or with <see cref="Metropolis"/> those that an accept step leaves.
/// </summary>
public sealed record AnnealedSettings : TransitionSettings
{
    public static SamplerKind Sampler { get; } = new("annealed", ["parts", "steps", "strength", "schedule", "times", "pilot", "from", "chain", "transitions", "map", "direction", "metropolis", "defect", "defect_size", "defect_direction", "levels", "start_action"], Read);

    private static readonly Choice<ProtocolScheduleKind> _schedules = new(("linear", ProtocolScheduleKind.Linear), ("optimised", ProtocolScheduleKind.Optimised));
    private static readonly Choice<bool> _directions = new(("forward", false), ("both", true));
    private static readonly Choice<bool> _maps = new(("none", false), ("flow", true));
    private static readonly Choice<TrajectoryStartKind> _starts = new(("haar", TrajectoryStartKind.Haar), ("chain", TrajectoryStartKind.Chain), ("flow", TrajectoryStartKind.Flow));

    public override SamplerKind Kind => Sampler;

    /// <summary>The update of a step, one after the other.</summary>
    public required ValueList<MixturePart> Parts { get; init; }

    /// <summary>n.</summary>
    public required int Steps { get; init; }

    /// <summary>The factor on S at which trajectories start; 0: none of S.</summary>
    public required double Strength { get; init; }

    /// <summary>S_0 where it is another action of links than a factor makes it; null: it is none.</summary>
    public ActionSettings? StartAction { get; init; }

    /// <summary>The defect whose coefficient goes from <see cref="DefectCoefficient"/> to 1 in the place of the factor on S; null: there is none.</summary>
    public BoundaryDefect? Defect { get; init; }

    /// <summary>c at which trajectories start.</summary>
    public double DefectCoefficient { get; init; }

    /// <summary>The boxes around the defect that are swept after the parts of each step.</summary>
    public ValueList<DefectLevel> Levels { get; init; } = [];

    public required ProtocolScheduleKind Schedule { get; init; }

    /// <summary>s_1 … s_n = 1, where they are given.</summary>
    public ValueList<double> Times { get; init; } = [];

    /// <summary>The last steps of the thermalization, which make the trajectories that an optimised schedule is found from.</summary>
    public int Pilot { get; init; }

    public required TrajectoryStartKind From { get; init; }

    /// <summary>What moves the chains at the start of the path; empty: what moves configurations along it.</summary>
    public ValueList<MixturePart> Chain { get; init; } = [];

    /// <summary>How often they are moved between two trajectories.</summary>
    public int Transitions { get; init; }

    /// <summary>Whether the flow of the run maps configurations after each change of the action.</summary>
    public bool MapsByFlow { get; init; }

    /// <summary>Whether each row has, beside its own, a trajectory that runs back from a chain at S.</summary>
    public bool RunsBothWays { get; init; }

    public bool Metropolis { get; init; }

    public override bool IsErgodic => (From != TrajectoryStartKind.Chain || Moves(Metropolis ? Parts.Concat(Chain) : Chain.Count > 0 ? Chain : Parts)) && (!RunsBothWays || Moves(Parts));

    public override bool IsWeighted => !Metropolis;

    public override bool RunsBackward => RunsBothWays;

    public override bool CanReject => Metropolis;

    public override bool UsesFlow => StartsFromFlow || MapsByFlow;

    public override bool StartsFromFlow => From == TrajectoryStartKind.Flow;

    public override bool IsTuned => Pilot > 0 || Chain.Any(part => part.Transition.IsTuned);

    public override int LeastThermalization => Math.Max(Pilot, base.LeastThermalization);

    public override bool UsesHeatBath => Levels.Count > 0 || Parts.Concat(Chain).Any(part => part.Transition.UsesHeatBath);

    public override bool KeepsMoreThanRows => (From == TrajectoryStartKind.Chain || RunsBothWays) && !Metropolis;

    public override bool NeedsWholeLattices => Defect is not null || StartAction is not null || MapsByFlow || From == TrajectoryStartKind.Haar;

    public override int LeastHeatBathExtent => StartAction?.LeastHeatBathExtent ?? 0;

    public override double? StartLogPartitionFunction(TheoryDocument theory) =>
        From != TrajectoryStartKind.Chain ? 0
        : theory.Action != WilsonAction.Kind && StartAction is null ? null
        : StartAction is { } start ? new ExactResults(theory with { Action = start.Kind, Beta = start.Value("beta") ?? double.NaN, C1 = start.Value("c1"), Anisotropy = start.Value("anisotropy") ?? 1, IsOpen = !start.IsTorus }).LogPartitionFunction
        : Defect is { } defect ? new ExactResults(theory).LogPartitionFunctionWith(defect, DefectCoefficient)
        : new ExactResults(theory with { Beta = Strength * theory.Beta }).LogPartitionFunction;

    public override IEnumerable<HmcSettings> Trajectories => Parts.Concat(Chain).SelectMany(part => part.Transition.Trajectories);

    public override ITransition Create(TransitionSources sources)
    {
        var schedule = Times.Count > 0 ? AnnealingSchedule.Given([.. Times])
            : Schedule == ProtocolScheduleKind.Optimised ? AnnealingSchedule.Optimised(Steps, Math.Max(0, sources.Thermalization - Pilot))
            : AnnealingSchedule.Linear(Steps);
        var start = From switch
        {
            TrajectoryStartKind.Haar => TrajectoryStart.Haar,
            TrajectoryStartKind.Flow => TrajectoryStart.From(sources.Proposals(new FlowTransitionSettings())),
            _ => TrajectoryStart.OfChain(MixturePart.Round(Chain.Count > 0 ? Chain : Parts, sources), Transitions),
        };
        var path = StartAction is { } action ? ActionPath.Between((LoopAction)ActionRegistry.Create(sources.Action.Lattice, sources.Action.Field, action.Description), (LoopAction)sources.Action)
            : Defect is { } defect ? ActionPath.ThroughDefect((LoopAction)sources.Action, defect, DefectCoefficient)
            : ActionPath.OfFactors(sources.Action, Strength);
        return new Annealing(path, schedule, Update(sources), start)
        {
            Metropolis = Metropolis,
            RunsBothWays = RunsBothWays,
            TransitionsAtEnd = Math.Max(1, Transitions),
            Map = MapsByFlow ? new StochasticFlow(sources.Flow()) : null,
        };
    }

    private bool HasFactor => Defect is null && StartAction is null;

    private ITransition Update(TransitionSources sources)
    {
        if (Levels.Count == 0) return MixturePart.Round(Parts, sources);
        var sweeps = new DefectSweeps(Defect!, [.. Levels]);
        return Parts.Count == 0 ? sweeps : new Mixture((MixturePart.Round(Parts, sources), 1), (sweeps, 1));
    }

    public override void WriteTo(TomlTable table) => table.Add(("parts", Parts.Count > 0 ? MixturePart.WriteAll(Parts) : null), ("steps", Times.Count > 0 ? null : Of((long)Steps)), ("strength", HasFactor ? Of(Strength) : null), ("start_action", StartAction?.Write()),
        ("defect", Defect is null ? null : Of(DefectCoefficient)), ("defect_size", Defect is null ? null : Of((long)Defect.Size)), ("defect_direction", Defect is null ? null : Of((long)Defect.Direction)), ("levels", DefectKeys.Write(Levels)),
        ("schedule", Times.Count > 0 ? null : Of(_schedules.Text(Schedule))), ("times", Times.Count > 0 ? Array(Times.Select(Of)) : null), ("pilot", Pilot > 0 ? Of((long)Pilot) : null), ("from", Of(_starts.Text(From))),
        ("chain", Chain.Count > 0 ? MixturePart.WriteAll(Chain) : null), ("transitions", Transitions > 0 ? Of((long)Transitions) : null), ("map", MapsByFlow ? Of(_maps.Text(MapsByFlow)) : null), ("direction", RunsBothWays ? Of(_directions.Text(RunsBothWays)) : null), ("metropolis", Of(Metropolis)));

    // Nothing at all is refused elsewhere.
    private static bool Moves(IEnumerable<MixturePart> parts) => !parts.Any() || parts.Any(part => part.Transition.IsErgodic);

    private static AnnealedSettings Read(SectionReader reader, TheorySettings theory)
    {
        var defect = reader.Has("defect_size") ? DefectKeys.Read(reader, theory, "the path of this sampler") : null;
        foreach (var key in new[] { "defect", "defect_direction", "levels" })
        {
            if (defect is null && reader.Has(key)) reader.Reject(key, "is of a path through a defect: give its defect_size");
        }
        var levels = defect is null ? [] : DefectKeys.ReadLevels(reader);
        var parts = levels.Count > 0 && !reader.Has("parts") ? [] : MixturePart.ReadAll(reader, theory, SamplerRegistry.PartsOfLadder, "parts = [ { sampler = \"heatbath\" } ]");
        if (parts.Any(part => part.Transition.IsTuned)) reader.Fail("parts", "are tuned to an acceptance, but steps of a protocol have different actions: fix the number of steps, for example { sampler = \"hmc\", steps = 4 }");
        var links = theory.Field.Place == FieldPlace.Links;
        if (defect is not null && reader.Has("strength")) reader.Reject("strength", "does not go with defect_size: the path is the coefficient of the defect, from defect to 1");
        var startAction = links && reader.Has("start_action") ? ActionSettings.Read(reader, theory.Field, theory.Extents, "start_action") : null;
        if (!links && reader.Has("start_action")) reader.Reject("start_action", "is an action of links: of a scalar the path is that of strength");
        if (startAction is not null && startAction == theory.Action) reader.Fail("start_action", "is the action that is sampled: a path that ends where it starts has no work");
        foreach (var key in new[] { "strength", "defect_size" })
        {
            if (startAction is not null && reader.Has(key)) reader.Reject(key, "does not go with start_action: the path is that between the two actions");
        }
        var strength = defect is not null || startAction is not null ? 1 : reader.Number("strength", links ? 0 : 0.5, value => value is >= 0 and <= 1e6 and not 1, "at least 0 and not 1, which is the action that is sampled");
        if (!links && strength == 0) reader.Fail("strength", "is 0, but a scalar has no ensemble without an action: give a factor above 0");
        var from = reader.OneOf("from", _starts, strength == 0 ? TrajectoryStartKind.Haar : TrajectoryStartKind.Chain);
        if (from == TrajectoryStartKind.Haar && strength != 0) reader.Fail("from", $"cannot be \"haar\": links from Haar measure are the ensemble of strength = 0{(defect is null && startAction is null ? "" : ", and this path starts from an ensemble of its own")}");
        var metropolis = reader.Boolean("metropolis", false);
        var maps = reader.OneOf("map", _maps, false);
        if (maps && from == TrajectoryStartKind.Flow) reader.Fail("map", "is \"flow\", but trajectories start from the flow: it cannot be both, where they start and what maps them");
        if (maps && !links) reader.Fail("map", "is \"flow\", but there are no maps of a scalar: they are staple couplings");

        var times = reader.Numbers("times", value => value is > 0 and <= 1, "greater than 0 and at most 1") ?? [];
        if (times.Count > 0 && (times[^1] != 1 || times.Zip(times.Skip(1)).Any(pair => !(pair.First < pair.Second)))) reader.Fail("times", "must ascend to 1, at which the action is the one that is sampled: for example times = [0.2, 0.5, 1.0]");
        var schedule = times.Count > 0 ? ProtocolScheduleKind.Linear : reader.OneOf("schedule", _schedules, ProtocolScheduleKind.Linear);
        foreach (var key in new[] { "steps", "schedule" })
        {
            if (times.Count > 0 && reader.Has(key)) reader.Reject(key, "does not go with times, which say it");
        }
        var steps = times.Count > 0 ? times.Count : reader.Integer("steps", 32, 1, AnnealingSchedule.MostSteps);
        var optimised = schedule == ProtocolScheduleKind.Optimised;
        if (!optimised && reader.Has("pilot")) reader.Reject("pilot", "is of schedule = \"optimised\": the trajectories that it is found from");
        var ofChain = from == TrajectoryStartKind.Chain;
        var both = reader.OneOf("direction", _directions, false);
        if (both && metropolis) reader.Fail("direction", "is \"both\", but trajectories with metropolis = true go back and come again: they have no work of one way");
        if (both && parts.Count == 0) reader.Fail("direction", "is \"both\", but there are no parts, which move the chain at S that trajectories start back from: levels alone do not move what is far from the defect");
        if (ofChain && parts.Count == 0 && levels.Count > 0 && !reader.Has("chain")) reader.Fail("chain", "is missing: without parts, what moves the chains at the start of the path has to be given, for example chain = [ { sampler = \"heatbath\", overrelaxation = 4 } ]");
        foreach (var key in new[] { "chain", "transitions" })
        {
            if (!ofChain && !(both && key == "transitions") && reader.Has(key)) reader.Reject(key, $"is of trajectories that start from a chain, and these start from {(from == TrajectoryStartKind.Flow ? "a flow" : "Haar measure (strength = 0)")}");
        }
        return new()
        {
            Parts = parts,
            Steps = steps,
            Strength = strength,
            StartAction = startAction,
            Defect = startAction is null ? defect : null,
            DefectCoefficient = defect is null ? 0 : reader.Number("defect", 0, value => value is >= 0 and < 1, "at least 0 and less than 1, which is the periodic lattice that is sampled"),
            Levels = levels,
            Schedule = schedule,
            Times = times,
            Pilot = optimised ? reader.Integer("pilot", 8, 2, 1_000_000) : 0,
            From = from,
            Chain = ofChain && reader.Has("chain") ? MixturePart.ReadAll(reader, theory, SamplerRegistry.PartsOfLadder, "chain = [ { sampler = \"heatbath\" } ]", "chain") : [],
            Transitions = ofChain || both ? reader.Integer("transitions", 10, 1, 1_000_000_000) : 0,
            MapsByFlow = maps,
            RunsBothWays = both,
            Metropolis = metropolis,
        };
    }
}
