using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
using LatticeFlow.Expressions;
using LatticeFlow.Reports;
using LatticeFlow.Series;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>analyze FILE…</c>: series of any program, without a theory.</summary>
public sealed class SeriesCommand : ICommandBody<SeriesRequest>
{
    public int Execute(SeriesRequest request, CommandContext context)
    {
        var settings = FreeAnalysis.Read([.. request.Overrides.Where(item => item.Path != "run.device")]);
        var name = Path.GetFileNameWithoutExtension(request.Files[0]);
        List<string> remarks = [];
        var series = SeriesEnsemble.Read(name.Length > 0 ? name : "series", request.Files, request.Choice, remarks);
        foreach (var remark in remarks) context.Log.Information(remark);
        context.Log.Information($"{series.Observables.Count} columns of {series.Observables.First().Value.Sum(replica => (long)replica.Length)} configurations in {series.Observables.First().Value.Count} chains");
        var document = new AnalysisDocument
        {
            Settings = TomlText.Json(settings.Write()) as JsonObject,
            Ensembles = new Dictionary<string, EnsembleDocument> { [series.Sampler] = Analyze(request.Files[0], series, settings) },
        };
        AnalysisStage.RequireKnown(settings.Errors, document, request.Files[0]);
        if (request.Output is { } output)
        {
            var directory = AnalysisFiles.Directory(output);
            AnalysisFiles.Write(directory, document);
            AtomicFile.WriteText(AnalysisFiles.Report(directory), ReportPage.Render(new ReportData
            {
                Name = series.Sampler,
                Analysis = document,
                Failures = Verdict.Findings(document, AnalyzeSettings.AllFailures),
                Provenance = [("files", string.Join(", ", request.Files))],
                Ensembles = [series.Without(settings.Errors.Discard)],
            }));
        }
        ConsoleTable.Write(document, context.Output, context.Json);
        var failures = Verdict.Failures(document, AnalyzeSettings.AllFailures);
        foreach (var failure in failures) context.Log.Error(failure);
        return failures.Count == 0 ? ExitCode.Done : ExitCode.DiagnosticsFailed;
    }

    private static EnsembleDocument Analyze(string file, EnsembleSeries series, FreeAnalysis settings)
    {
        try
        {
            return EnsembleAnalysis.Analyze(series, ExactResults.None, settings: settings.Errors.Settings, quantities: settings.Quantities());
        }
        catch (ExpressionException exception)
        {
            throw new UserErrorException(exception.Message, inner: exception) { File = file, Key = "--derive and --fit" };
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), ExitCode.DiagnosticsFailed, exception) { File = file, Remedy = "give longer series" };
        }
    }
}
