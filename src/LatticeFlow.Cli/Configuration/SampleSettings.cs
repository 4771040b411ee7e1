using LatticeFlow.Fields;
using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary><c>[[sample]]</c>: one ensemble to be drawn.</summary>
public sealed record SampleSettings
{
    public static readonly string[] Keys =
        ["sampler", "name", "configurations", "replicas", "start", "thermalization", "stride", "segment", .. StoreSettings.Keys, .. TransitionSettings.Keys];

    private const int DefaultSegment = 1024;

    private const int DefaultDraws = 256;

    private const long DefaultSegmentBytes = 64L << 20;

    // They are in memory until the segment is complete.
    private const long MostDefaultBytes = 2L << 30;

    // The configurations of a segment are one array.
    private static readonly long MostSegmentBytes = (long)System.Array.MaxLength * sizeof(double);

    /// <summary>Name of the directory under <c>ensemble/</c>; unique in a configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Stored configurations, all replicas together.</summary>
    public required int Configurations { get; init; }

    /// <summary>Chains that run side by side.</summary>
    public required int Replicas { get; init; }

    public static readonly Choice<ChainStart> Starts = new(("hot", ChainStart.Hot), ("cold", ChainStart.Cold), ("mixed", ChainStart.Mixed));

    /// <summary>How chains start; chains that propose from a flow start from samples of it.</summary>
    public required ChainStart Start { get; init; }

    /// <summary>Transitions of each replica before the first stored configuration.</summary>
    public required int Thermalization { get; init; }

    /// <summary>Transitions between two stored configurations of a replica.</summary>
    public required int Stride { get; init; }

    /// <summary>Rows a segment file holds at most.</summary>
    public required int Segment { get; init; }

    /// <summary>What of the configurations is stored.</summary>
    public StoreSettings Store { get; init; } = StoreSettings.All;

    public required TransitionSettings Transition { get; init; }

    /// <summary>How many of the stored configurations belong to a replica: they are dealt out one step at a time, so two replicas differ by at most 1.</summary>
    public int ConfigurationsOf(int replica) => Configurations / Replicas + (replica < Configurations % Replicas ? 1 : 0);

    /// <summary>Null when the sampler is not known; its error is reported.</summary>
    public static SampleSettings? Read(SectionReader reader, TheorySettings theory)
    {
        if (reader.RequiredOneOf("sampler", TransitionSettings.Kinds) is not { } kind) return null;
        var name = reader.Text("name", TransitionSettings.Kinds.Text(kind));
        if (!RunSettings.SafeFileName().IsMatch(name))
            reader.Fail("name", $"names a directory: use 1 to 100 letters, digits, '.', '_' or '-', beginning with a letter or digit, not {TomlText.Quote(name)}");
        var configurations = reader.Integer("configurations", 10_000, 1);
        var replicas = reader.Integer("replicas", Math.Min(32, configurations), 1, 1 << 20);
        var store = StoreSettings.Read(reader, theory);
        var transition = TransitionSettings.Read(kind, reader, theory);
        var settings = new SampleSettings
        {
            Name = name,
            Configurations = configurations,
            Replicas = replicas,
            Start = reader.OneOf("start", Starts, replicas > 1 ? ChainStart.Mixed : ChainStart.Hot),
            Thermalization = reader.Integer("thermalization", 500, 0),
            Stride = reader.Integer("stride", 1, 1),
            Segment = reader.Integer("segment", DefaultSegmentOf(theory, replicas, store, transition), 1),
            Store = store,
            Transition = transition,
        };
        if (settings.Transition.StartsFromFlow && reader.Has("start")) reader.Reject("start", $"does not apply to the sampler \"{TransitionSettings.Kinds.Text(kind)}\": its chains start from samples of the flow");
        if (settings.Start == ChainStart.Mixed && replicas == 1) reader.Fail("start", "\"mixed\" starts replicas hot and cold by turns, and there is one: use \"hot\" or \"cold\"");
        if (replicas > configurations)
            reader.Fail("replicas", $"must be at most configurations = {configurations}, not {replicas}: every replica stores at least one");
        else if (settings.Segment < replicas)
            reader.Fail("segment", $"must be at least replicas = {replicas}, not {settings.Segment}: a segment holds whole steps of all replicas");
        else if (store.Every > 0 && (double)settings.Segment / store.Every * theory.BytesOfConfiguration > MostSegmentBytes)
        {
            var most = MostSegmentBytes / theory.BytesOfConfiguration * store.Every;
            const string Limit = "more than the 16 GiB that are written at once";
            if (most == 0) reader.Fail("segment", $"of one configuration holds {Limit}: use a smaller lattice");
            else reader.Fail("segment", most < replicas ? $"of {replicas} replicas holds {Limit}: use at most {most} replicas" : $"= {settings.Segment} holds {Limit}: at most {most}");
        }
        CheckHeatBath(reader, settings.Transition, theory);
        if (!settings.Transition.IsErgodic)
            reader.Fail("sampler", $"changes the topological charge and nothing else, so that it samples nothing alone: put it beside others, for example {MixtureSettings.Example(kind.NeedsOthers ? kind : SamplerRegistry.All.First(one => one.NeedsOthers))}");
        if (settings.Transition.RunsBackward && settings.Thermalization == 0)
            reader.Fail("thermalization", "is 0, but trajectories run back from a chain at the action that is sampled, which has to come to equilibrium");
        if (settings.Thermalization < settings.Transition.LeastThermalization)
        {
            reader.Fail("thermalization", settings.Transition.LeastThermalization == 1
                ? $"must be at least 1 when {settings.Transition.TunedBy} is tuned during thermalization"
                : $"must be at least {settings.Transition.LeastThermalization}, not {settings.Thermalization}: its last transitions are the pilot trajectories of the schedule");
        }
        reader.Close($"the sampler \"{TransitionSettings.Kinds.Text(kind)}\"");
        return settings;
    }

    /// <summary>
    /// Whole draws of all replicas: 1024 configurations or, of large lattices, what is not more than 64 MiB. Where not every row has its configuration, a segment still has the state of the chain: it is longer, 256 draws. Where the state
    /// is more than the last rows, as of ladders, a segment has as many configurations as its state has, up to 2 GiB.
    /// </summary>
    private static int DefaultSegmentOf(TheorySettings theory, int replicas, StoreSettings store, TransitionSettings transition)
    {
        var most = store.IsWhole ? DefaultSegment : Math.Max(DefaultSegment, DefaultDraws * (long)replicas);
        var fits = theory.BytesOfConfiguration == 0 || store.Every == 0 ? most : Math.Min(most, DefaultSegmentBytes / theory.BytesOfConfiguration * store.Every);
        bool inRows = store.IsWhole && store.Encoding.IsExact && transition.ReplicasOfChain == 1;
        long ofState = ((inRows ? 0 : transition.ReplicasOfChain) + (transition.KeepsMoreThanRows ? 1 : 0)) * (long)replicas;
        if (ofState > 0 && store.Every > 0 && theory.BytesOfConfiguration > 0) fits = Math.Max(fits, Math.Min(ofState, MostDefaultBytes / theory.BytesOfConfiguration) * store.Every);
        return (int)Math.Min(int.MaxValue, Math.Max(fits, replicas));
    }

    private static void CheckHeatBath(SectionReader reader, TransitionSettings transition, TheorySettings theory)
    {
        if (!transition.UsesHeatBath) return;
        if (theory.Field.Place != FieldPlace.Links)
        {
            reader.Fail("sampler", $"has a heat bath, which is built for links and not for the field \"{theory.Field}\": use \"hmc\", alone, in a mixture or on a ladder");
            return;
        }
        var least = Math.Max(theory.Action.LeastHeatBathExtent, transition.LeastHeatBathExtent);
        if (theory.Extents.All(extent => extent >= least)) return;
        reader.Fail("sampler", $"has a heat bath, which needs extents of at least {least}, or a link is in one {(least == 2 ? "plaquette twice" : "rectangle twice")}: use \"hmc\"");
    }

    public TomlTable Write(TheorySettings theory)
    {
        var table = Table(("sampler", Of(TransitionSettings.Kinds.Text(Transition.Kind))), ("name", Of(Name)),
            ("configurations", Of((long)Configurations)), ("replicas", Of((long)Replicas)), ("start", Transition.StartsFromFlow ? null : Of(Starts.Text(Start))), ("thermalization", Of((long)Thermalization)),
            ("stride", Of((long)Stride)), ("segment", Of((long)Segment)));
        Store.WriteTo(table, theory);
        Transition.WriteTo(table);
        return table;
    }
}
