using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <inheritdoc cref="IFlowTrainingEngine"/>
internal sealed class FlowTrainingEngine<T, TDouble> : FlowEngine<T, TDouble>, IFlowTrainingEngine
    where T : unmanaged, IReal<T>
    where TDouble : unmanaged, IReal64<TDouble>
{
    private readonly GradientKind kind;
    private readonly StencilTables stencil;
    private readonly ActionCoefficients<T> coefficients;
    private readonly Field<T> one;
    private readonly IActionSteps<T> action;
    private readonly KernelProgram plain;
    private readonly KernelProgram path;
    private readonly KernelProgram score;
    private readonly KernelProgram evaluate;
    private readonly double[] strengths;
    private readonly double[] factors;

    public FlowTrainingEngine(ComputeDevice device, FlowModel model, IAction target, int replicas, GradientKind kind)
        : base(device, model, new FieldSpace(target.Field, target.Lattice), replicas, kind)
    {
        stencil = new StencilTables(device, LatticeLayout.OfReplicas<T>(device, target.Lattice, replicas));
        this.kind = kind;
        strengths = new double[replicas];
        coefficients = new ActionCoefficients<T>(device, stencil.Layout, target.Components);
        one = device.NewShared<T>(1);
        one.WriteShared([1]);
        action = target.Bind(device, stencil, coefficients);
        plain = Program(p => AddTraining(p, GradientEstimator.Plain));
        path = Program(p => AddTraining(p, GradientEstimator.Path));
        score = Program(p =>
        {
            AddPrior(p, gradient: true);
            foreach (var layer in Layers) layer.AddPathForward(p, score: kind != GradientKind.None);
        });
        factors = new double[Context.Shape.Tiles * T.Width];
        evaluate = Program(p =>
        {
            AddPrior(p, gradient: false);
            foreach (var layer in Layers) layer.AddForward(p);
            action.AddEvaluate(p, Context.Values, Context.Totals, FlowTotals.Action);
        });
    }

    public void Gradient(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        DrawBatch(seed, step);
        Mean(strength, estimator, gradient, logDensity, action);
    }

    public void Gradient(ReadOnlySpan<double> prior, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        Write(prior);
        Mean(strength, estimator, gradient, logDensity, action);
    }

    // d log q(U)/dparameters at fixed U: back to the prior's configuration, and forward again with the score.
    public void ForwardGradient(ReadOnlySpan<double> configurations, Span<double> gradient, Span<double> logDensity)
    {
        RunInverse(configurations);
        ReadTotals(logDensity, default);
        Context.ClearGradient();
        factors.AsSpan(0, Replicas).Fill(1);
        Context.ScoreFactor.WriteReplicas(factors);
        Device.Run(score);
        Context.ReadGradient(gradient);
        double scale = 1.0 / Replicas;
        foreach (ref double g in gradient) g *= scale;
    }

    public void Gradients(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradients, Span<double> logDensity, Span<double> action)
    {
        if (estimator == GradientEstimator.Path) throw new ArgumentException("the path estimator is a mean over the batch: samples of their own have plain or score gradients.", nameof(estimator));
        DrawBatch(seed, step);
        Run(estimator, strength, logDensity, action);
        Context.ReadGradients(gradients);
    }

    public void Evaluate(ulong seed, long step, double strength, Span<double> logDensity, Span<double> action)
    {
        DrawBatch(seed, step);
        Run(evaluate, strength);
        ReadTotals(logDensity, action);
    }

    public override void Dispose()
    {
        action.Dispose();
        coefficients.Dispose();
        one.Dispose();
        stencil.Dispose();
        base.Dispose();
    }

    private void Mean(double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        Run(estimator, strength, logDensity, action);
        Context.ReadGradient(gradient);
        double scale = 1.0 / Replicas;
        foreach (ref double g in gradient) g *= scale;
    }

    private void Run(GradientEstimator estimator, double strength, Span<double> logDensity, Span<double> action)
    {
        Context.ClearGradient();
        if (estimator != GradientEstimator.Score)
        {
            Run(estimator == GradientEstimator.Plain ? plain : path, strength);
            ReadTotals(logDensity, action);
            return;
        }

        Run(evaluate, strength);
        ReadTotals(logDensity, action);
        ScoreFactors(logDensity, action);
        Context.ScoreFactor.WriteReplicas(factors);
        Device.Run(score);
    }

    // The programs add −factor × score. Of the batch's own mean as baseline R/(R − 1) takes the bias away.
    private void ScoreFactors(ReadOnlySpan<double> logDensity, ReadOnlySpan<double> action)
    {
        if (kind == GradientKind.Samples)
        {
            factors.AsSpan(0, Replicas).Fill(-1);
            return;
        }

        double mean = 0;
        for (int r = 0; r < Replicas; r++) mean += logDensity[r] + action[r];
        mean /= Replicas;
        double scale = Replicas > 1 ? Replicas / (Replicas - 1.0) : 1;
        for (int r = 0; r < Replicas; r++) factors[r] = scale * (mean - logDensity[r] - action[r]);
    }

    private void Run(KernelProgram program, double strength)
    {
        strengths.AsSpan().Fill(strength);
        coefficients.WriteFactors(strengths);
        Device.Run(program);
    }

    private void AddTraining(KernelProgram program, GradientEstimator estimator)
    {
        AddPrior(program, gradient: estimator == GradientEstimator.Path);
        foreach (var layer in Layers)
        {
            if (estimator == GradientEstimator.Plain) layer.AddForward(program);
            else layer.AddPathForward(program);
        }

        // L = log q + S: going back, ∂S/∂U = −F enters by the links and −ln|det| by each layer; the path estimator has ∂ log q/∂U in the links instead.
        action.AddEvaluate(program, Context.Values, Context.Totals, FlowTotals.Action);
        action.AddForce(program, Context.Values, one, -1, Context.Cotangents);
        program.Add(new WeighCotangent<T>(Context.Cotangents.View, Context.Weight.View), Context.Space.Tangents);
        double logDet = estimator == GradientEstimator.Plain ? -1 : 0;
        foreach (var layer in Layers.Reverse()) layer.AddBackward(program, logDet);
    }
}
