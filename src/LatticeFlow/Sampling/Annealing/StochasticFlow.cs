using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// The maps of a stochastic normalizing flow: between the change of the action and the update of each step of a protocol one sweep of staple couplings over all links, or over those around a defect. Their coefficients are those of a <see cref="StapleSchedule"/>,
/// whose time is that of the protocol: in the step from s to s′ that of term k is (s′ − s) Σ_m p_{k,m} ((s + s′)/2)^m. They are rates, so that parameters found with few steps serve many, and other volumes.
/// </summary>
/// <remarks>
/// As a flow of its own, one sweep is the step from 0 to 1: a stochastic flow is described, stored and verified as that. Sources: M. Caselle, E. Cellini, A. Nada, M. Panero, JHEP 07 (2022) 015; A. Bulgarelli, E. Cellini, A. Nada,
/// arXiv:2412.00200 (SU(3), masked stout couplings).
/// </remarks>
public sealed class StochasticFlow : IProtocolMap
{
    /// <summary>The maps of a flow with one sweep of staple couplings, whose parameters are read when a state is bound.</summary>
    /// <exception cref="ArgumentException">The flow is made of something else; the message says what.</exception>
    public StochasticFlow(FlowModel rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        if (Refusal(rates) is { } reason) throw new ArgumentException(reason, nameof(rates));
        Rates = rates;
        Schedule = ((StapleCoupling)rates.Layers[0]).Schedule;
    }

    /// <summary>The flow of one sweep whose parameters are p.</summary>
    public FlowModel Rates { get; }

    /// <summary>What coefficients are made of.</summary>
    public StapleSchedule Schedule { get; }

    /// <summary>What a test does wrong, to see that it is noticed.</summary>
    internal StochasticFlowFault Fault { get; init; }

    /// <summary>Why a flow cannot be the map of each step of a protocol, or null.</summary>
    public static string? Refusal(FlowModel flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Layers.Count == 0) return "a flow without layers maps nothing";
        if (flow.Layers.FirstOrDefault(layer => layer is not StapleCoupling) is { } other) return $"the map of a step is made of staple couplings, and the flow has a {(string?)other.Describe()["kind"]}";
        var schedules = flow.Layers.Cast<StapleCoupling>().Select(layer => layer.Schedule).Distinct().ToArray();
        if (schedules.Length > 1 || schedules[0].Sweeps != 1) return "the map of a step is one sweep of staple couplings, and the flow has more";
        return schedules[0].Hidden is null ? null : "coefficients of the map of a step are constants, and those of the flow come from a network";
    }

    /// <summary>The map of the step from one time to a later one as a flow of its own, whose parameters are the coefficients.</summary>
    public FlowModel Step(double from, double to)
    {
        var step = new FlowModel([.. StapleCoupling.Layers(Schedule.OfCoefficients())], Rates.Prior);
        Coefficients(from, to, Rates.Parameters, step.Parameters);
        return step;
    }

    /// <inheritdoc/>
    public IProtocolMapRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new Running<T>(this, state);

    /// <summary>The coefficients of the step from one time to a later one.</summary>
    internal void Coefficients(double from, double to, ReadOnlySpan<double> parameters, Span<double> coefficients) => Schedule.Coefficients(to - from, 0.5 * (from + to), parameters, coefficients);

    /// <summary>From the derivatives by the coefficients of that step those by the parameters; adds.</summary>
    internal void AddGradient(double from, double to, ReadOnlySpan<double> ofCoefficients, Span<double> gradient) => Schedule.AddGradient(to - from, 0.5 * (from + to), ofCoefficients, gradient);

    private sealed class Running<T> : IProtocolMapRun
        where T : unmanaged, IReal64<T>
    {
        private readonly StochasticFlow flow;
        private readonly MarkovState<T> state;
        private readonly StapleSweep<T> sweep;
        private readonly ActionAround<T>? around;
        private readonly Compute.KernelProgram forward;
        private readonly Compute.KernelProgram inverse;
        private readonly double[] before;
        private readonly double[] coefficients;
        private readonly double[] parameters;
        private readonly double flops;
        private readonly bool evaluates;

        public Running(StochasticFlow flow, MarkovState<T> state)
        {
            (this.flow, this.state) = (flow, state);
            var space = new FieldSpace(state.Action.Field, state.Action.Lattice);
            if (flow.Rates.Layers.Select(layer => layer.Refusal(space)).FirstOrDefault(reason => reason is not null) is { } refusal) throw new NotSupportedException(refusal);
            flops = FlowFloor.OfConfiguration(flow.Rates, space);
            sweep = new StapleSweep<T>(state, flow.Schedule, GradientKind.None);
            parameters = [.. flow.Rates.Parameters];
            coefficients = new double[flow.Schedule.FreeTerms];
            before = new double[state.Replicas];

            // Around a defect S changes where links do.
            around = flow.Schedule.Defect is null ? null : ActionAround<T>.Of(state, sweep.Moved.ToHashSet());
            bool stale = flow.Fault == StochasticFlowFault.ActionBeforeMap;
            evaluates = !stale;
            forward = sweep.Forward(evaluates, around);
            inverse = sweep.Inverse(evaluates, around);
        }

        public void Forward(double from, double to, Span<double> changes, Span<double> logDeterminants) => Run(forward, from, to, changes, logDeterminants);

        public void Inverse(double from, double to, Span<double> changes, Span<double> logDeterminants) => Run(inverse, from, to, changes, logDeterminants);

        public void Dispose()
        {
            sweep.Dispose();
            around?.Dispose();
        }

        private void Run(Compute.KernelProgram program, double from, double to, Span<double> changes, Span<double> logDeterminants)
        {
            flow.Coefficients(from, to, parameters, coefficients);
            sweep.Load(coefficients);
            state.Count(WorkKind.Flow, 1, flops);
            if (around is not null)
            {
                state.RunWithoutAction(program);
                state.ForgetAction();
                around.ReadChange(changes);
                state.Count(WorkKind.Action, around.Share);
                if (!evaluates) changes.Clear();
            }
            else
            {
                state.CopyAction(before);
                state.Run(program);
                state.CopyAction(changes);
                for (int replica = 0; replica < before.Length; replica++) changes[replica] -= before[replica];
                if (evaluates) state.Count(WorkKind.Action);
            }

            // On the way back the density grows by what it fell on the way there.
            sweep.ReadLogDeterminants(logDeterminants, inverse: program == inverse);
            if (flow.Fault == StochasticFlowFault.WithoutLogDeterminant) logDeterminants.Clear();
        }
    }
}

/// <summary>A fault that a test puts into the maps of a protocol.</summary>
internal enum StochasticFlowFault
{
    /// <summary>None.</summary>
    None,

    /// <summary>ln|det| is left out.</summary>
    WithoutLogDeterminant,

    /// <summary>S after the map is that before it.</summary>
    ActionBeforeMap,
}
