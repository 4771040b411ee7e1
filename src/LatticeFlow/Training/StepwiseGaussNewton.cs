using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// Gauss–Newton on Σ_t Var(D_t) of a stochastic flow, D_t the work of step t: with g_{t,r} the gradient of D_t of replica r and means over replicas taken away step by step, the parameters move by δ with
/// (GᵀG + λ diag GᵀG) δ = −Gᵀ(D − mean), n equations a replica. D_t is nearly linear in the coefficients of small steps, so that one iteration is nearly all. The step is halved until the sum of variances of the same trajectories
/// goes down; after <see cref="GaussNewton.MostHalvings"/> the parameters stay.
/// </summary>
/// <remarks>The dissipated work of a step, a Kullback–Leibler divergence, is Var(D_t)/2 where it is small, and has the same minimum. See <see cref="IProtocolTrainingEngine"/> for what is not differentiated.</remarks>
public sealed class StepwiseGaussNewton : IOptimizer
{
    /// <summary>The most derivatives of a batch, all of which are kept: a gigabyte.</summary>
    public const long MostDerivatives = 1L << 27;

    private readonly double damping;
    private readonly double[] gradients;
    private readonly double[] work;
    private readonly double[] mean;
    private readonly double[] total;
    private readonly double[] step;
    private readonly double[] trial;
    private readonly NormalEquations equations;
    private readonly int replicas;
    private readonly int steps;

    /// <summary>For so many parameters, replicas and steps of a protocol, with λ.</summary>
    public StepwiseGaussNewton(int parameters, int replicas, int steps, double damping = 1e-3)
    {
        if (parameters > GaussNewton.MostParameters) throw new NotSupportedException($"Gauss–Newton takes up to {GaussNewton.MostParameters} parameters; the flow has {parameters}.");
        if ((long)steps * replicas * parameters > MostDerivatives)
            throw new NotSupportedException($"{steps} steps of {replicas} trajectories have {(long)steps * replicas * parameters} derivatives by {parameters} parameters, and least squares take up to {MostDerivatives}: train with fewer steps or a smaller batch; the parameters serve any number of steps.");
        (this.damping, this.replicas, this.steps) = (damping, replicas, steps);
        gradients = new double[checked(steps * replicas * parameters)];
        work = new double[checked(steps * replicas)];
        mean = new double[parameters];
        total = new double[parameters];
        step = new double[parameters];
        trial = new double[parameters];
        equations = new NormalEquations(parameters);
    }

    /// <inheritdoc/>
    public GradientKind Gradients => GradientKind.Samples;

    /// <inheritdoc/>
    public OptimizerStep Step(TrainingBatch batch, Span<double> parameters)
    {
        var engine = (IProtocolTrainingEngine)batch.Engine;
        engine.StepGradients(batch.Options.Seed, batch.Step, gradients, work, batch.LogDensity, batch.Action);
        equations.Clear();
        Array.Clear(total);
        for (int t = 0; t < steps; t++) AddStep(t);
        double norm = Math.Sqrt(total.Sum(g => g * g)), variance = Variance();
        if (!double.IsFinite(norm) || !double.IsFinite(variance)) return new(double.NaN, double.NaN);
        equations.Solve(damping, step);
        double length = batch.LearningRate;
        for (int halving = 0; halving <= GaussNewton.MostHalvings; halving++, length *= 0.5)
        {
            for (int i = 0; i < step.Length; i++) trial[i] = parameters[i] + (length * step[i]);
            engine.Load(trial);
            engine.StepWork(batch.Options.Seed, batch.Step, work);
            if (!(Variance() < variance)) continue;
            trial.CopyTo(parameters);
            return new(norm, double.NaN);
        }

        engine.Load(parameters);
        return new(norm, double.NaN);
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

    // The equations of a step of the protocol; its mean gradient to that of the work.
    private void AddStep(int t)
    {
        int count = mean.Length;
        var ofStep = gradients.AsSpan(t * replicas * count, replicas * count);
        Array.Clear(mean);
        double meanWork = 0;
        for (int r = 0; r < replicas; r++)
        {
            meanWork += work[(t * replicas) + r] / replicas;
            for (int i = 0; i < count; i++) mean[i] += ofStep[(r * count) + i] / replicas;
        }

        for (int i = 0; i < count; i++) total[i] += mean[i];
        for (int r = 0; r < replicas; r++)
        {
            var own = ofStep.Slice(r * count, count);
            for (int i = 0; i < count; i++) own[i] -= mean[i];
            equations.Add(own, meanWork - work[(t * replicas) + r]);
        }
    }

    // Σ_t Var(D_t).
    private double Variance()
    {
        double sum = 0;
        for (int t = 0; t < steps; t++)
        {
            double first = 0, second = 0;
            for (int r = 0; r < replicas; r++) first += work[(t * replicas) + r] / replicas;
            for (int r = 0; r < replicas; r++) second += (work[(t * replicas) + r] - first) * (work[(t * replicas) + r] - first);
            sum += second / replicas;
        }

        return sum;
    }
}
