using LatticeFlow.Flows;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>A whole configuration: every value given or defaulted, checked on its own and against the others.</summary>
public sealed record RunConfiguration
{
    public static readonly string[] Sections = ["run", "theory", "flow", "train", "sample", "analyze"];

    /// <summary>The keys of every section and nested table, by key path.</summary>
    public static IReadOnlyDictionary<string, string[]> Schema { get; } = new Dictionary<string, string[]>
    {
        ["run"] = RunSettings.Keys,
        ["theory"] = TheorySettings.Keys,
        ["theory.action"] = ActionSettings.Keys,
        ["theory.action.terms"] = ActionSettings.TermKeys,
        ["flow"] = FlowSettings.Keys,
        ["flow.layers"] = LayerSettings.Keys,
        ["train"] = TrainSettings.Keys,
        ["train.schedule"] = ScheduleSettings.Keys,
        ["train.adam"] = AdamSettings.Keys,
        ["train.ecd"] = EnergySettings.Keys,
        ["sample"] = SampleSettings.Keys,
        ["sample.inner_scales"] = TimeScaleSettings.Keys,
        ["sample.defensive"] = FlowTransitionSettings.DefensiveKeys,
        ["sample.start_action"] = ActionSettings.Keys,
        ["sample.levels"] = DefectKeys.LevelKeys,
        ["sample.parts"] = ["sampler", "repeat", .. TransitionSettings.Keys],
        ["sample.chain"] = ["sampler", "repeat", .. TransitionSettings.Keys],
        ["analyze"] = AnalyzeSettings.Keys,
        ["analyze.of"] = ErrorSection.KeysOfOne,
    };

    public required RunSettings Run { get; init; }

    public required TheorySettings Theory { get; init; }

    /// <summary>Null when no flow is asked for.</summary>
    public FlowSettings? Flow { get; init; }

    /// <summary>Null when there is no flow, or one that is only loaded.</summary>
    public TrainSettings? Train { get; init; }

    public required ValueList<SampleSettings> Samples { get; init; }

    public required AnalyzeSettings Analyze { get; init; }

    /// <summary>The ensemble along whose protocol the flow maps configurations: the first where there are several, which it is trained for. Null: the flow maps its prior to the theory.</summary>
    public SampleSettings? FlowProtocol => Samples.FirstOrDefault(sample => sample.Transition is AnnealedSettings { MapsByFlow: true });

    /// <summary>Whether there is a flow that has a density of its own: no map of the steps of a protocol, as those around a defect always are.</summary>
    public bool HasDensity => Flow is not null && FlowProtocol is null && !NewFlow().Layers.Any(layer => layer is StapleCoupling { Schedule.Defect: not null });

    /// <summary>The flow that is asked for, with all parameters zero.</summary>
    public FlowModel NewFlow() => (Flow ?? throw new InvalidOperationException("the configuration has no flow.")).Model(Theory.Field, Theory.Dimension);

    /// <summary>The configuration as TOML with every default written out. It reads back as an equal configuration.</summary>
    public string ToToml() => TomlText.Write(ToTree());

    public TomlTable ToTree() => Table(("run", Run.Write()), ("theory", Theory.Write()), ("flow", Flow?.Write()), ("train", Train?.Write()),
        ("sample", Samples.Count == 0 ? null : Array(Samples.Select(sample => sample.Write(Theory)), isTables: true)), ("analyze", Analyze.Write()));
}
