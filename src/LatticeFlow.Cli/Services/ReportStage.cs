using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Writes <c>report.html</c>.</summary>
public static class ReportStage
{
    /// <summary>The page of a run, into a directory.</summary>
    public static void Write(string output, RunDirectory directory, RunConfiguration configuration, AnalysisDocument document, IReadOnlyList<EnsembleSeries> series, double[]? logWeights)
        => Write(output, new ReportData
        {
            Name = configuration.Run.Name,
            Analysis = document,
            Failures = Verdict.Findings(document, configuration.Analyze.FailOn),
            Tolerated = Verdict.Findings(document, [.. AnalyzeSettings.AllFailures.Except(configuration.Analyze.FailOn)]),
            Provenance = [.. ExistingRun.Provenance(directory), .. configuration.Samples.SelectMany(sample => MeasuredRows(sample.Name, ExistingRun.Ensemble(directory.Path, sample.Name)))],
            ConfigurationText = directory.ResolvedText(),
            Ensembles = series,
            Training = ExistingRun.Training(directory),
            LogWeights = logWeights,
        });

    public static void Write(string output, ReportData data) => AtomicFile.WriteText(AnalysisFiles.Report(output), ReportPage.Render(data));

    /// <summary>
    /// Writes the page again from <c>analysis.json</c> and the stored series, or elsewhere; there from the analysis of that place, else from that of the run, else from one that is made now.
    /// </summary>
    /// <returns>The path of the page.</returns>
    public static string Render(string runDirectory, string? output, CommandContext context)
    {
        if (ImportedRun.IsAt(runDirectory)) return ImportedRun.Render(runDirectory, output);
        if (output is not null)
        {
            var target = AnalysisFiles.Directory(output);
            if ((AnalysisFiles.Read(target) ?? AnalysisFiles.Read(runDirectory)) is { } document)
            {
                using var looked = RunDirectory.OpenToRead(runDirectory);
                Render(target, looked, document);
            }
            else
            {
                RunSession.Look(runDirectory, [], context, session =>
                {
                    var logWeights = !session.Configuration.HasDensity ? null : FlowEvaluationStage.FreshLogWeights(session);
                    var (made, series) = AnalysisStage.Document(session, logWeights);
                    AnalysisFiles.Write(target, made);
                    Write(target, session.Directory, session.Configuration, made, series, logWeights);
                    return true;
                });
            }
            return AnalysisFiles.Report(target);
        }
        // What is no run, or has a damaged configuration, says so before it is held.
        ExistingRun.Configuration(runDirectory, []);
        using var directory = ExistingRun.Store(runDirectory, () => Held(runDirectory));
        var shown = AnalysisFiles.Read(runDirectory) ?? throw NoAnalysis(runDirectory);
        ExistingRun.Store(runDirectory, () =>
        {
            Render(runDirectory, directory, shown);
            return true;
        });
        return AnalysisFiles.Report(runDirectory);
    }

    internal static UserErrorException NoAnalysis(string directory) => new("does not exist yet") { File = AnalysisFiles.Analysis(directory), Remedy = "run latticeflow analyze first" };

    /// <summary>What was measured on an ensemble after it was drawn, for the provenance.</summary>
    internal static IEnumerable<(string Name, string Value)> MeasuredRows(string sample, string folder)
        => MeasurementSet.All(folder).Select(set => ($"measured on {sample}", $"{string.Join(", ", set.Observables)} ({set.Name})"));

    private static void Render(string output, RunDirectory directory, AnalysisDocument document)
    {
        var configuration = ExistingRun.Configuration(directory.Path, []);
        Write(output, directory, configuration, document, AnalysisStage.Series(directory, configuration, AnalysedNames.In(document)), FlowEvaluationStage.StoredLogWeights(directory));
    }

    private static RunDirectory Held(string runDirectory)
    {
        try
        {
            return RunDirectory.OpenExisting(runDirectory);
        }
        catch (StorageException exception) when (exception.ExitCode == StorageException.Unusable && !exception.IsDiskFull)
        {
            throw new StorageException(runDirectory, exception.What, $"{exception.Remedy}; or write the page elsewhere: --output DIR", StorageException.Unusable, exception);
        }
    }
}
