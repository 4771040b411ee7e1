using LatticeFlow.Training;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>How the gradient of the reverse Kullback–Leibler divergence is estimated.</summary>
public enum GradientEstimator { Path, Plain, Score }

/// <summary>How the learning rate goes down.</summary>
public enum ScheduleKind { Constant, Cosine, Step }

/// <summary>What changes the parameters.</summary>
public enum OptimizerKind { Adam, GaussNewton, EnergyConserving }

/// <summary><c>[train]</c>: minimisation of E_q[log q(U) + S(U)], of −E_p[log q(U)] over configurations of the target, or of a mean of both.</summary>
public sealed record TrainSettings
{
    public static readonly string[] Keys =
    [
        "steps", "batch", "objective", "forward_share", "samples", "optimizer", "damping", "learning_rate", "average", "estimator", "schedule", "warmup", "gradient_clip", "adam", "ecd", "strength_start", "strength_steps",
        "report_every", "evaluate_every", "evaluate_samples", "checkpoint_every",
    ];

    public static readonly Choice<GradientEstimator> Estimators = new(("path", GradientEstimator.Path), ("plain", GradientEstimator.Plain), ("score", GradientEstimator.Score));

    /// <summary>Those that give every sample its own gradient, which Gauss–Newton needs.</summary>
    public static readonly Choice<GradientEstimator> EstimatorsOfSamples = new(("plain", GradientEstimator.Plain), ("score", GradientEstimator.Score));

    public static readonly Choice<TrainingObjective> Objectives = new(("reverse", TrainingObjective.Reverse), ("forward", TrainingObjective.Forward), ("mixed", TrainingObjective.Mixed));

    /// <summary>The value of <see cref="Samples"/> for draws of the exact solution.</summary>
    public const string ExactSamples = "exact";

    public static readonly Choice<OptimizerKind> Optimizers = new(("adam", OptimizerKind.Adam), ("gauss-newton", OptimizerKind.GaussNewton), ("ecd", OptimizerKind.EnergyConserving));

    public required int Steps { get; init; }

    /// <summary>Configurations drawn a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Reverse or forward Kullback–Leibler divergence, or their weighted mean.</summary>
    public required TrainingObjective Objective { get; init; }

    /// <summary>Weight of the forward divergence in a mixed objective.</summary>
    public required double ForwardShare { get; init; }

    /// <summary><see cref="ExactSamples"/>, or the folder of an ensemble of the target; of the reverse objective empty.</summary>
    public required string Samples { get; init; }

    /// <summary>Adam, Gauss–Newton on the variance of the log-weights, or energy-conserving descent.</summary>
    public required OptimizerKind Optimizer { get; init; }

    /// <summary>λ of Gauss–Newton.</summary>
    public required double Damping { get; init; }

    /// <summary>Of Gauss–Newton: the part of a whole step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Decay of the moving average of parameters; 0: none.</summary>
    public required double Average { get; init; }

    public required GradientEstimator Estimator { get; init; }

    public required ScheduleSettings Schedule { get; init; }

    /// <summary>Steps in which the learning rate rises linearly from 0.</summary>
    public required int Warmup { get; init; }

    /// <summary>Largest Euclidean norm of the gradient; 0 does not clip.</summary>
    public required double GradientClip { get; init; }

    public required AdamSettings Adam { get; init; }

    /// <summary>Of energy-conserving descent.</summary>
    public required EnergySettings Energy { get; init; }

    /// <summary>The factor on the action in the first step; it rises linearly to 1 within <see cref="StrengthSteps"/> steps.</summary>
    public required double StrengthStart { get; init; }

    /// <summary>Steps of the annealing; 0 trains towards the theory's action from the start.</summary>
    public required int StrengthSteps { get; init; }

    /// <summary>Steps between two lines of progress when stderr is no terminal.</summary>
    public required int ReportEvery { get; init; }

    /// <summary>Steps between two evaluations of the effective sample size on fresh samples; 0 never.</summary>
    public required int EvaluateEvery { get; init; }

    public required int EvaluateSamples { get; init; }

    /// <summary>Steps between two checkpoints; 0 writes one at the end (and on a signal) only.</summary>
    public required int CheckpointEvery { get; init; }

    public static TrainSettings Read(SectionReader reader)
    {
        var steps = reader.Integer("steps", 1000, 0);
        var optimizer = reader.OneOf("optimizer", Optimizers, OptimizerKind.Adam);
        var isNewton = optimizer == OptimizerKind.GaussNewton;
        string[] others = optimizer switch
        {
            OptimizerKind.GaussNewton => ["gradient_clip", "adam", "ecd"],
            OptimizerKind.EnergyConserving => ["damping", "adam", "strength_start", "strength_steps"],
            _ => ["damping", "ecd"],
        };
        var objective = reader.OneOf("objective", Objectives, TrainingObjective.Reverse);
        if (objective != TrainingObjective.Reverse && optimizer != OptimizerKind.Adam)
            reader.Fail("objective", $"\"{Objectives.Text(objective)}\" goes with the optimizer \"adam\" only, not with \"{Optimizers.Text(optimizer)}\", which is made for the reverse divergence");
        if (objective == TrainingObjective.Reverse) others = [.. others, "samples"];
        if (objective != TrainingObjective.Mixed && reader.Has("forward_share")) reader.Reject("forward_share", "is of the objective \"mixed\"");
        foreach (var key in others)
        {
            if (reader.Has(key)) reader.Reject(key, key == "samples" ? "is of the objectives \"forward\" and \"mixed\"" : $"does not apply to the optimizer \"{Optimizers.Text(optimizer)}\"");
        }
        var settings = new TrainSettings
        {
            Steps = steps,
            Objective = objective,
            ForwardShare = objective == TrainingObjective.Mixed ? reader.Number("forward_share", 0.5, value => value is > 0 and < 1, "greater than 0 and less than 1") : 0.5,
            Samples = objective == TrainingObjective.Reverse ? "" : reader.Text("samples", ExactSamples),
            Optimizer = optimizer,
            Damping = !isNewton ? 0 : reader.Number("damping", 1e-3, value => value >= 0, "0 or greater"),
            Average = reader.Number("average", 0, value => value is >= 0 and < 1, "at least 0 and less than 1"),
            Batch = reader.Integer("batch", 1024, 1, 1 << 24),
            LearningRate = reader.Number("learning_rate", optimizer switch { OptimizerKind.GaussNewton => 1, OptimizerKind.EnergyConserving => 1e-2, _ => 1e-3 }, value => value > 0, "greater than 0"),
            Estimator = !isNewton ? reader.OneOf("estimator", Estimators, GradientEstimator.Path) : reader.OneOf("estimator", EstimatorsOfSamples, GradientEstimator.Plain),
            Schedule = ScheduleSettings.Read(reader),
            Warmup = reader.Integer("warmup", 0, 0),
            GradientClip = isNewton ? 0 : reader.Number("gradient_clip", 0, value => value >= 0, "0 (off) or greater"),
            Adam = optimizer == OptimizerKind.Adam ? AdamSettings.Read(reader) : AdamSettings.Defaults,
            Energy = optimizer == OptimizerKind.EnergyConserving ? EnergySettings.Read(reader) : EnergySettings.Defaults,
            StrengthStart = reader.Number("strength_start", 1, value => value is >= 0 and <= 1, "between 0 and 1"),
            StrengthSteps = reader.Integer("strength_steps", 0, 0),
            ReportEvery = reader.Integer("report_every", 10, 1),
            EvaluateEvery = reader.Integer("evaluate_every", 0, 0),
            EvaluateSamples = reader.Integer("evaluate_samples", 8192, 2),
            CheckpointEvery = reader.Integer("checkpoint_every", 500, 0),
        };
        if (settings.Estimator == GradientEstimator.Score && settings.Batch < 2) reader.Fail("batch", "must be at least 2 with the estimator \"score\", which takes the mean of its batch away, not 1");
        if (settings.StrengthSteps == 0 && settings.StrengthStart != 1)
            reader.Fail("strength_start", "needs strength_steps, the number of steps within which the strength of the action rises to 1");
        if (settings.StrengthSteps > 0 && !reader.Has("strength_start"))
            reader.Fail("strength_steps", "needs strength_start, the factor on the action in the first step");
        if (settings.StrengthSteps > 0 && objective != TrainingObjective.Reverse)
            reader.Fail("strength_steps", $"does not go with the objective \"{Objectives.Text(objective)}\": configurations of the target are those of the whole action");
        if (settings.StrengthSteps > steps) reader.Fail("strength_steps", $"must be at most train.steps = {steps}, not {settings.StrengthSteps}: the theory's own action would never be reached");
        if (settings.Warmup > steps) reader.Fail("warmup", $"must be at most train.steps = {steps}, not {settings.Warmup}");
        reader.Close();
        return settings;
    }

    private bool IsAdam => Optimizer == OptimizerKind.Adam;

    private bool IsNewton => Optimizer == OptimizerKind.GaussNewton;

    private bool HasStrength => Optimizer != OptimizerKind.EnergyConserving;

    public TomlTable Write() => Table(("steps", Of((long)Steps)), ("batch", Of((long)Batch)), ("objective", Of(Objectives.Text(Objective))), ("forward_share", Objective == TrainingObjective.Mixed ? Of(ForwardShare) : null),
        ("samples", Objective == TrainingObjective.Reverse ? null : Of(Samples)), ("optimizer", Of(Optimizers.Text(Optimizer))), ("damping", IsNewton ? Of(Damping) : null),
        ("learning_rate", Of(LearningRate)), ("average", Of(Average)), ("estimator", Of(Estimators.Text(Estimator))), ("schedule", Schedule.Write()), ("warmup", Of((long)Warmup)),
        ("gradient_clip", IsNewton ? null : Of(GradientClip)), ("adam", IsAdam ? Adam.Write() : null), ("ecd", Optimizer == OptimizerKind.EnergyConserving ? Energy.Write() : null), ("strength_start", HasStrength ? Of(StrengthStart) : null), ("strength_steps", HasStrength ? Of((long)StrengthSteps) : null),
        ("report_every", Of((long)ReportEvery)), ("evaluate_every", Of((long)EvaluateEvery)),
        ("evaluate_samples", Of((long)EvaluateSamples)), ("checkpoint_every", Of((long)CheckpointEvery)));
}

/// <summary>
/// <c>train.schedule</c>. Constant: the learning rate as given. Cosine: from it to <see cref="Final"/> times it along half a cosine.
/// Step: multiplied by <see cref="Factor"/> every <see cref="Every"/> steps.
/// </summary>
public sealed record ScheduleSettings(ScheduleKind Kind, double Final = 0, int Every = 0, double Factor = 0)
{
    public static readonly string[] Keys = ["kind", "final", "every", "factor"];
    public static readonly Choice<ScheduleKind> Kinds = new(("constant", ScheduleKind.Constant), ("cosine", ScheduleKind.Cosine), ("step", ScheduleKind.Step));

    public static ScheduleSettings Read(SectionReader train)
    {
        if (train.Table("schedule", Keys) is not { } reader) return new(ScheduleKind.Constant);
        var kind = reader.RequiredOneOf("kind", Kinds);
        if (kind is null) return new(ScheduleKind.Constant);
        var settings = kind switch
        {
            ScheduleKind.Cosine => new ScheduleSettings(kind.Value, Final: reader.Number("final", 0.01, value => value is >= 0 and <= 1, "between 0 and 1")),
            ScheduleKind.Step => new ScheduleSettings(kind.Value, Every: reader.Integer("every", 1000, 1),
                Factor: reader.Number("factor", 0.5, value => value is > 0 and <= 1, "greater than 0 and at most 1")),
            _ => new ScheduleSettings(kind.Value),
        };
        reader.Close($"the schedule \"{Kinds.Text(kind.Value)}\"");
        return settings;
    }

    public TomlTable Write() => Table(("kind", Of(Kinds.Text(Kind))), ("final", Kind == ScheduleKind.Cosine ? Of(Final) : null),
        ("every", Kind == ScheduleKind.Step ? Of((long)Every) : null), ("factor", Kind == ScheduleKind.Step ? Of(Factor) : null));
}

/// <summary><c>train.adam</c>: the decay rates of Adam's moments and its ε (Kingma and Ba 2014).</summary>
public sealed record AdamSettings(double Beta1, double Beta2, double Epsilon)
{
    public static readonly string[] Keys = ["beta1", "beta2", "epsilon"];

    public static AdamSettings Defaults { get; } = new(0.9, 0.999, 1e-8);

    public static AdamSettings Read(SectionReader train)
    {
        var defaults = Defaults;
        if (train.Table("adam", Keys) is not { } reader) return defaults;
        var settings = new AdamSettings(
            reader.Number("beta1", defaults.Beta1, IsDecay, "at least 0 and less than 1"),
            reader.Number("beta2", defaults.Beta2, IsDecay, "at least 0 and less than 1"),
            reader.Number("epsilon", defaults.Epsilon, value => value > 0, "greater than 0"));
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("beta1", Of(Beta1)), ("beta2", Of(Beta2)), ("epsilon", Of(Epsilon)));

    private static bool IsDecay(double value) => value is >= 0 and < 1;
}

/// <summary><c>train.ecd</c>: c of V = loss + c, the energy above V of the first step, and the steps between two bounces (0: none).</summary>
public sealed record EnergySettings(double LogZ, double Extra, int BounceEvery)
{
    public static readonly string[] Keys = ["log_z", "energy", "bounce_every"];

    public static EnergySettings Defaults { get; } = new(0, 0, 0);

    public static EnergySettings Read(SectionReader train)
    {
        if (train.Table("ecd", Keys) is not { } reader)
        {
            train.Fail("ecd", "is missing: \"ecd\" needs at least ecd = { log_z = … }, ln Z or what it is guessed to be from below, as −ln Z is the least loss there is");
            return Defaults;
        }
        if (!reader.Has("log_z")) reader.Fail("log_z", "is missing: ln Z, or what it is guessed to be from below");
        var settings = new EnergySettings(
            reader.Number("log_z", 0, double.IsFinite, "a number"),
            reader.Number("energy", 0, value => value >= 0, "0 or greater"),
            reader.Integer("bounce_every", 0, 0));
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("log_z", Of(LogZ)), ("energy", Of(Extra)), ("bounce_every", Of((long)BounceEvery)));
}
