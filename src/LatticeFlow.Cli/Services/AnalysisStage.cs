using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
using LatticeFlow.Compute.RandomNumbers;
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
    public static int Run(RunSession session)
    {
        foreach (var lack in EnsembleProgress.Lacks(session.Directory.Path, session.Configuration)) session.Context.Log.Warning(lack);
        double[]? logWeights = session.Configuration.Flow is null ? null : FlowEvaluationStage.FreshLogWeights(session);
        var (document, series) = Document(session, logWeights);
        AtomicFile.WriteText(session.Directory.AnalysisPath, document.ToJson());
        ReportStage.Write(session.Directory, session.Configuration, document, series, logWeights);
        ConsoleTable.Write(document, session.Context.Output, session.Context.Json);
        return Judge(document, session.Configuration.Analyze, session.Context.Log);
    }

    /// <summary>The analysis of what is stored, and of fresh log-weights of the flow; nothing is written.</summary>
    /// <param name="session">The run.</param>
    /// <param name="logWeights">Of its flow.</param>
    /// <param name="given">How it is analysed; null: as the session's configuration says.</param>
    public static (AnalysisDocument Document, IReadOnlyList<EnsembleSeries> Series) Document(RunSession session, double[]? logWeights, AnalyzeSettings? given = null)
    {
        var settings = given ?? session.Configuration.Analyze;
        var configuration = session.Configuration with { Analyze = settings };
        var exact = new ExactResults(Theory(session.Configuration));
        IReadOnlyList<EnsembleSeries> series = [.. Series(session.Directory, configuration).Select(ensemble => logWeights is null ? ensemble : ensemble with { LogWeights = FlowEvaluationStage.ChainLogWeights(session, ensemble.Sampler) })];
        if (logWeights is null && series.Count == 0)
            throw new UserErrorException("there is nothing to analyse: no flow and no stored configuration") { File = session.Directory.Path, Remedy = "run latticeflow sample first" };
        var document = new AnalysisDocument
        {
            Theory = Theory(session.Configuration),
            Settings = TomlText.Json(settings.Write()) as JsonObject,
            Flow = logWeights is null ? null : FlowEvaluationStage.Analyze(session, logWeights, Targets(session, series), exact),
            Ensembles = series.ToDictionary(ensemble => ensemble.Sampler, ensemble => Ensemble(session, ensemble, exact, settings)),
        };
        RequireKnown(settings.Errors, document, session.Directory.Path);
        return (document, series);
    }

    public static TheoryDocument Theory(RunConfiguration configuration)
    {
        var action = configuration.Theory.Action;
        var beta = action.Kind is ActionKind.Sum or ActionKind.Phi4 ? double.NaN : action.Beta;
        return new(configuration.Theory.Field.Name, action.Name, beta, configuration.Theory.Extents)
        {
            C1 = action.Kind == ActionKind.Rectangle ? action.C1 : null,
            Anisotropy = action.Anisotropy,
            MassSquared = action.Kind == ActionKind.Phi4 ? action.MassSquared : null,
            Lambda = action.Kind == ActionKind.Phi4 ? action.Lambda : null,
        };
    }

    /// <summary>The series of every ensemble that has a segment, in the order of the configuration.</summary>
    public static IReadOnlyList<EnsembleSeries> Series(RunDirectory directory, RunConfiguration configuration)
        => [.. configuration.Samples.Where(sample => ExistingRun.HasEnsemble(directory.Path, sample.Name)).Select(sample => SeriesOf(directory, configuration, sample))];

    private static EnsembleSeries SeriesOf(RunDirectory directory, RunConfiguration configuration, SampleSettings sample)
    {
        var folder = ExistingRun.Ensemble(directory.Path, sample.Name);
        var reader = EnsembleReader.Open(folder);
        var stored = reader.ReadSegment(0, withField: false).Observables;
        foreach (var name in configuration.Analyze.Observables.Where(name => !stored.ContainsKey(name)))
        {
            throw new UserErrorException($"\"{name}\" was not measured while the ensemble was drawn; measured are {string.Join(", ", stored.Keys)}")
            {
                File = folder,
                Key = "analyze.observables",
                Remedy = "leave it out, or sample again with it",
            };
        }
        return new()
        {
            Sampler = sample.Name,
            OfFlowAlone = sample.Transition is FlowTransitionSettings { Defensive: null },
            Stride = sample.Stride,
            Observables = configuration.Analyze.Observables.ToDictionary(name => name, name => (IReadOnlyList<double[]>)reader.ReadColumn(name, Reported(name, stored[name].Components))),
            Vectors = configuration.Analyze.Observables.Where(name => stored[name].Components > 1).ToDictionary(
                name => name, name => (IReadOnlyList<IReadOnlyList<double[]>>)[.. Enumerable.Range(0, stored[name].Components).Select(component => reader.ReadColumn(name, component))]),
            Accepted = TransitionFactory.CanReject(sample.Transition) ? reader.ReadColumn("accepted") : null,
            DeltaH = TransitionFactory.HasTrajectories(sample.Transition) ? reader.ReadColumn("delta_h") : null,
            Seconds = ExistingRun.SamplingSeconds(directory, sample.Name, reader.Count),
        };
    }

    // Of flow energies up to T the one at T; of Polyakov loops in every direction those along direction 0, time.
    internal static int Reported(string name, int components) => name.StartsWith("flow_energy_", StringComparison.Ordinal) ? components - 1 : 0;

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
    {
        try
        {
            return EnsembleAnalysis.Analyze(series, exact, settings.Theta, settings.Errors.Settings);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), ExitCode.DiagnosticsFailed, exception)
            {
                File = ExistingRun.Ensemble(session.Directory.Path, series.Sampler),
                Remedy = settings.Errors.Discard > 0 ? "leave out fewer (analyze.discard), or draw more configurations a replica" : "draw more configurations a replica",
            };
        }
    }

    private static int Judge(AnalysisDocument document, AnalyzeSettings settings, Log log)
    {
        var failures = Verdict.Failures(document, settings.FailOn);
        foreach (var failure in failures) log.Error(failure);
        return failures.Count == 0 ? ExitCode.Done : ExitCode.DiagnosticsFailed;
    }
}
