using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatticeFlow.Storage;

/// <summary>
/// One run: <c>config.toml</c> as given, <c>resolved.toml</c> with every default, <c>provenance.json</c>, <c>metrics.jsonl</c>, <c>log.txt</c>, <c>flow/</c>,
/// <c>ensemble/&lt;sampler&gt;/</c>, <c>analysis.json</c>, <c>report.html</c>. Held by one process at a time. A run exists from the moment its <c>resolved.toml</c> does, which is
/// written last; an existing run is resumed with the same resolved configuration, in which it may ask for more (<see cref="ResolvedConfiguration"/>), or refused (<see cref="StorageException"/>, exit code 2).
/// </summary>
public sealed class RunDirectory : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly DirectoryLock? guard;
    private JsonObject provenance = [];

    // Of this process: the whole of it, or its last resume.
    private JsonObject? life;

    private RunDirectory(string path, DirectoryLock? guard)
    {
        Path = path;
        this.guard = guard;
    }

    public string Path { get; }
    public string ConfigPath => At("config.toml");
    public string ResolvedPath => At("resolved.toml");
    public string ProvenancePath => At("provenance.json");
    public string MetricsPath => At("metrics.jsonl");
    public string LogPath => At("log.txt");
    public string AnalysisPath => At("analysis.json");
    public string ReportPath => At("report.html");

    /// <summary>Folder of the flow's checkpoints; created on first use.</summary>
    public string FlowDirectory => Folder("flow");

    /// <summary>Whether this opening continues an existing run.</summary>
    public bool Resumed { get; private init; }

    /// <summary>Who held the directory before and did not release it (a crash), or null.</summary>
    public string? StaleHolder => guard?.StaleHolder;

    /// <summary>What was wrong with <c>provenance.json</c> on opening, or null.</summary>
    public string? ProvenanceFault { get; private set; }

    /// <summary>The keys of which a run that is continued asks for more than it did.</summary>
    public IReadOnlyList<Growth> Grown { get; private set; } = [];

    /// <summary>Device and instruction set of the last life of a run that is continued; null where they are not known.</summary>
    public (string Device, string Isa)? Before { get; private set; }

    /// <summary>
    /// Creates the run, or continues it when <paramref name="resume"/> is set and it exists. Resuming what does not exist starts it, so that a batch job can always ask to resume.
    /// Another resolved configuration than the stored one is refused, naming the first line that differs. Where it asks for more configurations or training steps, and for nothing else that is new, it takes the place of
    /// the stored one, and the provenance of this life says from which number to which under <c>grown</c>.
    /// </summary>
    public static RunDirectory Open(string path, string configText, string resolvedText, Provenance provenance, bool resume)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        try
        {
            AtomicFile.CreateDirectory(path);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileWriting(path, cause, other: "--run-dir");
        }

        var guard = DirectoryLock.Acquire(path);
        try
        {
            bool exists = File.Exists(System.IO.Path.Combine(path, "resolved.toml"));
            var run = new RunDirectory(path, guard) { Resumed = exists };
            if (exists)
                run.Continue(resolvedText, provenance, resume);
            else
                run.Begin(configText, resolvedText, provenance);
            return run;
        }
        catch (Exception cause)
        {
            guard.Dispose();
            throw StorageException.WhileWriting(path, cause, other: "--run-dir");
        }
    }

    /// <summary>An existing run to look at: nothing is held and nothing is written. Exit code 4 when there is none.</summary>
    public static RunDirectory OpenToRead(string path)
    {
        RequireRun(path);
        return new RunDirectory(path, null) { Resumed = true };
    }

    /// <summary>Opens an existing run to analyse it or report on it; exit code 4 when there is none.</summary>
    public static RunDirectory OpenExisting(string path)
    {
        RequireRun(path);
        return new RunDirectory(path, DirectoryLock.Acquire(path)) { Resumed = true };
    }

    /// <summary>Folder of one sampler's ensemble; the name has letters, digits, '_', '-' and, not first, '.'.</summary>
    public string EnsembleDirectory(string sampler)
    {
        if (sampler.Length == 0 || sampler[0] == '.' || !sampler.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            throw new ArgumentException($"sampler name '{sampler}' may have letters, digits, '_', '-' and, not first, '.' only", nameof(sampler));
        return Folder(System.IO.Path.Combine("ensemble", sampler));
    }

    /// <summary>Names of the samplers that have an ensemble here.</summary>
    public IReadOnlyList<string> Samplers()
    {
        string root = At("ensemble");
        return Directory.Exists(root) ? [.. Directory.EnumerateDirectories(root).Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)] : [];
    }

    public string ResolvedText() => ReadText(ResolvedPath);

    public MetricsLog OpenMetrics() => new(MetricsPath);

    public LineLog OpenLog() => new(LogPath);

    /// <summary>Records the end of this process's work and its exit code. Not for a run that was opened with <see cref="OpenExisting"/>.</summary>
    public void Finish(int exitCode)
    {
        if (life is null)
            throw new InvalidOperationException("the run was opened to look at it: its provenance is that of its data.");
        life["end"] = Provenance.Stamp(DateTime.UtcNow);
        life["exit_code"] = exitCode;
        SaveProvenance();
    }

    public void Dispose() => guard?.Dispose();

    /// <summary>An entry of a directory without a run that no creation of one can have left: then it is a folder of something else. Null where there is none.</summary>
    public static string? ForeignEntry(string path)
    {
        string[] known = ["run.lock", "config.toml", ".config.toml.tmp", "provenance.json", ".provenance.json.tmp", ".resolved.toml.tmp"];
        return Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName).FirstOrDefault(name => !known.Contains(name));
    }

    private static void RequireRun(string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, "resolved.toml")))
            throw new StorageException(path, "is not a run directory (it has no resolved.toml)", "Give the directory of a run");
    }

    private void Begin(string configText, string resolvedText, Provenance given)
    {
        string? foreign = ForeignEntry(Path);
        if (foreign is not null)
            throw new StorageException(Path, $"is not empty (it has '{foreign}') and is no run", "Choose another --run-dir", StorageException.Unusable);
        AtomicFile.WriteText(ConfigPath, configText);
        provenance = life = given.ToJson();
        SaveProvenance();
        AtomicFile.WriteText(ResolvedPath, resolvedText);
    }

    private void Continue(string resolvedText, Provenance given, bool resume)
    {
        if (!resume)
            throw new StorageException(Path, "holds a run already", "Continue it with --resume, or choose another name or --run-dir", StorageException.Unusable);
        string stored = ReadText(ResolvedPath);
        var grown = RequireSameRun(stored, resolvedText);
        life = given.ToJson();
        if (grown.Count > 0)
            life["grown"] = new JsonObject(grown.Select(growth => KeyValuePair.Create<string, JsonNode?>(growth.Key, new JsonObject { ["from"] = growth.From, ["to"] = growth.To })));
        LoadProvenance();
        if (provenance["resumes"] is not JsonArray resumes)
            provenance["resumes"] = resumes = [];
        var last = resumes.LastOrDefault() as JsonObject ?? provenance;
        Before = last["device"] is JsonValue device && last["isa"] is JsonValue isa ? (device.ToString(), isa.ToString()) : null;
        resumes.Add((JsonNode)life);
        SaveProvenance();
        Grown = grown;
        if (grown.Count > 0)
            AtomicFile.WriteText(ResolvedPath, ResolvedConfiguration.With(stored, grown));
    }

    private IReadOnlyList<Growth> RequireSameRun(string stored, string given)
    {
        var (grown, difference) = ResolvedConfiguration.Compare(stored, given);
        if (difference is { } line)
        {
            throw new StorageException(
                ResolvedPath, $"line {line.Number} is '{line.Before}', the configuration now says '{line.Now}'",
                "Resume with the configuration the run was started with, or choose another name", StorageException.Unusable);
        }

        foreach (var growth in grown.Where(growth => growth.To < growth.From))
        {
            throw new StorageException(
                ResolvedPath, $"asks for {growth.Key} = {growth.From}, the configuration now says {growth.To}, and what is stored is not cut", "Ask for at least as much as before, or choose another name", StorageException.Unusable);
        }

        return grown;
    }

    /// <summary>What is missing or damaged does not keep a run from going on: a damaged file is set aside, and a new one says since when it tells the story.</summary>
    private void LoadProvenance()
    {
        if (TryReadProvenance() is { } known)
        {
            provenance = known;
            return;
        }

        string? aside = File.Exists(ProvenancePath) ? EnsembleRecovery.SetAside(ProvenancePath, "damaged") : null;
        ProvenanceFault = aside is null ? "provenance.json was missing: it begins again" : $"provenance.json was damaged: it is kept as {aside} and begins again";
        provenance = new() { ["note"] = $"{ProvenanceFault} {Provenance.Stamp(DateTime.UtcNow)}" };
    }

    private JsonObject? TryReadProvenance()
    {
        if (!File.Exists(ProvenancePath))
            return null;
        try
        {
            return JsonNode.Parse(ReadText(ProvenancePath), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void SaveProvenance() => AtomicFile.WriteText(ProvenancePath, provenance.ToJsonString(Indented) + "\n");

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private string Folder(string name)
    {
        string folder = At(name);
        try
        {
            AtomicFile.CreateDirectory(folder);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileWriting(folder, cause);
        }

        return folder;
    }
}
