using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// Gauss–Newton on the variance of ln w = −s S − log q over a batch, for models of up to some thousand parameters. With g_r the gradient of −ln w of replica r at fixed prior configuration (or of
/// <see cref="GradientEstimator.Score"/> at fixed configuration: then GᵀG is the Fisher information and the step the natural gradient's) and ḡ their mean, G = g − ḡ: the step δ solves (GᵀG + λ diag GᵀG) δ = Gᵀ(ln w − mean). It is halved until the variance on the same batch goes down; after <see cref="MostHalvings"/> the parameters stay.
/// </summary>
/// <remarks>
/// At the minimum of the reverse Kullback–Leibler divergence over all densities ln w is constant, so that both have the same one; near it KL = Var/2. Every iteration takes a fresh batch, which should have
/// 5 to 10 replicas a parameter (K. Levenberg 1944; D. W. Marquardt 1963 for λ).
/// </remarks>
public sealed class GaussNewton : IOptimizer
{
    /// <summary>Halvings of a step before it is given up.</summary>
    public const int MostHalvings = 6;

    /// <summary>The most parameters: the matrix of the normal equations is that squared.</summary>
    public const int MostParameters = 8192;

    private readonly double damping;
    private readonly double[] gradients;
    private readonly double[] mean;
    private readonly double[] step;
    private readonly double[] trial;
    private readonly double[] logDensity;
    private readonly double[] action;
    private readonly NormalEquations equations;

    /// <summary>For so many parameters and replicas, with λ.</summary>
    public GaussNewton(int parameters, int replicas, double damping = 1e-3)
    {
        if (parameters > MostParameters) throw new NotSupportedException($"Gauss–Newton takes up to {MostParameters} parameters; the flow has {parameters}.");
        this.damping = damping;
        gradients = new double[checked(parameters * replicas)];
        mean = new double[parameters];
        step = new double[parameters];
        trial = new double[parameters];
        logDensity = new double[replicas];
        action = new double[replicas];
        equations = new NormalEquations(parameters);
    }

    /// <inheritdoc/>
    public GradientKind Gradients => GradientKind.Samples;

    /// <inheritdoc/>
    public OptimizerStep Step(TrainingBatch batch, Span<double> parameters)
    {
        int n = batch.LogDensity.Length, count = mean.Length;
        var estimator = batch.Options.Estimator == GradientEstimator.Score ? GradientEstimator.Score : GradientEstimator.Plain;
        batch.Engine.Gradients(batch.Options.Seed, batch.Step, batch.Strength, estimator, gradients, batch.LogDensity, batch.Action);
        double variance = Variance(batch.LogDensity, batch.Action, out double meanLogWeight);
        double norm = Center(n, out double noise);
        if (!double.IsFinite(norm) || !double.IsFinite(variance)) return new(double.NaN, double.NaN);
        equations.Clear();
        for (int r = 0; r < n; r++) equations.Add(gradients.AsSpan(r * count, count), -batch.Action[r] - batch.LogDensity[r] - meanLogWeight);
        equations.Solve(damping, step);
        double length = batch.LearningRate;
        for (int halving = 0; halving <= MostHalvings; halving++, length *= 0.5)
        {
            for (int i = 0; i < count; i++) trial[i] = parameters[i] + (length * step[i]);
            batch.Engine.Load(trial);
            batch.Engine.Evaluate(batch.Options.Seed, batch.Step, batch.Strength, logDensity, action);
            if (!(Variance(logDensity, action, out _) < variance)) continue;
            trial.CopyTo(parameters);
            return new(norm, noise);
        }

        batch.Engine.Load(parameters);
        return new(norm, noise);
    }

    /// <inheritdoc/>
    public void Save(StateSections sections)
    {
        // Every iteration starts anew.
    }

    /// <inheritdoc/>
    public void Restore(StateSections sections)
    {
        // Every iteration starts anew.
    }

    private static double Variance(double[] logDensity, double[] action, out double mean)
    {
        mean = 0;
        for (int r = 0; r < action.Length; r++) mean += -action[r] - logDensity[r];
        mean /= action.Length;
        double variance = 0;
        for (int r = 0; r < action.Length; r++)
        {
            double deviation = -action[r] - logDensity[r] - mean;
            variance += deviation * deviation;
        }

        return variance / action.Length;
    }

    // Takes the mean gradient from each. Its norm, and the noise of that.
    private double Center(int n, out double noise)
    {
        int count = mean.Length;
        Array.Clear(mean);
        for (int r = 0; r < n; r++)
        {
            for (int i = 0; i < count; i++) mean[i] += gradients[(r * count) + i];
        }

        double square = 0, squares = 0;
        for (int i = 0; i < count; i++)
        {
            mean[i] /= n;
            square += mean[i] * mean[i];
        }

        for (int r = 0; r < n; r++)
        {
            for (int i = 0; i < count; i++)
            {
                double deviation = gradients[(r * count) + i] -= mean[i];
                squares += deviation * deviation;
            }
        }

        noise = n > 1 ? Math.Sqrt(squares / n / (n - 1)) : double.NaN;
        return Math.Sqrt(square);
    }
}
