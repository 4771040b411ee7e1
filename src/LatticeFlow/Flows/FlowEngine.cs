using LatticeFlow.Compute;
using LatticeFlow.Kernels.Couplings;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>Makes flow engines.</summary>
public static class FlowEngine
{
    /// <summary>A model on a device, for batches of <paramref name="replicas"/>; <paramref name="gradients"/>: whether it is to be trained.</summary>
    /// <exception cref="ArgumentException">The model cannot act on the lattice.</exception>
    public static IFlowEngine Create(ComputeDevice device, Precision precision, FlowModel model, LatticeGeometry lattice, int replicas, bool gradients = false)
    {
        if (model.Refusal(lattice) is { } reason) throw new ArgumentException($"the flow cannot act on a {lattice} lattice: {reason}.", nameof(lattice));
        var engine = device.Use(precision, new Factory(model, lattice, replicas, gradients));
        engine.Load(model.Parameters);
        return engine;
    }

    private sealed record Factory(FlowModel Model, LatticeGeometry Lattice, int Replicas, bool Gradients) : ILaneUser<IFlowEngine>
    {
        public IFlowEngine Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new FlowEngine<T, TDouble>(device, Model, Lattice, Replicas, Gradients);
    }
}

/// <inheritdoc cref="IFlowEngine"/>
internal sealed class FlowEngine<T, TDouble> : IFlowEngine
    where T : unmanaged, IReal<T>
    where TDouble : unmanaged, IReal64<TDouble>
{
    private readonly ComputeDevice device;
    private readonly FlowWorkspace<T> workspace;
    private readonly ICompiledPrior prior;
    private readonly ICompiledLayer[] layers;
    private readonly IndexTable key;
    private readonly Field<T> beta;
    private readonly KernelProgram drawSample;
    private readonly KernelProgram drawBatch;
    private readonly KernelProgram forward;
    private readonly KernelProgram inverse;
    private readonly KernelProgram? plain;
    private readonly KernelProgram? path;
    private readonly double[] totals;
    private readonly int[] keyWords = new int[StreamKey.Length];

    public FlowEngine(ComputeDevice device, FlowModel model, LatticeGeometry lattice, int replicas, bool gradients)
    {
        this.device = device;
        Replicas = replicas;
        workspace = new FlowWorkspace<T>(device, lattice, replicas, model.Parameters.Length, gradients);
        layers = new ICompiledLayer[model.Layers.Count];
        for (int i = 0; i < layers.Length; i++) layers[i] = model.Layers[i].Compile(workspace, model.FirstParameter(i));
        key = device.NewTable(keyWords);
        prior = model.Prior.Compile<T, TDouble>(workspace, key);
        beta = device.NewShared<T>(1);
        totals = new double[replicas * FlowTotals.Count];
        drawSample = DrawProgram(Purpose.Prior);
        drawBatch = DrawProgram(Purpose.Training);
        forward = Program(p =>
        {
            prior.AddDensity(p, gradient: false);
            foreach (var layer in layers) layer.AddForward(p);
            p.Add(new FinishFlow<T>(workspace.Angles.View, workspace.Links.View), Links);
        });
        inverse = Program(p =>
        {
            foreach (var layer in layers.Reverse()) layer.AddInverse(p);
            prior.AddDensity(p, gradient: false);
            p.Add(new FinishFlow<T>(workspace.Angles.View, workspace.Links.View), Links);
        });
        if (!gradients) return;
        plain = Program(p => AddTraining(p, GradientEstimator.Plain));
        path = Program(p => AddTraining(p, GradientEstimator.Path));
    }

    public int Replicas { get; }

    public int Links => workspace.Lattice.Links;

    public long WorkingBytes => workspace.Bytes;

    public long GradientBytes => workspace.Gradient.Bytes;

    public void Load(ReadOnlySpan<double> parameters)
    {
        foreach (var layer in layers) layer.Load(parameters);
    }

    public void Sample(ulong seed, long first, Span<double> links, Span<double> logDensity)
    {
        Draw(drawSample, seed, 0, first);
        device.Run(forward);
        workspace.Angles.ReadReplicas(links);
        ReadTotals(logDensity, default);
    }

    public void Forward(ReadOnlySpan<double> prior, Span<double> links, Span<double> logDensity) => Pass(forward, prior, links, logDensity);

    public void Inverse(ReadOnlySpan<double> links, Span<double> prior, Span<double> logDensity) => Pass(inverse, links, prior, logDensity);

    public void Gradient(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        Draw(drawBatch, seed, step, 0);
        Train(strength, estimator, gradient, logDensity, action);
    }

    public void Gradient(ReadOnlySpan<double> prior, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        workspace.Angles.WriteReplicas(prior);
        Train(strength, estimator, gradient, logDensity, action);
    }

    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        prior.Dispose();
        workspace.Dispose();
        key.Dispose();
        beta.Dispose();
    }

    private void Train(double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        var program = estimator == GradientEstimator.Plain ? plain : path;
        if (program is null) throw new InvalidOperationException("this engine was created without gradients.");
        beta.WriteShared([strength]);
        workspace.Gradient.Clear();
        device.Run(program);
        workspace.Gradient.SumBlocks(gradient);
        double scale = 1.0 / Replicas;
        foreach (ref double g in gradient) g *= scale;
        ReadTotals(logDensity, action);
    }

    private void Pass(KernelProgram program, ReadOnlySpan<double> from, Span<double> to, Span<double> logDensity)
    {
        workspace.Angles.WriteReplicas(from);
        device.Run(program);
        workspace.Angles.ReadReplicas(to);
        ReadTotals(logDensity, default);
    }

    private void ReadTotals(Span<double> logDensity, Span<double> action)
    {
        workspace.Totals.ReadReplicas(totals);
        for (int r = 0; r < logDensity.Length; r++) logDensity[r] = totals[(r * FlowTotals.Count) + FlowTotals.LogDensity];
        for (int r = 0; r < action.Length; r++) action[r] = totals[(r * FlowTotals.Count) + FlowTotals.Action];
    }

    private void Draw(KernelProgram draw, ulong seed, long step, long firstReplica)
    {
        keyWords[0] = unchecked((int)seed);
        keyWords[1] = unchecked((int)(seed >> 32));
        // Samples beyond 2³² continue in the next step, so that a seed has 2⁷² of them.
        long high = step + (firstReplica >> 32);
        keyWords[2] = unchecked((int)high);
        keyWords[3] = unchecked((int)(high >> 32));
        keyWords[4] = unchecked((int)firstReplica);
        key.Write(keyWords);
        device.Run(draw);
    }

    private KernelProgram DrawProgram(int purpose)
    {
        int tiles = (workspace.Shape.Tiles * T.Width + TDouble.Width - 1) / TDouble.Width;
        var program = new KernelProgram(new BatchShape(Replicas, tiles, tiles));
        prior.AddDraw(program, purpose);
        return program;
    }

    private KernelProgram Program(Action<KernelProgram> fill)
    {
        var program = new KernelProgram(workspace.Shape);
        program.Add(new StartFlow<T>(workspace.Angles.View, workspace.Totals.View, workspace.Links.View, workspace.LinkCotangent.View), Links);
        fill(program);
        return program;
    }

    private void AddTraining(KernelProgram program, GradientEstimator estimator)
    {
        prior.AddDensity(program, gradient: estimator == GradientEstimator.Path);
        foreach (var layer in layers)
        {
            if (estimator == GradientEstimator.Plain) layer.AddForward(program);
            else layer.AddPathForward(program);
        }

        // L = log q + S: going back, ∂S/∂θ enters by the links and −ln|det| by each layer; the path estimator has ∂ log q/∂θ in the links instead.
        int plaquettes = workspace.Lattice.Plaquettes;
        var terms = workspace.Scratch("action terms", plaquettes).View;
        var derivatives = workspace.Scratch("plaquette cotangent", plaquettes).View;
        program.Add(new WilsonPlaquetteTerms<T>(workspace.Links.View, terms, derivatives, workspace.PlaquetteLinks.View, beta.View), plaquettes);
        program.Add(new DensitySum<T>(terms, workspace.Totals.View, FlowTotals.Action, plaquettes, 1), 1);
        int perLink = 2 * (workspace.Lattice.Dimensions - 1);
        program.Add(
            new LinkCotangent<T>(workspace.LinkCotangent.View, derivatives, workspace.PlaquettesOfLinks.View, perLink, 1, estimator == GradientEstimator.Path),
            Links);
        program.Add(new WeighCotangent<T>(workspace.LinkCotangent.View, workspace.Weight.View), Links);
        double logDet = estimator == GradientEstimator.Plain ? -1 : 0;
        foreach (var layer in layers.Reverse()) layer.AddBackward(program, logDet);
    }
}
