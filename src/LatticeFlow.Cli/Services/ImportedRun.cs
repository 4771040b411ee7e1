using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
using LatticeFlow.Fields;
using LatticeFlow.Interchange;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>A directory with ensembles and no configuration: what <c>import</c> makes.</summary>
public static class ImportedRun
{
    public static bool IsAt(string directory) => !File.Exists(Path.Join(directory, "resolved.toml")) && Samples(directory).Count > 0;

    /// <summary>Names of the ensembles.</summary>
    public static IReadOnlyList<string> Samples(string directory)
    {
        var ensembles = Path.Join(directory, "ensemble");
        return Directory.Exists(ensembles)
            ? [.. Directory.EnumerateDirectories(ensembles).Where(folder => File.Exists(Path.Join(folder, "manifest.jsonl"))).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <exception cref="UserErrorException">There are overrides.</exception>
    public static void RefuseOverrides(string directory, IReadOnlyList<Override> overrides)
    {
        if (overrides.Count > 0) throw new UserErrorException("an imported ensemble has no configuration that could be changed") { File = directory, Key = overrides[0].Path, Remedy = "leave it out" };
    }

    /// <summary>Analyses what is stored and what was measured afterwards, prints the table, and writes <c>analysis.json</c> and <c>report.html</c>, into <paramref name="output"/> where that is given.</summary>
    public static int Analyze(string directory, IReadOnlyList<Override> overrides, string? output, CommandContext context)
    {
        var (document, series, settings) = Document(directory, [.. overrides.Where(item => item.Path != "run.device")], null, null, context.Log);
        var target = output is null ? directory : AnalysisFiles.Directory(output);
        try
        {
            AnalysisFiles.Write(target, document);
            ReportStage.Write(target, Page(directory, document, series, settings.FailOn));
        }
        catch (StorageException exception) when (output is null && exception.ExitCode == StorageException.Unusable && !exception.IsDiskFull)
        {
            context.Log.Warning(AnalyzeCommand.NotWritten(directory, exception.What));
        }
        ConsoleTable.Write(document, context.Output, context.Json);
        return AnalysisStage.Judge(document, settings, context.Log);
    }

    /// <summary>The analysis of every ensemble, of <paramref name="chosen"/> observables where they are given, else of what is named or all, and of what was measured afterwards only what <paramref name="measuredIn"/> has; nothing is written.</summary>
    public static (AnalysisDocument Document, IReadOnlyList<EnsembleSeries> Series, AnalyzeSettings Settings) Document(
        string directory, IReadOnlyList<Override> overrides, AnalysedNames? chosen, AnalysisDocument? measuredIn, Log? log)
    {
        var ensembles = new Dictionary<string, EnsembleDocument>();
        List<EnsembleSeries> series = [];
        TheoryDocument? theory = null;
        AnalyzeSettings? settings = null;
        var isNamed = overrides.Any(item => item.Path == "analyze.observables");
        foreach (var name in Samples(directory))
        {
            var folder = ExistingRun.Ensemble(directory, name);
            var columns = EnsembleColumns.Open(folder);
            theory = Theory(columns.Segments.Header);
            settings ??= ConfigurationReader.ReadAnalyze(Settings(folder, columns.Segments.Header), overrides);
            var names = chosen ?? new AnalysedNames(isNamed ? settings.Observables : null, isNamed) { MeasuredIn = measuredIn };
            var facts = new EnsembleSeries { Sampler = name, Stride = StoredSeries.StrideOf(columns) ?? 1, Observables = new Dictionary<string, IReadOnlyList<double[]>>() };
            foreach (var one in StoredSeries.All(columns, names, facts, log))
            {
                series.Add(one);
                ensembles[one.Sampler] = AnalysisStage.Ensemble(folder, one, new ExactResults(theory), settings, "import more configurations");
            }
        }
        var written = TomlBuilder.Table(("observables", isNamed ? TomlBuilder.Of(settings!.Observables) : null));
        settings!.Errors.WriteTo(written);
        Formulas.WriteTo(written, settings.Derive, settings.Fit);
        var document = new AnalysisDocument { Theory = theory, Settings = TomlText.Json(written) as JsonObject, Ensembles = ensembles };
        AnalysisStage.RequireKnown(settings.Errors, document, directory);
        return (document, series, settings);
    }

    /// <summary>Writes the page again from <c>analysis.json</c> and the stored series.</summary>
    /// <returns>The path of the page.</returns>
    public static string Render(string directory, string? output)
    {
        var target = output is null ? directory : AnalysisFiles.Directory(output);
        var shown = AnalysisFiles.Read(target) ?? AnalysisFiles.Read(directory) ?? (output is null ? throw ReportStage.NoAnalysis(directory) : Document(directory, [], null, null, null).Document);
        ReportStage.Write(target, Page(directory, shown, Document(directory, [], AnalysedNames.In(shown), null, null).Series, AnalyzeSettings.AllFailures));
        return AnalysisFiles.Report(target);
    }

    private static TheoryDocument Theory(EnsembleHeader header) => new(header.Field, header.Action, header.ActionParameters.GetValueOrDefault("beta", double.NaN), header.Extents)
    {
        IsOpen = ActionRegistry.Named(header.Action)?.IsTorus(header.ActionParameters) == false,
    };

    private static TheorySettings Settings(string folder, EnsembleHeader header)
    {
        try
        {
            return new() { Field = FieldType.Named(header.Field), Extents = [.. header.Extents], Action = ActionSettings.With(ActionRegistry.For(FieldType.Named(header.Field))[0], [.. header.ActionParameters.Select(parameter => (parameter.Key, parameter.Value))]) };
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), inner: exception) { File = folder };
        }
    }

    private static ReportData Page(string directory, AnalysisDocument document, IReadOnlyList<EnsembleSeries> series, IReadOnlyCollection<FailureKind> failOn) => new()
    {
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
        Analysis = document,
        Failures = Verdict.Findings(document, failOn),
        Tolerated = Verdict.Findings(document, [.. AnalyzeSettings.AllFailures.Except(failOn)]),
        Provenance = [.. Samples(directory).SelectMany(name => Provenance(name, ExistingRun.Ensemble(directory, name)))],
        Ensembles = series,
    };

    private static IEnumerable<(string Name, string Value)> Provenance(string name, string folder)
    {
        var reader = EnsembleReader.Open(folder);
        yield return ("origin", $"{name}: {reader.Count} configurations of other codes");
        var first = Sources(reader, 0);
        if (first.Count > 0)
        {
            yield return ("formats", string.Join(", ", first.Select(source => (string?)source["format"]).OfType<string>().Distinct()));
            yield return ("files", $"from {(string?)first[0]["file"]} to {(string?)Sources(reader, reader.Segments.Count - 1)[^1]["file"]}");
        }
        yield return ("imported with", $"{reader.Header.Version} ({reader.Header.Commit})");
        foreach (var row in ReportStage.MeasuredRows(name, folder)) yield return row;
    }

    private static IReadOnlyList<JsonObject> Sources(EnsembleReader reader, int segment)
    {
        var sections = reader.ReadState(segment).Sections;
        try
        {
            return sections.Has(EnsembleImport.Sources) && JsonNode.Parse(sections.GetText(EnsembleImport.Sources)) is JsonArray sources ? [.. sources.OfType<JsonObject>()] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
