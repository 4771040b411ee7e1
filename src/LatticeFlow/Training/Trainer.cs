using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// Minimises the reverse Kullback–Leibler divergence E_q[log q + S] + ln Z ≥ 0 of a flow with Adam. Its state is all that the next step
/// depends on, so that a resumed training repeats the uninterrupted one bit for bit.
/// </summary>
public sealed class Trainer
{
    /// <summary>Steps without a finite gradient after which training stops.</summary>
    public const int MostSkips = 20;

    private readonly FlowModel model;
    private readonly IFlowTrainingEngine engine;
    private readonly TrainingOptions options;
    private readonly Adam adam;
    private readonly double[] gradient;
    private readonly double[] logDensity;
    private readonly double[] action;
    private int skips;

    /// <summary>A trainer of a model through an engine that was made with gradients.</summary>
    public Trainer(FlowModel model, IFlowTrainingEngine engine, TrainingOptions options)
    {
        this.model = model;
        this.engine = engine;
        this.options = options;
        adam = new Adam(model.Parameters.Length, options.AdamBeta1, options.AdamBeta2, options.AdamEpsilon);
        gradient = new double[model.Parameters.Length];
        logDensity = new double[engine.Replicas];
        action = new double[engine.Replicas];
        engine.Load(model.Parameters);
    }

    /// <summary>Steps done.</summary>
    public long Steps { get; private set; }

    /// <summary>One step. Allocates nothing.</summary>
    /// <exception cref="TrainingDivergedException">No finite gradient for <see cref="MostSkips"/> steps.</exception>
    public TrainingStep Step()
    {
        double strength = options.StrengthAt(Steps);
        double rate = options.LearningRate.At(Steps);
        engine.Gradient(options.Seed, Steps, strength, options.Estimator, gradient, logDensity, action);
        double norm = Norm(gradient);
        bool skipped = !double.IsFinite(norm);
        if (skipped && ++skips >= MostSkips) throw new TrainingDivergedException(Steps);
        if (!skipped)
        {
            skips = 0;
            if (options.GradientClip > 0 && norm > options.GradientClip)
            {
                double factor = options.GradientClip / norm;
                foreach (ref double g in gradient.AsSpan()) g *= factor;
            }

            adam.Update(model.Parameters, gradient, rate);
            engine.Load(model.Parameters);
        }

        var result = Statistics(strength, rate, norm, skipped);
        Steps++;
        return result;
    }

    /// <summary>Puts everything the next step depends on into a checkpoint's sections.</summary>
    public void Save(StateSections sections) => sections
        .Set("parameters", (double[])model.Parameters.Clone())
        .Set("adam_first", (double[])adam.First.Clone())
        .Set("adam_second", (double[])adam.Second.Clone())
        .Set("adam_updates", adam.Updates)
        .Set("training_step", Steps)
        .Set("training_skips", (long)skips);

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    public void Restore(StateSections sections)
    {
        sections.GetDoubles("parameters").CopyTo(model.Parameters, 0);
        sections.GetDoubles("adam_first").CopyTo(adam.First, 0);
        sections.GetDoubles("adam_second").CopyTo(adam.Second, 0);
        adam.Updates = sections.GetLong("adam_updates");
        Steps = sections.GetLong("training_step");
        skips = (int)sections.GetLong("training_skips");
        engine.Load(model.Parameters);
    }

    private static double Norm(double[] numbers)
    {
        double sum = 0;
        foreach (double x in numbers) sum += x * x;
        return Math.Sqrt(sum);
    }

    private TrainingStep Statistics(double strength, double rate, double norm, bool skipped)
    {
        int n = logDensity.Length;
        double mean = 0, largest = double.NegativeInfinity;
        for (int r = 0; r < n; r++)
        {
            double logWeight = -action[r] - logDensity[r];
            mean += logWeight;
            largest = Math.Max(largest, logWeight);
        }

        mean /= n;
        double variance = 0, first = 0, second = 0;
        for (int r = 0; r < n; r++)
        {
            double logWeight = -action[r] - logDensity[r];
            variance += (logWeight - mean) * (logWeight - mean);
            double weight = Math.Exp(logWeight - largest);
            first += weight;
            second += weight * weight;
        }

        return new(Steps, strength, rate, -mean, first * first / (n * second), n > 1 ? variance / (n - 1) : 0, norm, skipped);
    }
}
