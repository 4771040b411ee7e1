using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>An optimizer that wants the mean gradient of a batch only. Follows the noise of the gradient: |σ|² = E|g|² − |E g|² with means over the last <see cref="Memory"/> steps or so.</summary>
public abstract class FirstOrder : IOptimizer
{
    /// <summary>Steps that means of the gradient go over: they have weights (1 − 1/Memory)ᵏ.</summary>
    public const int Memory = 50;

    private readonly double[] gradient;
    private readonly double[] mean;
    private double meanSquare;
    private long seen;

    /// <summary>For so many parameters.</summary>
    protected FirstOrder(int parameters)
    {
        gradient = new double[parameters];
        mean = new double[parameters];
    }

    /// <inheritdoc/>
    public GradientKind Gradients => GradientKind.Sum;

    /// <inheritdoc/>
    public OptimizerStep Step(TrainingBatch batch, Span<double> parameters)
    {
        batch.Gradient(gradient);
        double norm = Norm(gradient);
        if (!double.IsFinite(norm)) return new(norm, double.NaN);
        double noise = Noise(norm);
        double clip = batch.Options.GradientClip;
        if (clip > 0 && norm > clip)
        {
            foreach (ref double g in gradient.AsSpan()) g *= clip / norm;
        }

        Update(parameters, gradient, batch.LearningRate, Loss(batch));
        batch.Engine.Load(parameters);
        return new(norm, noise);
    }

    /// <inheritdoc/>
    public virtual void Save(StateSections sections) => sections
        .Set("gradient_mean", (double[])mean.Clone())
        .Set("gradient_mean_square", meanSquare)
        .Set("gradients_seen", seen);

    /// <inheritdoc/>
    public virtual void Restore(StateSections sections)
    {
        sections.GetDoubles("gradient_mean").CopyTo(mean, 0);
        meanSquare = sections.GetDouble("gradient_mean_square");
        seen = sections.GetLong("gradients_seen");
    }

    /// <summary>One update with learning rate η, from the gradient and the mean of log q + s S of a batch.</summary>
    public abstract void Update(Span<double> parameters, ReadOnlySpan<double> gradient, double learningRate, double loss);

    private static double Loss(TrainingBatch batch)
    {
        double sum = 0;
        for (int r = 0; r < batch.LogDensity.Length; r++) sum += batch.LogDensity[r] + batch.Action[r];
        return sum / batch.LogDensity.Length;
    }

    private static double Norm(ReadOnlySpan<double> numbers)
    {
        double sum = 0;
        foreach (double x in numbers) sum += x * x;
        return Math.Sqrt(sum);
    }

    private double Noise(double norm)
    {
        double rate = 1.0 / Math.Min(++seen, Memory), square = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] += rate * (gradient[i] - mean[i]);
            square += mean[i] * mean[i];
        }

        meanSquare += rate * ((norm * norm) - meanSquare);
        return seen < Memory ? double.NaN : Math.Sqrt(Math.Max(0, meanSquare - square));
    }
}
