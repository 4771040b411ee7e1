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
    /// <summary>Configurations of a chain of which the density of the flow is computed.</summary>
    private const long MostDensities = 65_536;

    private const int DensitiesAtOnce = 256;
    private const string Evaluation = "evaluation.h5";
    private const string EvaluationKind = "evaluation";

    /// <summary>Everything is written and printed, and then judged: see <see cref="Verdict"/>.</summary>
    /// <returns><see cref="ExitCode.Done"/> or <see cref="ExitCode.DiagnosticsFailed"/>.</returns>
    public static int Run(RunSession session)
    {
        var exact = new ExactResults(Theory(session.Configuration));
        double[]? logWeights = session.Configuration.Flow is null ? null : LogWeights(session);
        IReadOnlyList<EnsembleSeries> series = [.. Series(session.Directory, session.Configuration).Select(ensemble => logWeights is null ? ensemble : ensemble with { LogWeights = ChainLogWeights(session, ensemble.Sampler) })];
        if (logWeights is null && series.Count == 0)
            throw new UserErrorException("there is nothing to analyse: no flow and no stored configuration") { File = session.Directory.Path, Remedy = "run latticeflow sample first" };
        var document = new AnalysisDocument
        {
            Theory = Theory(session.Configuration),
            Flow = logWeights is null ? null : Flow(session, logWeights, exact),
            Ensembles = series.ToDictionary(ensemble => ensemble.Sampler, ensemble => Ensemble(session, ensemble, exact)),
        };
        AtomicFile.WriteText(session.Directory.AnalysisPath, document.ToJson());
        ReportStage.Write(session.Directory, session.Configuration, document, series, logWeights);
        ConsoleTable.Write(document, session.Context.Output, session.Context.Json);
        return Judge(document, session.Context.Log);
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

    /// <summary>The log-weights of the last evaluation of the flow, or null.</summary>
    public static double[]? StoredLogWeights(RunDirectory directory)
    {
        var path = Path.Join(directory.Path, "flow", Evaluation);
        return File.Exists(path) ? CheckpointReader.Read(path, EvaluationKind).GetDoubles("log_weights") : null;
    }

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
    private static int Reported(string name, int components) => name.StartsWith("flow_energy_", StringComparison.Ordinal) ? components - 1 : 0;

    private static double[] LogWeights(RunSession session)
    {
        var model = session.Configuration.NewFlow();
        var saved = FlowCheckpoint.Read(FlowStage.Newest(session.Directory.Path), model);
        if (session.Configuration.Train is { } train && saved.GetLong(FlowStage.TrainingStep) < train.Steps)
            session.Context.Log.Warning($"flow: trained for {saved.GetLong(FlowStage.TrainingStep)} of {train.Steps} steps");
        var samples = session.Configuration.Analyze.FlowSamples;
        var weights = session.Context.Progress.Run("flow evaluation", samples, progress => FlowEvaluation.LogWeights(
            session.Device, session.Precision, model, session.Action, session.Seed("analysis"), samples, progress, session.Context.Stop.Token), linesEvery: samples);
        CheckpointWriter.Write(Path.Join(session.Directory.FlowDirectory, Evaluation), EvaluationKind, new StateSections().Set("log_weights", weights));
        return weights;
    }

    /// <summary>−S − log q of the first configurations of every replica of a chain, by the inverse of the flow where the chain has not stored it.</summary>
    private static IReadOnlyList<double[]> ChainLogWeights(RunSession session, string sampler)
    {
        var sample = session.Configuration.Samples.Single(sample => sample.Name == sampler);
        var reader = EnsembleReader.Open(ExistingRun.Ensemble(session.Directory.Path, sampler));
        if (TransitionFactory.KnowsDensity(sample.Transition)) return reader.ReadColumn("log_weight");
        var model = FlowStage.Open(session).Model;
        var space = new FieldSpace(session.Action.Field, session.Action.Lattice);
        using var proposals = new FlowProposals(session.Device, session.Precision, model, space, 1, DensitiesAtOnce);
        var numbers = space.StoredNumbers;
        List<double>[] weights = [.. Enumerable.Range(0, sample.Replicas).Select(_ => new List<double>())];
        session.Context.Progress.Run($"{sampler}: densities of the flow", Math.Min(reader.Count, MostDensities), progress =>
        {
            for (var segment = 0; segment < reader.Segments.Count && weights.Sum(replica => (long)replica.Count) < MostDensities; segment++)
            {
                session.Context.Stop.Token.ThrowIfCancellationRequested();
                var block = reader.ReadSegment(segment);
                var logDensity = new double[block.Count];
                proposals.LogDensity(session.Action.Field.FromStored(block.Field.AsSpan(0, block.Count * numbers)), logDensity);
                for (var row = 0; row < block.Count; row++) weights[block.Replica[row]].Add(-block.Action[row] - logDensity[row]);
                progress.Report(Math.Min(MostDensities, weights.Sum(replica => (long)replica.Count)));
            }
            return true;
        });
        return [.. weights.Select(replica => replica.ToArray())];
    }

    private static FlowDocument Flow(RunSession session, double[] logWeights, ExactResults exact)
    {
        var model = session.Configuration.NewFlow();
        var saved = FlowCheckpoint.Read(FlowStage.Newest(session.Directory.Path), model);
        var random = new HostRandom(session.Seed("analysis"), Purpose.Accept);
        double? seconds = saved.Has(FlowStage.TrainingSeconds) ? saved.GetDouble(FlowStage.TrainingSeconds) : null;
        try
        {
            return FlowAnalysis.Analyze(logWeights, random.NextUniform, exact, session.Lattice.Volume, model.Parameters.Length, FlowFloor.OfConfiguration(model, new FieldSpace(session.Action.Field, session.Lattice)), seconds);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"the flow gives densities that are no numbers ({exception.Message})", ExitCode.DiagnosticsFailed, exception) { File = session.Directory.Path };
        }
    }

    private static EnsembleDocument Ensemble(RunSession session, EnsembleSeries series, ExactResults exact)
    {
        try
        {
            return EnsembleAnalysis.Analyze(series, exact, session.Configuration.Analyze.Theta);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), ExitCode.DiagnosticsFailed, exception)
            {
                File = ExistingRun.Ensemble(session.Directory.Path, series.Sampler),
                Remedy = "draw more configurations a replica",
            };
        }
    }

    private static int Judge(AnalysisDocument document, Log log)
    {
        var failures = Verdict.Failures(document);
        foreach (var failure in failures) log.Error(failure);
        return failures.Count == 0 ? ExitCode.Done : ExitCode.DiagnosticsFailed;
    }
}
