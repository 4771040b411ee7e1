using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// The action of an action in the coordinates of a flow: S_f(z) = S(f(z)) − ln|det ∂f/∂z|, so that z with weight e^{−S_f} by Haar measure (of a scalar by Π dφ) means f(z) with weight e^{−S}.
/// </summary>
/// <remarks>Source of the idea: M. Lüscher, Commun. Math. Phys. 293 (2010) 899, section 2.</remarks>
public sealed class FlowedAction : IAction
{
    /// <summary>S after the flow.</summary>
    /// <exception cref="ArgumentException">The flow cannot act on the action's configurations, or the action has several components.</exception>
    public FlowedAction(IAction target, FlowModel flow)
    {
        if (target.Components > 1) throw new ArgumentException($"action '{target.Name}' has {target.Components} coefficients: in the coordinates of a flow there is one.", nameof(target));
        Target = target;
        Flow = flow;
        if (flow.Refusal(Space) is { } reason) throw new ArgumentException($"the flow cannot act on {Field.Description} on a {Lattice} lattice: {reason}.", nameof(flow));
    }

    /// <summary>S.</summary>
    public IAction Target { get; }

    /// <summary>f; its prior is not asked.</summary>
    public FlowModel Flow { get; }

    /// <inheritdoc/>
    public string Name => Target.Name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters => Target.Parameters;

    /// <inheritdoc/>
    public FieldType Field => Target.Field;

    /// <inheritdoc/>
    public LatticeGeometry Lattice => Target.Lattice;

    /// <summary>False: masks of a flow tell sites apart.</summary>
    public bool IsTranslationInvariant => false;

    /// <summary>True: maps are inverted until all lanes have converged.</summary>
    public bool LanesDependOnEachOther => true;

    /// <inheritdoc/>
    public int LeastExtent => Target.LeastExtent;

    private FieldSpace Space => new(Target.Field, Target.Lattice);

    /// <summary>Those of S, and of a pass of the flow: forwards for S, forwards and backwards for the force.</summary>
    public double Flops(WorkKind kind) => Target.Flops(kind) + kind switch
    {
        WorkKind.Force => (1 + FlowFloor.BackwardPasses) * FlowFloor.OfConfiguration(Flow, Space),
        WorkKind.Action => FlowFloor.OfConfiguration(Flow, Space),
        _ => double.NaN,
    };

    /// <inheritdoc/>
    public IActionSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients)
        where T : unmanaged, IReal<T> => new Steps<T>(this, device, stencil, coefficients);

    /// <summary>Refuses: a link does not see its neighbours in a way that could be drawn from.</summary>
    public IHeatBathSteps<T> BindHeatBath<T>(ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients, Func<int, bool>? links = null)
        where T : unmanaged, IReal64<T> => throw new NotSupportedException("in the coordinates of a flow there is no heat bath: use HMC.");

    private sealed class Steps<T> : IActionSteps<T>
        where T : unmanaged, IReal<T>
    {
        private readonly LayerContext<T> context;
        private readonly ICompiledLayer[] layers;
        private readonly IActionSteps<T> target;
        private readonly ActionCoefficients<T> coefficients;
        private readonly Field<T> one;

        public Steps(FlowedAction action, ComputeDevice device, StencilTables stencil, ActionCoefficients<T> coefficients)
        {
            if (stencil.Layout.IsSplit) throw new ArgumentException("a flow needs lanes that are replicas.", nameof(stencil));
            this.coefficients = coefficients;
            context = new LayerContext<T>(device, action.Space, stencil.Layout.Replicas, weight: coefficients.Field);
            layers = new ICompiledLayer[action.Flow.Layers.Count];
            for (int i = 0; i < layers.Length; i++)
            {
                context.Begin(action.Flow.FirstParameter(i));
                layers[i] = action.Flow.Layers[i].Compile(context);
                layers[i].Load(action.Flow.ShareOf(i, action.Flow.Parameters));
            }

            target = action.Target.Bind(device, stencil, coefficients);
            one = device.NewShared<T>(1);
            one.WriteShared([1]);
        }

        public void AddEvaluate(KernelProgram program, Field<T> links, SumField action, int element = 0)
        {
            AddForward(program, links);
            target.AddEvaluate(program, context.Values, context.Totals, FlowTotals.Action);
            program.Add(new AddFlowed<T> { Totals = context.Totals.View, Action = action.View, Element = element, Strength = coefficients.Field.View }, 1);
        }

        public void AddEvaluateComponent(KernelProgram program, Field<T> links, int component, SumField sum, int element = 0)
        {
            AddForward(program, links);
            target.AddEvaluateComponent(program, context.Values, component, context.Totals, FlowTotals.Action);
            program.Add(new AddFlowed<T> { Totals = context.Totals.View, Action = sum.View, Element = element, Strength = coefficients.Ones.View }, 1);
        }

        public void AddForce(KernelProgram program, Field<T> links, Field<T> scale, double coefficient, Field<T> force)
        {
            int tangents = context.Space.Tangents;
            AddForward(program, links);
            program.Add(new Clear<T> { Target = context.Cotangents.View }, tangents);
            target.AddForce(program, context.Values, one, -1, context.Cotangents);
            foreach (var layer in layers.Reverse()) layer.AddBackward(program, -1);
            program.Add(new AddScaled<T> { Source = context.Cotangents.View, Target = force.View, Scale = scale.View, Coefficient = -coefficient }, tangents);
        }

        public void Dispose()
        {
            foreach (var layer in layers) layer.Dispose();
            target.Dispose();
            context.Dispose();
            one.Dispose();
        }

        private void AddForward(KernelProgram program, Field<T> links)
        {
            program.Add(new StartTotals<T>(context.Totals.View), 1);
            program.Add(new Copy<T> { Source = links.View, Target = context.Values.View }, context.Space.Numbers);
            foreach (var layer in layers) layer.AddForward(program);
        }
    }
}
