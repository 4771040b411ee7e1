using LatticeFlow.Flows;
using LatticeFlow.Sampling;
using LatticeFlow.Training;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Turns TOML text and command-line overrides into a <see cref="RunConfiguration"/>, or into all their errors at once.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads <paramref name="text"/>; <paramref name="source"/> is the file name that errors show.</summary>
    /// <exception cref="ConfigurationException">Anything is wrong with the text or the overrides.</exception>
    public static RunConfiguration Read(string text, string source, params IReadOnlyList<Override> overrides)
    {
        var errors = new ConfigurationErrors();
        // After a syntax error the tree is not what was meant: anything else found in it would only mislead.
        if (TomlTreeReader.Read(text, source, errors) is not { } root) throw errors.ToException();
        var start = new Place(source, 1, 1);
        foreach (var item in overrides) item.Apply(root, errors);
        var configuration = Sections(root, start, errors);
        errors.ThrowIfAny();
        return configuration;
    }

    /// <summary>The section <c>analyze</c> of data that have no configuration: what the overrides say of it, and defaults.</summary>
    /// <exception cref="ConfigurationException">An override is wrong, or of another section.</exception>
    public static AnalyzeSettings ReadAnalyze(TheorySettings theory, IReadOnlyList<Override> overrides)
    {
        const string Section = "analyze";
        var errors = new ConfigurationErrors();
        var start = new Place(Section, 1, 1);
        var root = new TomlTable(start);
        foreach (var item in overrides.Where(item => !item.Path.StartsWith("run.", StringComparison.Ordinal)))
        {
            if (item.Path.StartsWith(Section + ".", StringComparison.Ordinal)) item.Apply(root, errors);
            else errors.Add(item.Place, $"{item.Path} cannot be changed: there is no configuration here, and of what was stored elsewhere only analyze.* is open");
        }
        errors.ThrowIfAny();
        var table = root.TryGet(Section, out var entry) && entry.Value is TomlTable given ? given : new TomlTable(start);
        var settings = AnalyzeSettings.Read(new(table, Section, RunConfiguration.Schema[Section], errors), theory);
        errors.ThrowIfAny();
        return settings;
    }

    private static RunConfiguration Sections(TomlTable root, Place start, ConfigurationErrors errors)
    {
        foreach (var (key, place, value) in root.Entries) CheckSection(key, place, value, errors);
        var run = Section("run", true) ?? Empty("run");
        var before = errors.Count;
        var theoryReader = Section("theory", true);
        var theory = TheorySettings.Read(theoryReader ?? Empty("theory"));
        var flowReader = Section("flow", false);
        var flow = flowReader is null ? null : FlowSettings.Read(flowReader, theory);
        if (flow is not null && theoryReader is not null && errors.Count == before) flow.CheckTheory(flowReader!, theoryReader, theory);
        var trainReader = Section("train", false);
        var train = trainReader is null ? null : TrainSettings.Read(trainReader);
        if (train is not null && !root.TryGet("flow", out _)) errors.Add(Where("train"), "[train] needs a [flow] to train");
        if (flow is { Checkpoint: "" } && !root.TryGet("train", out _))
            errors.Add(Where("flow"), "[flow] has neither a [train] section nor flow.checkpoint: train it, or load one that was trained");
        var samples = Samples(root, theory, errors);
        if (flow is not null && errors.Count == before && samples.Any(sample => sample.Transition is AnnealedSettings { MapsByFlow: true })) CheckProtocol(flow, flowReader!, train, trainReader, samples, theory);
        if (!root.TryGet("flow", out _) && !root.TryGet("sample", out _))
            errors.Add(start, "nothing to do: give a [flow] to train, a [[sample]] to draw, or both");
        return new()
        {
            Run = RunSettings.Read(run),
            Theory = theory,
            Flow = flow,
            Train = train,
            Samples = samples,
            Analyze = AnalyzeSettings.Read(Section("analyze", false) ?? Empty("analyze"), theory),
        };

        SectionReader? Section(string name, bool required)
        {
            if (root.TryGet(name, out var entry))
                return entry.Value is TomlTable table ? new(table, name, RunConfiguration.Schema[name], errors) : null;
            if (required) errors.Add(start, $"section [{name}] is missing");
            return null;
        }

        // Stands in for a section that is missing or no table; that has been reported, so what it lacks is not reported again.
        SectionReader Empty(string name) => new(new TomlTable(start), name, RunConfiguration.Schema[name], new());

        Place Where(string name) => root.TryGet(name, out var entry) ? entry.KeyPlace : start;
    }

    // A flow that maps the configurations of a protocol is one sweep, and is trained by the work that it leaves.
    private static void CheckProtocol(FlowSettings flow, SectionReader flowReader, TrainSettings? train, SectionReader? trainReader, ValueList<SampleSettings> samples, TheorySettings theory)
    {
        var model = flow.Model(theory.Field, theory.Dimension);
        var defect = (model.Layers.FirstOrDefault() as StapleCoupling)?.Schedule.Defect;
        if (defect is not null && samples.FirstOrDefault(sample => sample.Transition is AnnealedSettings { MapsByFlow: true } annealed && annealed.Defect != defect) is { } elsewhere)
            flowReader.Fail("layers", $"move what is around a defect of size {defect.Size} in direction {defect.Direction}, which is not on the path of \"{elsewhere.Name}\": give both the same defect_size and defect_direction");
        if (StochasticFlow.Refusal(model) is { } reason)
            flowReader.Fail("layers", $"are the map of each step of an annealed ensemble (map = \"flow\"), but {reason}: use layers = [ {{ kind = \"staple-coupling\", count = 1 }} ]");
        if (samples.FirstOrDefault(sample => sample.Transition.StartsFromFlow) is { } other)
            flowReader.Fail("layers", $"are the map of each step of an annealed ensemble (map = \"flow\"), so that \"{other.Name}\" cannot take proposals from them: give it a run of its own");
        if (train is null) return;
        if (train.Objective != TrainingObjective.Reverse) trainReader!.Fail("objective", "is a mean of densities, which a flow between Markov steps does not have: it is trained by the mean work, the objective \"reverse\"");
        if (train.StrengthSteps > 0) trainReader!.Fail("strength_steps", "does not apply to a flow that maps the configurations of a protocol, which itself says how the action changes");
    }

    private static void CheckSection(string key, Place place, TomlNode value, ConfigurationErrors errors)
    {
        if (!RunConfiguration.Sections.Contains(key))
        {
            var kind = value is TomlTable or TomlArray { IsTables: true } ? "section" : "key";
            var owner = RunConfiguration.Schema.FirstOrDefault(section => kind == "key" && section.Value.Contains(key)).Key;
            var hint = Suggestion.Nearest(key, RunConfiguration.Sections) is { } nearest ? $"did you mean [{nearest}]?"
                : owner is not null ? $"it belongs to [{owner}]"
                : $"known sections are {string.Join(", ", RunConfiguration.Sections)}";
            errors.Add(place, $"unknown {kind} '{key}'; {hint}");
        }
        else if (key == "sample")
        {
            if (value is not TomlArray) errors.Add(place, "sample must be given as [[sample]], once for each ensemble");
        }
        else if (value is not TomlTable) errors.Add(place, $"{key} must be a section [{key}], not {value.Describe()}");
    }

    private static ValueList<SampleSettings> Samples(TomlTable root, TheorySettings theory, ConfigurationErrors errors)
    {
        List<SampleSettings> samples = [];
        if (!root.TryGet("sample", out var entry) || entry.Value is not TomlArray array) return [];
        Dictionary<string, Place> names = [];
        for (var i = 0; i < array.Items.Count; i++)
        {
            if (array.Items[i] is not TomlTable table)
            {
                errors.Add(array.Items[i].Place, $"sample.{i} must be a table, not {array.Items[i].Describe()}");
                continue;
            }
            var reader = new SectionReader(table, $"sample.{i}", SampleSettings.Keys, errors);
            if (SampleSettings.Read(reader, theory) is not { } sample) continue;
            if (!names.TryAdd(sample.Name, reader.PlaceOf("name")))
                reader.Fail("name", $"\"{sample.Name}\" is taken by {names[sample.Name]}: give each [[sample]] a name of its own");
            if (sample.Transition.UsesFlow && !root.TryGet("flow", out _))
                reader.Fail("sampler", "needs a flow, but there is no [flow] section");
            samples.Add(sample);
        }
        return [.. samples];
    }
}
