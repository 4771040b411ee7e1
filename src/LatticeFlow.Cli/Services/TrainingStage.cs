using System.Diagnostics;
using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;
using LatticeFlow.Training;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Trains the flow of a run, from wherever it is to the end or to a signal. A resumed training repeats the uninterrupted one bit for bit: the checkpoint
/// holds all that the next step depends on, and lines of <c>metrics.jsonl</c> after it are dropped and written again.
/// </summary>
public sealed class TrainingStage
{
    private const string BestSize = "best_ess";
    private const string EvaluationDue = "evaluation_due";
    private readonly RunSession _session;
    private readonly TrainSettings _settings;
    private readonly FlowModel _model;
    private readonly Trainer _trainer;
    private readonly double _secondsBefore;
    private readonly Stopwatch _watch = new();
    private readonly CheckpointClock _clock;
    private bool _evaluationDue;
    private double _best;

    private TrainingStage(RunSession session, TrainSettings settings, FlowModel model, StateSections saved, Trainer trainer)
    {
        (_session, _settings, _model, _trainer) = (session, settings, model, trainer);
        _secondsBefore = saved.Has(FlowStage.TrainingSeconds) ? saved.GetDouble(FlowStage.TrainingSeconds) : 0;
        _clock = new(session.CheckpointInterval, TimeProvider.System);
        _best = saved.Has(BestSize) ? saved.GetDouble(BestSize) : 0;
        _evaluationDue = IsEvaluationDue(saved);
        if (saved.Has("training_skips")) trainer.Restore(saved);
    }

    private static string Trained(RunSession session) => Path.Join(session.Directory.FlowDirectory, FlowCheckpoint.Trained);

    private string Newest => Path.Join(_session.Directory.FlowDirectory, FlowCheckpoint.Newest);

    /// <summary>True when the flow is trained (or needs no training), false when a signal stopped it after a checkpoint.</summary>
    public static bool Run(RunSession session)
    {
        if (session.Configuration.Flow is null) return true;
        using var work = session.Context.Stop.Checkpointed();
        var (model, saved) = FlowStage.Open(session);
        if (session.Configuration.Train is not { } settings) return true;
        if (saved.GetLong(FlowStage.TrainingStep) >= settings.Steps && !IsEvaluationDue(saved))
        {
            if (!File.Exists(Trained(session))) Publish(session, model, saved.GetLong(FlowStage.TrainingStep), saved.Has(FlowStage.TrainingSeconds) ? saved.GetDouble(FlowStage.TrainingSeconds) : 0);
            return true;
        }
        if (settings.Optimizer == OptimizerKind.GaussNewton && model.Parameters.Length > GaussNewton.MostParameters)
        {
            throw new UserErrorException($"\"gauss-newton\" takes up to {GaussNewton.MostParameters} parameters, and the flow has {model.Parameters.Length}: use \"adam\"")
            {
                File = session.Directory.ConfigPath,
                Key = "train.optimizer",
            };
        }
        using ITrainingEngine engine = session.Configuration.FlowProtocol is { } sample
            ? OfProtocol(session, sample, model, settings.Batch, session.Seed("training"))
            : FlowEngine.CreateTraining(session.Device, session.Precision, model, session.Action, settings.Batch, settings.Optimizer == OptimizerKind.GaussNewton ? GradientKind.Samples : GradientKind.Sum);
        using var target = Target(session, settings);
        return new TrainingStage(session, settings, model, saved, new Trainer(model, engine, Options(session, settings, target, engine))).Run();
    }

    /// <summary>The flow as the maps of the protocol of an ensemble, which trajectories of a batch follow as those of the ensemble do.</summary>
    private static IProtocolTrainingEngine OfProtocol(RunSession session, SampleSettings sample, FlowModel model, int batch, ulong seed)
    {
        try
        {
            var protocol = (Annealing)TransitionFactory.Create(
                sample.Transition, session.Action, _ => throw new NotSupportedException("its trajectories start from a flow"), () => model, sample.Thermalization);
            return StochasticFlowEngine.Create(session.Device, model, protocol, batch, seed, sample.Thermalization);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), inner: exception) { File = session.Directory.ConfigPath, Key = $"sample.{sample.Name}" };
        }
    }

    /// <summary>The trained flow alone, without the state of its training.</summary>
    private static void Publish(RunSession session, FlowModel model, long steps, double seconds) =>
        FlowCheckpoint.Write(Trained(session), model, new StateSections().Set(FlowStage.TrainingStep, steps).Set(FlowStage.TrainingSeconds, seconds));

    /// <summary>Where configurations of the target come from: exact draws, or a stored ensemble.</summary>
    private static ITargetSource? Target(RunSession session, TrainSettings settings)
    {
        if (settings.Objective == TrainingObjective.Reverse) return null;
        if (settings.Samples != TrainSettings.ExactSamples) return new EnsembleTargetSource(settings.Samples, session.Action, settings.Batch, session.Seed("training target"));
        return ExactDraws.Of(session.Device, session.Action) is { } draws
            ? new ExactTargetSource(draws, session.Seed("training target"))
            : throw new UserErrorException("\"exact\" draws are those of Wilson's action of U1, SU2 and SU3 in two dimensions, at couplings that are not too large")
            {
                File = session.Directory.ConfigPath,
                Key = "train.samples",
                Remedy = "give the folder of an ensemble of the theory, as runs/NAME/ensemble/heatbath",
            };
    }

    private static TrainingOptions Options(RunSession session, TrainSettings settings, ITargetSource? target, ITrainingEngine engine) => new()
    {
        Objective = settings.Objective,
        ForwardShare = settings.ForwardShare,
        Target = target,
        Seed = session.Seed("training"),
        LearningRate = new(
            settings.LearningRate,
            settings.Schedule.Kind switch { ScheduleKind.Cosine => LearningRateKind.Cosine, ScheduleKind.Step => LearningRateKind.Step, _ => LearningRateKind.Constant },
            settings.Steps, settings.Warmup, settings.Schedule.Final, Math.Max(1, settings.Schedule.Every), settings.Schedule.Factor),
        Estimator = settings.Estimator switch
        {
            Configuration.GradientEstimator.Plain => Flows.GradientEstimator.Plain,
            Configuration.GradientEstimator.Score => Flows.GradientEstimator.Score,
            _ => Flows.GradientEstimator.Path,
        },
        GradientClip = settings.GradientClip,
        StrengthStart = settings.StrengthStart,
        StrengthSteps = settings.StrengthSteps,
        Average = settings.Average,
        Optimizer = (parameters, replicas) => settings.Optimizer switch
        {
            OptimizerKind.GaussNewton when engine is IProtocolTrainingEngine protocol => new StepwiseGaussNewton(parameters, replicas, protocol.Steps, settings.Damping),
            OptimizerKind.GaussNewton => new GaussNewton(parameters, replicas, settings.Damping),
            OptimizerKind.EnergyConserving => new EnergyConservingDescent(parameters, settings.Energy.LogZ, settings.Energy.Extra, settings.Energy.BounceEvery, session.Seed("bounces")),
            _ => new Adam(parameters, settings.Adam.Beta1, settings.Adam.Beta2, settings.Adam.Epsilon),
        },
    };

    private bool Run()
    {
        _session.Metrics.RewindTo("train", "step", _trainer.Steps - 1);
        _watch.Start();
        return _session.Context.Progress.Run("train", _settings.Steps, progress =>
        {
            while (_trainer.Steps < _settings.Steps || _evaluationDue)
            {
                if (_session.Context.Stop.IsRequested || (_evaluationDue && !Evaluate()))
                {
                    Save(Newest);
                    return false;
                }
                if (_trainer.Steps == _settings.Steps) break;
                var step = _trainer.Step();
                Record(step);
                _evaluationDue = _settings.EvaluateEvery > 0 && _trainer.Steps % _settings.EvaluateEvery == 0;
                if (_evaluationDue && !Evaluate()) continue;
                progress.Report(_trainer.Steps, ("loss", step.Loss), ("ess", step.EffectiveSampleSize));
                if (_clock.IsDue || (_settings.CheckpointEvery > 0 && _trainer.Steps % _settings.CheckpointEvery == 0)) Save(Newest);
            }
            Save(Newest);
            Publish(_session, _model, _trainer.Steps, Seconds());
            return true;
        }, _trainer.Steps, _settings.ReportEvery);
    }

    private void Record(TrainingStep step) => _session.Metrics.Append("train",
        ("step", step.Step), ("strength", step.Strength), ("learning_rate", step.LearningRate), ("loss", step.Loss), ("target_loss", step.TargetLoss), ("ess", step.EffectiveSampleSize),
        ("log_weight_variance", step.LogWeightVariance), ("gradient_norm", step.GradientNorm), ("gradient_noise", step.GradientNoise), ("skipped", step.Skipped ? 1 : 0), ("seconds", Seconds()));

    /// <summary>Effective sample size on samples that no batch was drawn from, at the theory's β. False when a signal came first: it is done when the training goes on.</summary>
    private bool Evaluate()
    {
        var seed = _session.Seed("evaluation", $"{_trainer.Steps}");
        double[] logWeights;
        try
        {
            logWeights = _session.Configuration.FlowProtocol is { } sample
                ? OfTrajectories(sample, seed)
                : FlowEvaluation.LogWeights(_session.Device, _session.Precision, _model, _session.Action, seed, _settings.EvaluateSamples, stop: _session.Context.Stop.Token);
        }
        catch (OperationCanceledException) when (_session.Context.Stop.IsRequested)
        {
            return false;
        }
        _evaluationDue = false;
        var weights = LogWeights.Analyze(logWeights);
        _session.Metrics.Append("evaluate", ("steps", _trainer.Steps), ("samples", weights.Count), ("ess", weights.EffectiveSampleSize),
            ("ess_error", weights.EffectiveSampleSizeError), ("ln_z", weights.LogZ), ("ln_z_error", weights.LogZError));
        _session.Context.Log.Information(FormattableString.Invariant(
            $"step {_trainer.Steps}: effective sample size {weights.EffectiveSampleSize:F4} of {weights.Count} fresh samples"));
        if (weights.EffectiveSampleSize <= _best) return true;
        _best = weights.EffectiveSampleSize;
        Save(Path.Join(_session.Directory.FlowDirectory, FlowCheckpoint.Best));
        return true;
    }

    private double[] OfTrajectories(SampleSettings sample, ulong seed)
    {
        using var engine = OfProtocol(_session, sample, _model, Math.Min(_settings.Batch, _settings.EvaluateSamples), seed);
        var logWeights = new double[_settings.EvaluateSamples];
        double[] logDensity = new double[engine.Replicas], action = new double[engine.Replicas];
        for (var first = 0; first < logWeights.Length; first += engine.Replicas)
        {
            _session.Context.Stop.Token.ThrowIfCancellationRequested();
            engine.Evaluate(seed, first, 1, logDensity, action);
            for (var i = 0; i < Math.Min(engine.Replicas, logWeights.Length - first); i++) logWeights[first + i] = -action[i] - logDensity[i];
        }
        return logWeights;
    }

    private static bool IsEvaluationDue(StateSections saved) => saved.Has(EvaluationDue) && saved.GetLong(EvaluationDue) != 0;

    private void Save(string path)
    {
        var sections = new StateSections();
        _trainer.Save(sections);
        FlowCheckpoint.Write(path, _model, sections.Set(BestSize, _best).Set(FlowStage.TrainingSeconds, Seconds()).Set(EvaluationDue, _evaluationDue ? 1L : 0L));
        if (path == Newest) _clock.Restart();
    }

    private double Seconds() => _secondsBefore + _watch.Elapsed.TotalSeconds;
}
