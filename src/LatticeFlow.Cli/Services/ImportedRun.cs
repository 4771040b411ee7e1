using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
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

    /// <summary>Analyses every stored observable that is one number a configuration, prints the table and writes <c>analysis.json</c>.</summary>
    public static int Analyze(string directory, IReadOnlyList<Override> overrides, CommandContext context)
    {
        var document = Document(directory, ErrorSection.Read([.. overrides.Where(item => item.Path != "run.device")]));
        AtomicFile.WriteText(Path.Join(directory, "analysis.json"), document.ToJson());
        ConsoleTable.Write(document, context.Output, context.Json);
        var failures = Verdict.Failures(document, AnalyzeSettings.AllFailures);
        foreach (var failure in failures) context.Log.Error(failure);
        return failures.Count == 0 ? ExitCode.Done : ExitCode.DiagnosticsFailed;
    }

    /// <summary>The analysis of every stored observable that is one number a configuration; nothing is written.</summary>
    public static AnalysisDocument Document(string directory, ErrorSection? errors = null)
    {
        errors ??= new();
        var ensembles = new Dictionary<string, EnsembleDocument>();
        TheoryDocument? theory = null;
        foreach (var name in Samples(directory))
        {
            var folder = ExistingRun.Ensemble(directory, name);
            var reader = EnsembleReader.Open(folder);
            theory = new(reader.Header.Field, reader.Header.Action, reader.Header.ActionParameters.GetValueOrDefault("beta", double.NaN), reader.Header.Extents);
            ensembles[name] = Ensemble(folder, name, reader, new ExactResults(theory), errors);
        }
        var settings = TomlBuilder.Table();
        errors.WriteTo(settings);
        var document = new AnalysisDocument { Theory = theory, Settings = TomlText.Json(settings) as JsonObject, Ensembles = ensembles };
        AnalysisStage.RequireKnown(errors, document, directory);
        return document;
    }

    private static EnsembleDocument Ensemble(string folder, string name, EnsembleReader reader, ExactResults exact, ErrorSection errors)
    {
        var scalars = reader.ReadSegment(0, withField: false).Observables.Where(column => column.Value.Components == 1).Select(column => column.Key);
        var series = new EnsembleSeries { Sampler = name, Observables = scalars.ToDictionary(scalar => scalar, scalar => (IReadOnlyList<double[]>)reader.ReadColumn(scalar)) };
        try
        {
            return EnsembleAnalysis.Analyze(series, exact, settings: errors.Settings);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), ExitCode.DiagnosticsFailed, exception) { File = folder, Remedy = "import more configurations" };
        }
    }
}
