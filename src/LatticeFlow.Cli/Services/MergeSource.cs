using System.Security.Cryptography;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>A run or an imported directory that is merged with others: what it is, and whether it is of one kind with them.</summary>
internal sealed class MergeSource
{
    private MergeSource(string directory, RunConfiguration? configuration, IReadOnlyList<string> samples)
    {
        (Directory, Configuration, Samples) = (directory, configuration, samples);
        Readers = samples.ToDictionary(name => name, name => ExistingRun.HasEnsemble(directory, name)
            ? EnsembleReader.Open(ExistingRun.Ensemble(directory, name))
            : throw new UserErrorException($"holds no configuration of \"{name}\"") { File = directory, Remedy = "draw it first, or choose another ensemble with --sample" });
    }

    public string Directory { get; }

    /// <summary>Null of an imported directory.</summary>
    public RunConfiguration? Configuration { get; }

    /// <summary>Names of the ensembles that are merged.</summary>
    public IReadOnlyList<string> Samples { get; }

    public IReadOnlyDictionary<string, EnsembleReader> Readers { get; }

    /// <exception cref="UserErrorException">There is none that can be merged, or no such sample in it.</exception>
    /// <exception cref="StorageException">It is damaged (exit code 4).</exception>
    public static MergeSource Open(string directory, string? sample)
    {
        if (MergedRun.IsAt(directory)) throw new UserErrorException("is a merged run itself") { File = directory, Remedy = "give the runs that it was made of, which merged.json names" };
        var configuration = ImportedRun.IsAt(directory) ? null : ExistingRun.Configuration(directory, []);
        IReadOnlyList<string> samples = configuration is null ? ImportedRun.Samples(directory) : [.. configuration.Samples.Select(entry => entry.Name)];
        if (sample is not null && !samples.Contains(sample))
            throw new UserErrorException($"has no ensemble \"{sample}\"") { File = directory, Key = "--sample", Remedy = samples.Count == 0 ? "there is nothing to merge" : $"choose one of {string.Join(", ", samples)}" };
        if (samples.Count == 0) throw new UserErrorException("has no ensemble") { File = directory, Remedy = "give runs that drew one" };
        return new(directory, configuration, sample is null ? samples : [sample]);
    }

    /// <summary>The SHA-256 of the manifest of an ensemble.</summary>
    public string ManifestHash(string sample) => Hash(ExistingRun.Ensemble(Directory, sample));

    /// <summary>The same, of the folder of an ensemble.</summary>
    public static string Hash(string folder) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Join(folder, "manifest.jsonl"))));

    /// <summary>The numbers of the replicas of an ensemble: those that the run has, or that were imported.</summary>
    public IReadOnlyList<long> Replicas(string sample)
    {
        if (Configuration is { } run) return [.. Enumerable.Range(0, run.Samples.Single(entry => entry.Name == sample).Replicas).Select(number => (long)number)];
        SortedSet<long> found = [];
        foreach (var block in Readers[sample].Blocks(withField: false)) found.UnionWith(block.Replica);
        return [.. found];
    }

    /// <summary>Refuses what is not of one theory and of one sampler with <paramref name="first"/>, or is the same chains.</summary>
    /// <exception cref="UserErrorException">It is not; the key and both values are named.</exception>
    public void RequireSame(MergeSource first)
    {
        if ((Configuration is null) != (first.Configuration is null)) throw Differs(first, "one is a run of this program and the other is imported", "merge runs with runs, and imported ensembles with imported ones");
        if (!Samples.SequenceEqual(first.Samples))
            throw Differs(first, $"the ensembles are {string.Join(", ", Samples)}, and {string.Join(", ", first.Samples)}", "choose one that all have with --sample");
        foreach (var name in Samples)
        {
            if (ManifestHash(name) == first.ManifestHash(name)) throw Differs(first, $"\"{name}\" is the same ensemble in both", "give each once");
            var (mine, theirs) = (Readers[name].Header, first.Readers[name].Header);
            if ((mine with { Seed = theirs.Seed, Config = theirs.Config }).FirstDifference(theirs) is { } field)
                throw Differs(first, $"{field} of \"{name}\" is {Value(field, mine)}, and {Value(field, theirs)}", "merge ensembles of one theory and sampler");
        }
        if (Configuration is null || first.Configuration is null) return;
        if (Configuration.Run.Seed == first.Configuration.Run.Seed) throw Differs(first, $"run.seed is {Configuration.Run.Seed} in both: they are the same chains", "draw one of them with another seed");
        if (Difference(Of(first.Configuration), Of(Configuration)) is var (key, before, now)) throw Differs(first, $"{key} is {now}, and {before}", "merge runs that differ in nothing but their seeds and lengths");
        if (Samples.Any(name => Sample(Configuration, name).Transition.UsesFlow) && !Flow().AsSpan().SequenceEqual(first.Flow()))
            throw Differs(first, "the parameters of their flows differ", "draw them with one flow: flow.checkpoint = \"RUN\" without [train]");
    }

    private static SampleSettings Sample(RunConfiguration run, string name) => run.Samples.Single(entry => entry.Name == name);

    private UserErrorException Differs(MergeSource first, string what, string remedy) => new($"cannot be merged with {first.Directory}: {what}") { File = Directory, Remedy = remedy };

    private static string Value(string field, EnsembleHeader header) => field switch
    {
        "group" or "field" => header.Field,
        "extents" => string.Join(" x ", header.Extents),
        "action" => header.Action,
        "sampler" => header.Sampler,
        "rng" => header.Rng,
        "precision" => header.Precision,
        _ => header.ActionParameters.TryGetValue(field, out var value) ? TomlText.Number(value) : "absent",
    };

    // What runs that are merged may differ in is left out: name, seed, machine, lengths, starts, and how the flow, whose parameters are compared, came to be.
    private RunConfiguration Of(RunConfiguration run) => run with
    {
        Run = run.Run with { Name = "", Seed = 0, Device = "", Threads = 0, CheckpointSeconds = 0 },
        Flow = run.Flow is null ? null : run.Flow with { Checkpoint = "" },
        Train = null,
        Samples = [.. run.Samples.Where(sample => Samples.Contains(sample.Name)).Select(sample => sample with { Configurations = 0, Replicas = 0, Segment = 0, Start = default })],
    };

    // The analysis may be any, but what it is of is what was measured.
    private static (string Key, string Before, string Now)? Difference(RunConfiguration a, RunConfiguration b)
    {
        if (a.Flow is null != (b.Flow is null)) return ("[flow]", a.Flow is null ? "absent" : "present", b.Flow is null ? "absent" : "present");
        b = b with { Analyze = a.Analyze with { Observables = b.Analyze.Observables } };
        string[] before = a.ToToml().Split('\n'), now = b.ToToml().Split('\n');
        var (section, sample) = ("", "");
        for (var line = 0; line < Math.Max(before.Length, now.Length); line++)
        {
            string one = before.ElementAtOrDefault(line) ?? "", other = now.ElementAtOrDefault(line) ?? "";
            if (one.StartsWith('[')) (section, sample) = (one.Trim('[', ']'), "");
            if (one.StartsWith("name = ", StringComparison.Ordinal)) sample = "." + one[7..].Trim('"');
            if (one != other) return ($"{section}{sample}.{(other.Length > 0 ? other : one).Split('=')[0].Trim()}", Right(one), Right(other));
        }
        return null;

        static string Right(string line) => line.Split('=', 2) is [_, var value] ? value.Trim() : "absent";
    }

    private double[] Flow()
    {
        var model = Configuration!.NewFlow();
        FlowCheckpoint.Read(FlowStage.Newest(Directory), model);
        return model.Parameters;
    }
}
