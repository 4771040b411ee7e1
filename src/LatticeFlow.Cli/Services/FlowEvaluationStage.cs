using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Evaluates the flow of a run: log-weights of fresh samples, of exact draws of the target where there are such, and of the configurations of its chains. What was evaluated is kept beside the flow, and used
/// again as long as the flow, the theory and the settings are the same.
/// </summary>
public static class FlowEvaluationStage
{
    /// <summary>Configurations of a chain of which the density of the flow is computed.</summary>
    private const long MostDensities = 65_536;

    private const int DensitiesAtOnce = 256;

    /// <summary>Samples that are integrated in half the step, too: their standard deviation is known to 3 %.</summary>
    private const int IntegrationSamples = 512;

    private const string Evaluation = "evaluation.h5";
    private const string Kind = "evaluation";
    private const string Key = "of";
    private const string Weights = "log_weights";
    private const string Lengths = "lengths";

    /// <summary>The log-weights of the last evaluation of the flow, or null.</summary>
    public static double[]? StoredLogWeights(RunDirectory directory)
    {
        var path = Path.Join(directory.Path, "flow", Evaluation);
        return File.Exists(path) ? CheckpointReader.Read(path, Kind).GetDoubles(Weights) : null;
    }

    /// <summary>−S − log q of fresh samples of the flow.</summary>
    public static double[] FreshLogWeights(RunSession session)
    {
        var model = session.Configuration.NewFlow();
        var saved = FlowCheckpoint.Read(FlowStage.Newest(session.Directory.Path), model);
        if (session.Configuration.Train is { } train && saved.GetLong(FlowStage.TrainingStep) < train.Steps)
            session.Context.Log.Warning($"flow: trained for {saved.GetLong(FlowStage.TrainingStep)} of {train.Steps} steps");
        var samples = session.Configuration.Analyze.FlowSamples;
        var sections = Kept(session, Evaluation, $"{samples} samples, seed {session.Seed("analysis")}", () => new StateSections().Set(Weights, session.Context.Progress.Run(
            "flow evaluation", samples, progress => FlowEvaluation.LogWeights(
                session.Device, session.Precision, model, session.Action, session.Seed("analysis"), samples, progress, session.Context.Stop.Token), linesEvery: samples)));
        return sections.GetDoubles(Weights);
    }

    /// <summary>Configurations of the target that are drawn exactly, with the weights of the flow and the observables of the run; null where nothing draws them, or none were asked for.</summary>
    public static TargetSample? ExactTarget(RunSession session)
    {
        var count = session.Configuration.Analyze.TargetSamples;
        if (count == 0 || !ExactDraws.Exist(session.Action)) return null;
        string[] names = [.. session.Configuration.Analyze.Observables];
        var sections = Kept(session, "target.h5", $"{count} draws, seed {session.Seed("target")}, {string.Join(", ", names)}",
            () => session.Context.Progress.Run("exact draws of the target", count, progress => DrawTarget(session, count, names, progress), linesEvery: count));
        return new(TargetSample.Exact, [sections.GetDoubles(Weights)], names.ToDictionary(name => name, name => (IReadOnlyList<double[]>)[sections.GetDoubles(name)]));
    }

    /// <summary>
    /// −S − log q of the first configurations of every replica of a chain, by the inverse of the flow where the chain has not stored it; null where it has not stored every configuration to the bit either.
    /// </summary>
    public static IReadOnlyList<double[]>? ChainLogWeights(RunSession session, string sampler)
    {
        var sample = session.Configuration.Samples.Single(sample => sample.Name == sampler);
        var reader = EnsembleReader.Open(ExistingRun.Ensemble(session.Directory.Path, sampler));
        if (TransitionFactory.KnowsDensity(sample.Transition) && !TransitionFactory.IsDefensive(sample.Transition)) return reader.ReadColumn("log_weight");
        if (!sample.Store.IsWhole || sample.Store.Encoding.IsSingle)
        {
            session.Context.Log.Information($"{sampler}: the density of the flow is not computed on its configurations, which are not all stored in double precision");
            return null;
        }
        var sections = Kept(session, $"densities-{sampler}.h5", string.Join(' ', reader.Segments.Select(segment => segment.Sha256)), () =>
        {
            var weights = Densities(session, sample, reader);
            return new StateSections().Set(Weights, [.. weights.SelectMany(replica => replica)]).Set(Lengths, [.. weights.Select(replica => (long)replica.Count)]);
        });
        var all = sections.GetDoubles(Weights);
        List<double[]> replicas = [];
        var first = 0;
        foreach (var length in sections.GetLongs(Lengths))
        {
            replicas.Add(all[first..(first + (int)length)]);
            first += (int)length;
        }
        return replicas;
    }

    private static StateSections DrawTarget(RunSession session, int count, IReadOnlyList<string> names, ITaskProgress report)
    {
        var model = FlowStage.Open(session).Model;
        var space = new FieldSpace(session.Action.Field, session.Action.Lattice);
        IFieldObservable[] observables = [.. names.Select(name => ObservableRegistry.Create(name, session.Lattice, session.Action.Field))];
        using var draws = ExactDraws.Of(session.Device, session.Action)!;
        using var densities = new FlowProposals(session.Device, session.Precision, model, space, 1, DensitiesAtOnce);
        using var meter = ConfigurationMeter.Create(session.Device, space, observables, DensitiesAtOnce);
        var weights = new double[count];
        var columns = observables.Select(_ => new double[count]).ToArray();
        double[] configurations = new double[(long)DensitiesAtOnce * space.Numbers], action = new double[DensitiesAtOnce], logDensity = new double[DensitiesAtOnce];
        for (var first = 0; first < count; first += DensitiesAtOnce)
        {
            session.Context.Stop.Token.ThrowIfCancellationRequested();
            var part = Math.Min(DensitiesAtOnce, count - first);
            draws.Draw(session.Seed("target", first.ToString(CultureInfo.InvariantCulture)), configurations, action.AsSpan(0, part));
            var drawn = configurations.AsSpan(0, part * space.Numbers);
            densities.LogDensity(drawn, logDensity.AsSpan(0, part));
            meter.Measure(drawn);
            for (var i = 0; i < part; i++) weights[first + i] = -action[i] - logDensity[i];
            for (var column = 0; column < columns.Length; column++)
            {
                var components = observables[column].Components();
                var values = new double[part * components];
                meter.Read(observables[column], values);
                var reported = AnalysisStage.Reported(names[column], components);
                for (var i = 0; i < part; i++) columns[column][first + i] = values[(i * components) + reported];
            }
            report.Report(first + part);
        }
        var sections = new StateSections().Set(Weights, weights);
        for (var column = 0; column < columns.Length; column++) sections.Set(names[column], columns[column]);
        return sections;
    }

    private static IReadOnlyList<List<double>> Densities(RunSession session, SampleSettings sample, EnsembleReader reader)
    {
        var model = FlowStage.Open(session).Model;
        var space = new FieldSpace(session.Action.Field, session.Action.Lattice);
        using var proposals = new FlowProposals(session.Device, session.Precision, model, space, 1, DensitiesAtOnce);
        var numbers = space.StoredNumbers;
        List<double>[] weights = [.. Enumerable.Range(0, sample.Replicas).Select(_ => new List<double>())];
        session.Context.Progress.Run($"{sample.Name}: densities of the flow", Math.Min(reader.Count, MostDensities), progress =>
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
        return weights;
    }

    /// <summary>What <paramref name="file"/> holds if it was made of the same flow and the same <paramref name="settings"/>, else what <paramref name="evaluate"/> gives, which is kept there.</summary>
    private static StateSections Kept(RunSession session, string file, string settings, Func<StateSections> evaluate)
    {
        // Who only looks takes nothing on trust, and keeps nothing.
        if (!session.Writes) return evaluate();
        var path = Path.Join(session.Directory.FlowDirectory, file);
        var of = Fingerprint(session, settings);
        if (File.Exists(path))
        {
            try
            {
                var kept = CheckpointReader.Read(path, Kind);
                if (kept.Has(Key) && kept.GetText(Key) == of) return kept;
            }
            catch (StorageException exception)
            {
                session.Context.Log.Warning($"{exception.Message}; it is made again");
            }
        }
        var sections = evaluate().Set(Key, of);
        CheckpointWriter.Write(path, Kind, sections);
        return sections;
    }

    // The parameters and not their file: a training that is saved again without a step has the same flow.
    private static string Fingerprint(RunSession session, string settings)
    {
        var model = FlowStage.Open(session).Model;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in model.Parameters) hash.AppendData(BitConverter.GetBytes(parameter));
        var theory = AnalysisStage.Theory(session.Configuration);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{FlowDescription.Of(model)} {session.Action.Name} {string.Join(' ', session.Action.Parameters.Select(pair => $"{pair.Key}={pair.Value:R}"))} {theory.Group} {string.Join('x', theory.Extents)} {session.Precision} {settings}")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IntegrationError? Integration(RunSession session, FlowModel model)
    {
        if (model.Refined() is null) return null;
        var sections = Kept(session, "integration.h5", $"{IntegrationSamples} samples, seed {session.Seed("integration")}", () =>
        {
            var error = FlowEvaluation.Integration(session.Device, model, session.Action, session.Seed("integration"), IntegrationSamples, session.Context.Stop.Token)!;
            return new StateSections().Set(Weights, [error.Mean, error.Deviation]);
        });
        var kept = sections.GetDoubles(Weights);
        return new(kept[0], kept[1]);
    }

    /// <summary>What all trainings of the flow of a run took that are on record; null where there is no flow, or none is.</summary>
    public static double? TrainingSeconds(RunSession session)
    {
        if (session.Configuration.Flow is null || !File.Exists(FlowStage.Newest(session.Directory.Path))) return null;
        return TrainingSeconds(FlowCheckpoint.Read(FlowStage.Newest(session.Directory.Path), session.Configuration.NewFlow()));
    }

    private static double? TrainingSeconds(StateSections saved) => saved.Has(FlowStage.TrainingSeconds) ? saved.GetDouble(FlowStage.TrainingSeconds) : null;

    /// <summary>The block <c>flow</c> of the analysis.</summary>
    public static FlowDocument Analyze(RunSession session, double[] logWeights, IReadOnlyList<TargetSample> targets, ExactResults exact)
    {
        var model = session.Configuration.NewFlow();
        var saved = FlowCheckpoint.Read(FlowStage.Newest(session.Directory.Path), model);
        var random = new HostRandom(session.Seed("analysis"), Purpose.Accept);
        var facts = new FlowFacts(session.Lattice.Volume, model.Parameters.Length, FlowFloor.OfConfiguration(model, new FieldSpace(session.Action.Field, session.Lattice)), TrainingSeconds(saved), Integration(session, model));
        try
        {
            return FlowAnalysis.Analyze(logWeights, random.NextUniform, exact, facts, targets);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"the flow gives densities that are no numbers ({exception.Message})", ExitCode.DiagnosticsFailed, exception) { File = session.Directory.Path };
        }
    }
}
