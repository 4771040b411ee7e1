using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// Minimises the reverse Kullback–Leibler divergence E_q[log q + S] + ln Z ≥ 0 of a flow, the forward one E_p[−S − log q] − ln Z ≥ 0, or a mean of both. Its state is all that the next step depends on, so that a resumed training repeats the uninterrupted one bit for bit.
/// </summary>
public sealed class Trainer
{
    /// <summary>Steps without a finite gradient after which training stops.</summary>
    public const int MostSkips = 20;

    private const string Current = "training_parameters";
    private readonly FlowModel model;
    private readonly ITrainingEngine engine;
    private readonly TrainingOptions options;
    private readonly TrainingBatch batch;
    private readonly IOptimizer optimizer;
    private readonly double[] parameters;
    private int skips;

    /// <summary>A trainer of a model through an engine that was made with the gradients that the optimizer of <paramref name="options"/> wants.</summary>
    public Trainer(FlowModel model, ITrainingEngine engine, TrainingOptions options)
    {
        this.model = model;
        this.engine = engine;
        this.options = options;
        batch = new TrainingBatch(engine, options, model.Parameters.Length);
        optimizer = options.Optimizer(model.Parameters.Length, engine.Replicas);
        parameters = options.Average > 0 ? (double[])model.Parameters.Clone() : model.Parameters;
        engine.Load(parameters);
    }

    /// <summary>Steps done.</summary>
    public long Steps { get; private set; }

    /// <summary>One step: moves the parameters, and those of the model after them. Allocates nothing.</summary>
    /// <exception cref="TrainingDivergedException">No finite gradient for <see cref="MostSkips"/> steps.</exception>
    public TrainingStep Step()
    {
        batch.Step = Steps;
        batch.Strength = options.StrengthAt(Steps);
        batch.LearningRate = options.LearningRate.At(Steps);
        var step = optimizer.Step(batch, parameters);
        bool skipped = !double.IsFinite(step.GradientNorm);
        if (skipped && ++skips >= MostSkips) throw new TrainingDivergedException(Steps);
        if (!skipped)
        {
            skips = 0;
            Average();
        }

        var result = Statistics(step, skipped);
        Steps++;
        return result;
    }

    /// <summary>Puts everything the next step depends on into a checkpoint's sections.</summary>
    public void Save(StateSections sections)
    {
        sections.Set("parameters", (double[])model.Parameters.Clone()).Set("training_step", Steps).Set("training_skips", (long)skips);
        if (parameters != model.Parameters) sections.Set(Current, (double[])parameters.Clone());
        optimizer.Save(sections);
        engine.Save(sections);
    }

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    public void Restore(StateSections sections)
    {
        sections.GetDoubles("parameters").CopyTo(model.Parameters, 0);
        if (parameters != model.Parameters) sections.GetDoubles(Current).CopyTo(parameters, 0);
        Steps = sections.GetLong("training_step");
        skips = (int)sections.GetLong("training_skips");
        optimizer.Restore(sections);
        engine.Load(parameters);
        engine.Restore(sections);
    }

    // The first steps count alike: a mean of k steps where 1 − 1/k is less than d, so that the start is forgotten.
    private void Average()
    {
        if (parameters == model.Parameters) return;
        double keep = Math.Min(options.Average, 1 - (1.0 / (Steps + 1)));
        for (int i = 0; i < parameters.Length; i++) model.Parameters[i] = (keep * model.Parameters[i]) + ((1 - keep) * parameters[i]);
    }

    private TrainingStep Statistics(OptimizerStep step, bool skipped)
    {
        bool forwardOnly = options.Objective == TrainingObjective.Forward;
        var target = batch.TargetLogDensity.Length == 0 ? default : WeightStatistics.Of(batch.TargetLogDensity, batch.TargetAction);
        var own = forwardOnly ? target : WeightStatistics.Of(batch.LogDensity, batch.Action);
        double targetLoss = batch.TargetLogDensity.Length == 0 ? double.NaN : target.Mean;
        return new(
            Steps, batch.Strength, batch.LearningRate, forwardOnly ? target.Mean : -own.Mean, targetLoss, forwardOnly ? target.SizeFromTarget : own.Size, own.Variance, step.GradientNorm, step.GradientNoise, skipped);
    }

    /// <summary>Of log w = −S − log q in a batch: mean and variance, (Σw)²/(n Σw²), and 1/(⟨w⟩⟨1/w⟩).</summary>
    private readonly record struct WeightStatistics(double Mean, double Variance, double Size, double SizeFromTarget)
    {
        public static WeightStatistics Of(double[] logDensity, double[] action)
        {
            int n = logDensity.Length;
            double mean = 0, largest = double.NegativeInfinity, smallest = double.PositiveInfinity;
            for (int r = 0; r < n; r++)
            {
                double logWeight = -action[r] - logDensity[r];
                mean += logWeight;
                largest = Math.Max(largest, logWeight);
                smallest = Math.Min(smallest, logWeight);
            }

            mean /= n;
            double variance = 0, first = 0, second = 0, inverse = 0;
            for (int r = 0; r < n; r++)
            {
                double logWeight = -action[r] - logDensity[r];
                variance += (logWeight - mean) * (logWeight - mean);
                double weight = Math.Exp(logWeight - largest);
                first += weight;
                second += weight * weight;
                inverse += Math.Exp(smallest - logWeight);
            }

            return new(mean, n > 1 ? variance / (n - 1) : 0, first * first / (n * second), Math.Exp(smallest - largest) * (n / first) * (n / inverse));
        }
    }
}
