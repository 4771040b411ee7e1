using System.Globalization;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>A run that is compared: its analysis, and its configuration key by key.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Directory">Where it is.</param>
/// <param name="Analysis">Its results.</param>
/// <param name="Settings">Values by key, as they are written; of an imported ensemble those of its theory.</param>
public sealed record LoadedRun(string Name, string Directory, AnalysisDocument Analysis, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Everything that says which theory it is of.</summary>
    public string Theory => string.Join(';', Settings.Where(entry => entry.Key.StartsWith("theory.", StringComparison.Ordinal)).Select(entry => $"{entry.Key}={entry.Value}"));
}

/// <summary>Finds and reads what is compared.</summary>
public static class ComparedRuns
{
    // What two runs of one theory may differ in without being different.
    private static readonly string[] _incidental = ["run.", "analyze."];

    /// <summary>All runs behind some paths; of the parent of a sweep those below it that are analysed.</summary>
    /// <exception cref="UserErrorException">A path is no run, or one has no analysis.</exception>
    public static IReadOnlyList<LoadedRun> Load(IReadOnlyList<string> paths, Log log)
    {
        List<LoadedRun> runs = [];
        foreach (var path in paths)
        {
            if (!Directory.Exists(path)) throw new UserErrorException(File.Exists(path) ? "is a file, not a run directory" : "does not exist") { File = path, Remedy = "give the directory of a run, or of a sweep" };
            if (IsRun(path))
            {
                runs.Add(Read(path, NameOf(path)) ?? throw new UserErrorException("has no analysis.json") { File = path, Remedy = "run latticeflow analyze first" });
                continue;
            }
            string[] below = [.. Below(path)];
            if (below.Length == 0) throw new UserErrorException("is no run and holds none") { File = path, Remedy = "give the directory of a run, or the parent of a sweep" };
            foreach (var run in below)
            {
                if (Read(run, NameOf(run)) is { } read) runs.Add(read);
                else log.Warning($"{run}: has no analysis.json yet and is left out");
            }
        }
        if (runs.GroupBy(run => Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Directory))).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UserErrorException("is given twice") { File = twice.Key, Remedy = "give each run once: one run beside itself agrees with itself" };
        if (runs.Count == 0) throw new UserErrorException("no run is analysed yet") { File = paths[0], Remedy = "run latticeflow analyze first" };
        // Runs of one name are told apart by the directory above.
        return [.. runs.Select(run => runs.Count(other => other.Name == run.Name) == 1 ? run : run with { Name = Path.TrimEndingDirectorySeparator(run.Directory) })];
    }

    /// <summary>The parent of a sweep, where that is all that is given.</summary>
    public static string? Parent(IReadOnlyList<string> paths) => paths.Count == 1 && !IsRun(paths[0]) ? paths[0] : null;

    /// <summary>Keys whose values differ, those of the theory first.</summary>
    public static IReadOnlyList<string> Differing(IReadOnlyList<LoadedRun> runs) => [.. runs.SelectMany(run => run.Settings.Keys).Distinct()
        .Where(key => !_incidental.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) || key == "run.precision")
        .Where(key => runs.Select(run => run.Settings.GetValueOrDefault(key)).Distinct().Count() > 1)
        .OrderBy(key => key.StartsWith("theory.", StringComparison.Ordinal) ? 0 : 1)];

    private static bool IsRun(string path) => File.Exists(Path.Join(path, "resolved.toml")) || ImportedRun.IsAt(path);

    private static IEnumerable<string> Below(string path) => Directory.EnumerateDirectories(path).Where(IsRun).OrderBy(NameOf, Comparer<string>.Create(Natural));

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static LoadedRun? Read(string path, string name) => AnalysisFiles.Read(path) is { } analysis ? new(name, path, analysis, SettingsOf(path, analysis)) : null;

    private static Dictionary<string, string> SettingsOf(string path, AnalysisDocument analysis)
    {
        var settings = new Dictionary<string, string>();
        if (!ImportedRun.IsAt(path))
        {
            Flatten(TomlText.Json(ExistingRun.Configuration(path, []).ToTree()), "", settings);
            return settings;
        }
        if (analysis.Theory is not { } theory) return settings;
        settings["theory.group"] = theory.Group;
        settings["theory.extents"] = $"[{string.Join(",", theory.Extents)}]";
        settings["theory.action.kind"] = theory.Action;
        if (double.IsFinite(theory.Beta)) settings["theory.action.beta"] = theory.Beta.ToString(CultureInfo.InvariantCulture);
        return settings;
    }

    private static void Flatten(JsonNode? node, string path, Dictionary<string, string> settings)
    {
        switch (node)
        {
            case JsonObject table:
                foreach (var (key, value) in table) Flatten(value, path.Length == 0 ? key : $"{path}.{key}", settings);
                break;
            case JsonArray array when array.Any(item => item is JsonObject):
                for (var i = 0; i < array.Count; i++) Flatten(array[i], string.Create(CultureInfo.InvariantCulture, $"{path}.{(array[i] is JsonObject item && (string?)(item["name"] ?? item["sampler"]) is { } name ? name : i)}"), settings);
                break;
            default:
                settings[path] = node?.ToJsonString().Trim('"') ?? "";
                break;
        }
    }

    // beta-5.6 before beta-10.
    private static int Natural(string? a, string? b)
    {
        var (first, second) = (Parts(a), Parts(b));
        for (var i = 0; i < Math.Min(first.Length, second.Length); i++)
        {
            var order = double.TryParse(first[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.TryParse(second[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var y) ? x.CompareTo(y) : string.CompareOrdinal(first[i], second[i]);
            if (order != 0) return order;
        }
        return first.Length.CompareTo(second.Length);

        static string[] Parts(string? name) => (name ?? "").Split('-', '_');
    }
}
