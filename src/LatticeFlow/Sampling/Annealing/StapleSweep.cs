using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// One sweep of staple couplings over the links of all replicas of a state, in its own precision: U ← f(U), ln|det ∂f/∂U| of each, and on request the derivative of each replica's S(f(U)) − ln|det ∂f/∂U| by the coefficients.
/// </summary>
internal sealed class StapleSweep<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly LayerContext<T> context;
    private readonly ICompiledLayer[] layers;
    private readonly bool isInPlace;
    private readonly Field<T> one;
    private readonly double[] totals;

    /// <summary>Of the terms of a schedule. Without gradients links move where they are; with them in a copy, which goes back through the couplings.</summary>
    /// <exception cref="NotSupportedException">Lanes of the state are sub-lattices.</exception>
    public StapleSweep(MarkovState<T> state, StapleSchedule schedule, GradientKind kind)
    {
        if (state.Layout.IsSplit) throw new NotSupportedException("a flow needs lanes that are replicas.");
        this.state = state;
        var terms = schedule.OfCoefficients();
        isInPlace = kind == GradientKind.None;
        context = new LayerContext<T>(
            state.Device, new FieldSpace(state.Action.Field, state.Action.Lattice), state.Replicas, terms.FreeTerms, kind, goesBack: !isInPlace, values: isInPlace ? state.Field : null);
        StapleCoupling[] couplings = [.. StapleCoupling.Layers(terms)];
        layers = [.. couplings.Select(Compiled)];
        Moved = schedule.Defect is null ? [.. Enumerable.Range(0, context.Space.Lattice.Links)] : [.. couplings.SelectMany(coupling => coupling.Mask.On(context.Space.Lattice).Active).Select(one => one.Link).Distinct().Order()];
        totals = new double[state.Replicas * FlowTotals.Count];
        one = state.Device.NewShared<T>(1);
        one.WriteShared([1]);
    }

    /// <summary>Links that move, in order.</summary>
    public IReadOnlyList<int> Moved { get; }

    /// <summary>Takes the coefficients, one a term.</summary>
    public void Load(ReadOnlySpan<double> coefficients)
    {
        foreach (var layer in layers) layer.Load(coefficients);
    }

    /// <summary>U ← f(U), and S of that; or only S <paramref name="around"/> the links that move, before and after.</summary>
    public KernelProgram Forward(bool evaluates = true, ActionAround<T>? around = null) => Mapped(layers, (layer, program) => layer.AddForward(program), evaluates, around);

    /// <summary>U ← f⁻¹(U), and S of that; or only S <paramref name="around"/> the links that move, before and after.</summary>
    public KernelProgram Inverse(bool evaluates = true, ActionAround<T>? around = null) => Mapped(layers.Reverse(), (layer, program) => layer.AddInverse(program), evaluates, around);

    /// <summary>As <see cref="Forward"/>, and the derivatives of <see cref="ReadGradients"/> with S as the state has it: back through the couplings from ∂S at f(U).</summary>
    public KernelProgram ForwardWithGradients()
    {
        var program = Forward();
        program.Add(new Clear<T> { Target = context.Cotangents.View }, context.Space.Tangents);
        state.ActionSteps.AddForce(program, context.Values, one, -1, context.Cotangents);
        foreach (var layer in layers.Reverse()) layer.AddBackward(program, -1);
        return program;
    }

    /// <summary>Runs <see cref="ForwardWithGradients"/>.</summary>
    public void RunWithGradients(KernelProgram program)
    {
        context.ClearGradient();
        state.Run(program);
    }

    /// <summary>ln|det ∂f/∂U| of every replica of the last run, or of <paramref name="inverse"/> runs ln|det ∂f⁻¹/∂U|.</summary>
    public void ReadLogDeterminants(Span<double> logDeterminants, bool inverse = false)
    {
        // Totals are −ln|det ∂f/∂U| in both directions.
        context.Totals.ReadReplicas(totals);
        for (int replica = 0; replica < logDeterminants.Length; replica++)
        {
            double total = totals[(replica * FlowTotals.Count) + FlowTotals.LogDensity];
            logDeterminants[replica] = inverse ? total : -total;
        }
    }

    /// <summary>d[S(f(U)) − ln|det ∂f/∂U|]/dc_k at fixed U of the last run, <c>[replica][term]</c>.</summary>
    public void ReadGradients(Span<double> gradients) => context.ReadGradients(gradients);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
        context.Dispose();
        one.Dispose();
    }

    private ICompiledLayer Compiled(StapleCoupling layer)
    {
        context.Begin(0);
        return layer.Compile(context);
    }

    private KernelProgram Mapped(IEnumerable<ICompiledLayer> order, Action<ICompiledLayer, KernelProgram> add, bool evaluates, ActionAround<T>? around)
    {
        var program = new KernelProgram(state.Shape);
        int numbers = context.Space.Numbers;
        program.Add(new StartTotals<T>(context.Totals.View), 1);
        around?.AddBefore(program);
        if (!isInPlace) program.Add(new Copy<T> { Source = state.Field.View, Target = context.Values.View }, numbers);
        foreach (var layer in order) add(layer, program);

        // Products of many steps would leave the group by their rounding.
        GaugeGroup.Of(context.Space.Type, "a staple coupling").Use(state.Device, new Projection(program, context.Values, context.Table([.. Moved])));
        if (!isInPlace) program.Add(new Copy<T> { Source = context.Values.View, Target = state.Field.View }, numbers);
        if (around is not null) around.AddAfter(program);
        else if (evaluates) state.ActionSteps.AddEvaluate(program, state.Field, state.ActionField);
        return program;
    }

    private sealed record Projection(KernelProgram Program, Field<T> Field, IndexTable Links) : ILinkUser<T, bool>
    {
        public bool Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T>
        {
            Program.Add(new ReunitariseChosen<TLink, T> { Links = Field.View, Chosen = Links.View }, Links.Length);
            return true;
        }
    }
}
