using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Flows;

/// <summary>Makes flow engines.</summary>
public static class FlowEngine
{
    /// <summary>A model on a device, for batches of <paramref name="replicas"/>.</summary>
    /// <exception cref="ArgumentException">The model cannot act on configurations of this space.</exception>
    public static IFlowEngine Create(ComputeDevice device, Precision precision, FlowModel model, FieldSpace space, int replicas)
    {
        Check(model, space);
        var engine = device.Use(precision, new Factory(model, space, replicas));
        engine.Load(model.Parameters);
        return engine;
    }

    /// <summary>The same for training towards an action.</summary>
    /// <exception cref="ArgumentException">The model cannot act on the action's configurations.</exception>
    public static IFlowTrainingEngine CreateTraining(
        ComputeDevice device, Precision precision, FlowModel model, IAction action, int replicas, GradientKind kind = GradientKind.Sum)
    {
        Check(model, new FieldSpace(action.Field, action.Lattice));
        var engine = device.Use(precision, new TrainingFactory(model, action, replicas, kind));
        engine.Load(model.Parameters);
        return engine;
    }

    private static void Check(FlowModel model, FieldSpace space)
    {
        if (model.Refusal(space) is { } reason) throw new ArgumentException($"the flow cannot act on {space.Type.Description} on a {space.Lattice} lattice: {reason}.", nameof(space));
    }

    private sealed record Factory(FlowModel Model, FieldSpace Space, int Replicas) : ILaneUser<IFlowEngine>
    {
        public IFlowEngine Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new FlowEngine<T, TDouble>(device, Model, Space, Replicas, GradientKind.None);
    }

    private sealed record TrainingFactory(FlowModel Model, IAction Action, int Replicas, GradientKind Kind) : ILaneUser<IFlowTrainingEngine>
    {
        public IFlowTrainingEngine Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new FlowTrainingEngine<T, TDouble>(device, Model, Action, Replicas, Kind);
    }
}

/// <inheritdoc cref="IFlowEngine"/>
internal class FlowEngine<T, TDouble> : IFlowEngine
    where T : unmanaged, IReal<T>
    where TDouble : unmanaged, IReal64<TDouble>
{
    private readonly SumField configurations;
    private readonly ICompiledPrior prior;
    private readonly ICompiledDraw draw;
    private readonly IndexTable key;
    private readonly KernelProgram drawSample;
    private readonly KernelProgram drawBatch;
    private readonly KernelProgram forward;
    private readonly KernelProgram inverse;
    private readonly GroupProjection<TDouble>? projection;
    private readonly double[] totals;
    private readonly int[] keyWords = new int[StreamKey.Length];

    public FlowEngine(ComputeDevice device, FlowModel model, FieldSpace space, int replicas, GradientKind kind)
    {
        Device = device;
        Model = model;
        Replicas = replicas;
        Context = new LayerContext<T>(device, space, replicas, model.Parameters.Length, kind, goesBack: kind != GradientKind.None);
        configurations = device.NewSums<T>(Context.Shape, space.Numbers);
        Context.Begin(0);
        prior = model.Prior.Compile(Context);
        Layers = new ICompiledLayer[model.Layers.Count];
        for (int i = 0; i < Layers.Length; i++)
        {
            Context.Begin(model.FirstParameter(i));
            Layers[i] = model.Layers[i].Compile(Context);
        }

        key = device.NewTable(keyWords);
        int tiles = ((Context.Shape.Tiles * T.Width) + TDouble.Width - 1) / TDouble.Width;
        var drawShape = new BatchShape(replicas, tiles, tiles);
        draw = model.Prior.CompileDraw<TDouble>(device, space, drawShape, configurations, key);
        drawSample = new KernelProgram(drawShape);
        draw.AddDraw(drawSample, Purpose.Prior);
        drawBatch = new KernelProgram(drawShape);
        draw.AddDraw(drawBatch, Purpose.Training);
        projection = GroupProjection<TDouble>.Of(device, space, drawShape, configurations);
        totals = new double[replicas * FlowTotals.Count];
        forward = Program(p =>
        {
            prior.AddDensity(p, gradient: false);
            foreach (var layer in Layers) layer.AddForward(p);
            AddFinish(p);
        });
        inverse = Program(p =>
        {
            foreach (var layer in Layers.Reverse()) layer.AddInverse(p);
            prior.AddDensity(p, gradient: false);
            AddFinish(p);
        });
    }

    public int Replicas { get; }

    public int Numbers => Context.Space.Numbers;

    public long WorkingBytes => Context.Bytes + configurations.Bytes;

    public long KeptBytes => Context.KeptBytes;

    public long GradientBytes => Context.GradientBytes;

    protected ComputeDevice Device { get; }

    protected FlowModel Model { get; }

    protected LayerContext<T> Context { get; }

    protected ICompiledLayer[] Layers { get; }

    public void Load(ReadOnlySpan<double> parameters)
    {
        for (int i = 0; i < Layers.Length; i++) Layers[i].Load(Model.ShareOf(i, parameters));
    }

    public void Sample(ulong seed, long first, Span<double> configurations, Span<double> logDensity)
    {
        Draw(drawSample, seed, 0, first);
        Device.Run(forward);
        if (projection is not null) Device.Run(projection.Program);
        this.configurations.ReadReplicas(configurations);
        ReadTotals(logDensity, default);
    }

    public void Forward(ReadOnlySpan<double> prior, Span<double> configurations, Span<double> logDensity) => Pass(forward, prior, configurations, logDensity);

    public void Inverse(ReadOnlySpan<double> configurations, Span<double> prior, Span<double> logDensity) => Pass(inverse, configurations, prior, logDensity);

    public virtual void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
        prior.Dispose();
        draw.Dispose();
        projection?.Dispose();
        Context.Dispose();
        configurations.Dispose();
        key.Dispose();
    }

    /// <summary>Leaves the configurations of the prior in the place of those given, and log q of these in the totals.</summary>
    protected void RunInverse(ReadOnlySpan<double> configurations)
    {
        Write(configurations);
        Device.Run(inverse);
    }

    protected void DrawBatch(ulong seed, long step) => Draw(drawBatch, seed, step, 0);

    protected void Write(ReadOnlySpan<double> prior) => configurations.WriteReplicas(prior);

    protected void ReadTotals(Span<double> logDensity, Span<double> action)
    {
        Context.Totals.ReadReplicas(totals);
        for (int r = 0; r < logDensity.Length; r++) logDensity[r] = totals[(r * FlowTotals.Count) + FlowTotals.LogDensity];
        for (int r = 0; r < action.Length; r++) action[r] = totals[(r * FlowTotals.Count) + FlowTotals.Action];
    }

    /// <summary>A program that begins with the configurations in double, and goes on as <paramref name="fill"/> says.</summary>
    protected KernelProgram Program(Action<KernelProgram> fill)
    {
        var program = new KernelProgram(Context.Shape);
        program.Add(
            new StartFlow<T>
            {
                Configurations = configurations.View,
                Totals = Context.Totals.View,
                Values = Context.Values.View,
                Angles = Context.Space.Type.Representation == FieldRepresentation.Angle ? 1 : 0,
            },
            Numbers);
        fill(program);
        return program;
    }

    protected void AddPrior(KernelProgram program, bool gradient)
    {
        program.Add(new Clear<T> { Target = Context.Cotangents.View }, Context.Space.Tangents);
        prior.AddDensity(program, gradient);
    }

    private void AddFinish(KernelProgram program) => program.Add(new StoreSums<T> { Source = Context.Values.View, Target = configurations.View }, Numbers);

    private void Pass(KernelProgram program, ReadOnlySpan<double> from, Span<double> to, Span<double> logDensity)
    {
        Write(from);
        Device.Run(program);
        configurations.ReadReplicas(to);
        ReadTotals(logDensity, default);
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
        Device.Run(draw);
    }
}
