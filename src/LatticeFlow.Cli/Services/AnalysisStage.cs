using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Expressions;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Evaluates the flow on fresh samples, analyses all ensembles of a run, and writes <c>analysis.json</c> and <c>report.html</c>.</summary>
public static class AnalysisStage
{
    /// <summary>Everything is written and printed, and then judged: see <see cref="Verdict"/>.</summary>
    /// <returns><see cref="ExitCode.Done"/> or <see cref="ExitCode.DiagnosticsFailed"/>.</returns>
    public static int Run(RunSession session) => Run(session, session.Writes ? session.Directory.Path : null);

    /// <summary>As above; written into the directory <paramref name="output"/>, or nowhere where that is null.</summary>
    public static int Run(RunSession session, string? output)
    {
        foreach (var lack in EnsembleProgress.Lacks(session.Directory.Path, session.Configuration)) session.Context.Log.Warning(lack);
        double[]? logWeights = !session.Configuration.HasDensity ? null : FlowEvaluationStage.FreshLogWeights(session);
        var (document, series) = Document(session, logWeights);
        if (output is not null)
        {
            AnalysisFiles.Write(output, document);
            ReportStage.Write(output, session.Directory, session.Configuration, document, series, logWeights);
        }
        ConsoleTable.Write(document, session.Context.Output, session.Context.Json);
        return Judge(document, session.Configuration.Analyze, session.Context.Log);
    }

    /// <summary>The analysis of what is stored, and of fresh log-weights of the flow; nothing is written.</summary>
    /// <param name="session">The run.</param>
    /// <param name="logWeights">Of its flow.</param>
    /// <param name="given">How it is analysed; null: as the session's configuration says.</param>
    /// <param name="measuredIn">An analysis that was made before: of what was measured afterwards only what it has; null: all.</param>
    public static (AnalysisDocument Document, IReadOnlyList<EnsembleSeries> Series) Document(RunSession session, double[]? logWeights, AnalyzeSettings? given = null, AnalysisDocument? measuredIn = null)
    {
        var settings = given ?? session.Configuration.Analyze;
        var exact = new ExactResults(Theory(session.Configuration));
        IReadOnlyList<EnsembleSeries> series = [.. Series(session.Directory, session.Configuration, new(settings.Observables, session.NamesObservables) { MeasuredIn = measuredIn }, session.Context.Log).Select(ensemble => logWeights is null || ensemble.Weights is not null || !session.Configuration.Samples.Any(sample => sample.Name == ensemble.Sampler) ? ensemble : ensemble with { LogWeights = FlowEvaluationStage.ChainLogWeights(session, ensemble.Sampler) })];
        if (logWeights is null && series.Count == 0)
            throw new UserErrorException("there is nothing to analyse: no flow and no stored configuration") { File = session.Directory.Path, Remedy = "run latticeflow sample first" };
        var flow = logWeights is null ? null : FlowEvaluationStage.Analyze(session, logWeights, Targets(session, series), exact);
        var document = new AnalysisDocument
        {
            Theory = Theory(session.Configuration),
            Settings = TomlText.Json(settings.Write()) as JsonObject,
            Flow = flow,
            Ensembles = series.ToDictionary(ensemble => ensemble.Sampler, ensemble => Ensemble(session, WithTraining(session, ensemble), exact, settings)),
        };
        RequireKnown(settings.Errors, document, session.Directory.Path);
        return (document, series);
    }

    // What its flow was trained for belongs to the cost of a sampler.
    private static EnsembleSeries WithTraining(RunSession session, EnsembleSeries series) =>
        series.Cost is { } cost && session.Configuration.Samples.Any(sample => sample.Name == series.Sampler && sample.Transition.UsesFlow) && FlowEvaluationStage.TrainingSeconds(session) is { } seconds
            ? series with { Cost = cost with { TrainingSeconds = seconds } }
            : series;

    public static TheoryDocument Theory(RunConfiguration configuration) => configuration.Theory.Document;

    /// <summary>The series of every ensemble that has a segment, in the order of the configuration.</summary>
    public static IReadOnlyList<EnsembleSeries> Series(RunDirectory directory, RunConfiguration configuration, AnalysedNames names, Log? log = null)
        => [.. configuration.Samples.Where(sample => ExistingRun.HasEnsemble(directory.Path, sample.Name)).SelectMany(sample => SeriesOf(directory, sample, configuration.Theory.Document, names, log))];

    private static IEnumerable<EnsembleSeries> SeriesOf(RunDirectory directory, SampleSettings sample, TheoryDocument theory, AnalysedNames names, Log? log)
    {
        var columns = EnsembleColumns.Open(ExistingRun.Ensemble(directory.Path, sample.Name));
        var facts = new EnsembleSeries
        {
            Sampler = sample.Name,
            Requested = sample.Configurations,
            OfFlowAlone = sample.Transition is FlowTransitionSettings { Defensive: null },
            Stride = sample.Stride,
            Observables = new Dictionary<string, IReadOnlyList<double[]>>(),
            Accepted = TransitionFactory.CanReject(sample.Transition) ? columns.Read("accepted") : null,
            DeltaH = TransitionFactory.HasTrajectories(sample.Transition) ? columns.Read("delta_h") : null,
            Weights = sample.Transition.IsWeighted ? new(columns.Read("log_weight")) : null,
            ReverseWork = sample.Transition.RunsBackward ? columns.Read("reverse_work") : null,
            StartLogPartitionFunction = sample.Transition.IsWeighted ? sample.Transition.StartLogPartitionFunction(theory) : null,
            Seconds = ExistingRun.SamplingSeconds(directory, sample.Name, columns.Count),
            Cost = CostRecord.Read(directory, sample.Name, columns.Count),
            Ladder = LadderRecord.Read(directory.Path, sample.Name),
        };
        return StoredSeries.All(columns, names, facts, log);
    }

    internal static int Reported(string name, int components) => StoredSeries.Reported(name, components);

    /// <summary>Configurations of the target that do not come from the flow alone: what it never proposes is in no chain of its proposals.</summary>
    private static IReadOnlyList<TargetSample> Targets(RunSession session, IReadOnlyList<EnsembleSeries> series)
    {
        IEnumerable<TargetSample?> chains = series.Where(ensemble => !ensemble.OfFlowAlone).Select(TargetSample.Of);
        return [.. chains.Append(FlowEvaluationStage.ExactTarget(session)).OfType<TargetSample>()];
    }

    /// <summary>Settings for an observable that nothing has would be lost in silence.</summary>
    /// <exception cref="UserErrorException">There is one.</exception>
    internal static void RequireKnown(ErrorSection errors, AnalysisDocument document, string path)
    {
        string[] known = [.. document.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Keys).Distinct()];
        if (errors.Of.FirstOrDefault(entry => !known.Contains(entry.Observable)) is not { } unknown) return;
        throw new UserErrorException($"there is no observable \"{unknown.Observable}\" in the analysis{(Suggestion.Nearest(unknown.Observable, known) is { } nearest ? $"; did you mean {nearest}?" : "")}")
        {
            File = path,
            Key = $"analyze.of.{unknown.Observable}",
            Remedy = $"there are {string.Join(", ", known)}",
        };
    }

    private static EnsembleDocument Ensemble(RunSession session, EnsembleSeries series, ExactResults exact, AnalyzeSettings settings)
        => Ensemble(ExistingRun.Ensemble(session.Directory.Path, series.Sampler), series, exact, settings, "draw more configurations a replica");

    /// <summary>The analysis of one ensemble.</summary>
    /// <exception cref="UserErrorException">It has too few configurations, or values that are no numbers (exit code 3).</exception>
    internal static EnsembleDocument Ensemble(string folder, EnsembleSeries series, ExactResults exact, AnalyzeSettings settings, string remedy)
    {
        try
        {
            var document = EnsembleAnalysis.Analyze(series, exact, settings.Theta, settings.Errors.Settings, settings.Quantities()) with { Requested = series.Requested };
            var stored = series.Observables.First().Value.Sum(replica => (long)replica.Length);
            return document.Unfinished ? document with { Warnings = [$"unfinished: {stored} of {document.Requested} configurations are stored", .. document.Warnings] } : document;
        }
        catch (ExpressionException exception)
        {
            throw new UserErrorException(exception.Message, inner: exception) { File = folder, Key = "analyze.derive and fit" };
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), ExitCode.DiagnosticsFailed, exception) { File = folder, Remedy = settings.Errors.Discard > 0 ? $"leave out fewer (analyze.discard), or {remedy}" : remedy };
        }
    }

    internal static int Judge(AnalysisDocument document, AnalyzeSettings settings, Log log)
    {
        var failures = Verdict.Failures(document, settings.FailOn);
        foreach (var failure in failures) log.Error(failure);
        return failures.Count == 0 ? ExitCode.Done : ExitCode.DiagnosticsFailed;
    }
}
