using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Writes <c>report.html</c>.</summary>
public static class ReportStage
{
    public static void Write(
        RunDirectory directory, RunConfiguration configuration, AnalysisDocument document, IReadOnlyList<EnsembleSeries> series, double[]? logWeights)
        => AtomicFile.WriteText(directory.ReportPath, ReportPage.Render(new ReportData
        {
            Name = configuration.Run.Name,
            Analysis = document,
            Failures = Verdict.Findings(document, configuration.Analyze.FailOn),
            Tolerated = Verdict.Findings(document, [.. AnalyzeSettings.AllFailures.Except(configuration.Analyze.FailOn)]),
            Provenance = ExistingRun.Provenance(directory),
            ConfigurationText = directory.ResolvedText(),
            Ensembles = series,
            Training = ExistingRun.Training(directory),
            LogWeights = logWeights,
        }));

    /// <summary>Writes the page again from <c>analysis.json</c> and the stored series.</summary>
    public static void Render(string runDirectory)
    {
        if (ImportedRun.IsAt(runDirectory)) throw new UserErrorException("is an imported ensemble: it has a table and analysis.json, but no report") { File = runDirectory, Remedy = "use latticeflow analyze" };
        var configuration = ExistingRun.Configuration(runDirectory, []);
        using var directory = ExistingRun.Store(runDirectory, () => RunDirectory.OpenExisting(runDirectory));
        AnalysisDocument document;
        try
        {
            document = AnalysisDocument.FromJson(File.ReadAllText(directory.AnalysisPath), directory.AnalysisPath);
        }
        catch (Exception exception) when (exception is FileNotFoundException)
        {
            throw new UserErrorException("does not exist yet", inner: exception) { File = directory.AnalysisPath, Remedy = "run latticeflow analyze first" };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(directory.AnalysisPath, exception);
        }
        var measured = document.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Keys).ToHashSet();
        var analysed = configuration with { Analyze = configuration.Analyze with { Observables = [.. configuration.Analyze.Observables.Where(measured.Contains)] } };
        ExistingRun.Store(runDirectory, () =>
        {
            Write(directory, configuration, document, AnalysisStage.Series(directory, analysed), FlowEvaluationStage.StoredLogWeights(directory));
            return true;
        });
    }
}
