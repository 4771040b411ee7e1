using LatticeFlow.Flows;

namespace LatticeFlow.Training;

/// <summary>The batch of one training step: of proposals of the flow, of the target, or both.</summary>
public sealed class TrainingBatch
{
    private readonly double[] configurations = [];
    private readonly double[] forward = [];
    private readonly IFlowTrainingEngine? flow;

    /// <summary>Batches of an engine.</summary>
    /// <exception cref="ArgumentException">The objective wants configurations of the target, and there are none, or the model has no density that could be asked for there.</exception>
    public TrainingBatch(ITrainingEngine engine, TrainingOptions options, int parameters)
    {
        (Engine, Options) = (engine, options);
        LogDensity = new double[engine.Replicas];
        Action = new double[engine.Replicas];
        if (options.Objective == TrainingObjective.Reverse) return;
        if (options.Target is null) throw new ArgumentException($"the objective {options.Objective} is a mean over configurations of the target: give their source.", nameof(options));
        flow = engine as IFlowTrainingEngine ?? throw new ArgumentException($"the objective {options.Objective} is a mean of densities of the model, which only a flow without Markov steps knows.", nameof(options));
        configurations = new double[(long)engine.Replicas * flow.Numbers];
        forward = new double[parameters];
        TargetLogDensity = new double[engine.Replicas];
        TargetAction = new double[engine.Replicas];
    }

    /// <summary>The model on its device.</summary>
    public ITrainingEngine Engine { get; }

    /// <summary>What a trainer does.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The step, counted from 0; with the seed it fixes the batch.</summary>
    public long Step { get; set; }

    /// <summary>s, the factor on the action.</summary>
    public double Strength { get; set; }

    /// <summary>η.</summary>
    public double LearningRate { get; set; }

    /// <summary>log q of every proposal.</summary>
    public double[] LogDensity { get; }

    /// <summary>s S of every proposal.</summary>
    public double[] Action { get; }

    /// <summary>log q of every configuration of the target; empty where none are drawn.</summary>
    public double[] TargetLogDensity { get; } = [];

    /// <summary>S of every configuration of the target; empty where none are drawn.</summary>
    public double[] TargetAction { get; } = [];

    /// <summary>Draws the batch, and gives the gradient of the objective by the parameters. Allocates nothing.</summary>
    public void Gradient(Span<double> gradient)
    {
        double share = Options.Objective switch { TrainingObjective.Reverse => 0, TrainingObjective.Forward => 1, _ => Options.ForwardShare };
        if (share < 1) Engine.Gradient(Options.Seed, Step, Strength, Options.Estimator, gradient, LogDensity, Action);
        if (share == 0) return;
        Options.Target!.Draw(Step, configurations, TargetAction);
        flow!.ForwardGradient(configurations, forward, TargetLogDensity);
        for (int i = 0; i < forward.Length; i++) gradient[i] = share == 1 ? forward[i] : ((1 - share) * gradient[i]) + (share * forward[i]);
    }
}
