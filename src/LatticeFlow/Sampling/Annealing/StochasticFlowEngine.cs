using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Storage;

namespace LatticeFlow.Sampling;

/// <summary>Makes engines that train stochastic flows.</summary>
public static class StochasticFlowEngine
{
    /// <summary>
    /// The flow of one sweep of <paramref name="model"/> as the maps of a protocol, with so many trajectories a batch. Trajectories start where those of the protocol do; a chain at S_0 has made <paramref name="thermalization"/> of its rounds
    /// before the first batch, and goes on from batch to batch.
    /// </summary>
    /// <exception cref="ArgumentException">The flow is no sweep of staple couplings.</exception>
    /// <exception cref="NotSupportedException">The action or the lattice does not allow a part of it; the message says why.</exception>
    public static IProtocolTrainingEngine Create(ComputeDevice device, FlowModel model, Annealing protocol, int replicas, ulong seed, int thermalization = 0) =>
        device.Use(Precision.Double, new Factory(new StochasticFlow(model), protocol, replicas, seed, thermalization));

    private sealed record Factory(StochasticFlow Flow, Annealing Protocol, int Replicas, ulong Seed, int Thermalization) : ILaneUser<IProtocolTrainingEngine>
    {
        public IProtocolTrainingEngine Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new StochasticFlowEngine<TDouble>(device, Flow, Protocol, Replicas, Seed, Thermalization);
    }
}

/// <inheritdoc cref="IProtocolTrainingEngine"/>
internal sealed class StochasticFlowEngine<T> : IProtocolTrainingEngine
    where T : unmanaged, IReal64<T>
{
    private const string Starts = "protocol_starts";
    private const string Update = "protocol_update";
    private const string Transitions = "protocol_transitions";
    private readonly StochasticFlow flow;
    private readonly Annealing protocol;
    private readonly MarkovState<T> state;
    private readonly ActionComponents<T> components;
    private readonly ITransitionRun update;
    private readonly TrajectoryStarts<T> starts;
    private readonly StapleSweep<T> sweep;
    private readonly KernelProgram forward;
    private readonly KernelProgram withGradients;
    private readonly double[] times;
    private readonly double[] parameters;
    private readonly double[] coefficients;
    private readonly double[] before;
    private readonly double[] after;
    private readonly double[] logDeterminants;
    private readonly double[] ofCoefficients;
    private readonly double[] ofStep;
    private readonly double[] workOfStep;
    private readonly double[] startsBefore;
    private readonly double[] updateBefore;
    private readonly int thermalization;
    private long transitionsBefore;
    private long batch = -1;
    private bool isThermalized;

    public StochasticFlowEngine(ComputeDevice device, StochasticFlow flow, Annealing protocol, int replicas, ulong seed, int thermalization)
    {
        (this.flow, this.protocol, this.thermalization) = (flow, protocol, thermalization);
        state = new MarkovState<T>(device, protocol.Path.Action, replicas, seed, LaneUse.Replicas);
        try
        {
            state.StartHot();
            components = new ActionComponents<T>(state, protocol.Path);
            update = protocol.Update.Bind(state);
            starts = new TrajectoryStarts<T>(state, protocol.Start, goesAndComes: false);
            sweep = new StapleSweep<T>(state, flow.Schedule, GradientKind.Samples);
        }
        catch
        {
            Dispose();
            throw;
        }

        forward = sweep.Forward();
        withGradients = sweep.ForwardWithGradients();
        times = [.. protocol.Schedule.Times];
        parameters = [.. flow.Rates.Parameters];
        coefficients = new double[flow.Schedule.FreeTerms];
        (before, after) = (new double[replicas], new double[replicas]);
        logDeterminants = new double[replicas];
        ofCoefficients = new double[replicas * coefficients.Length];
        ofStep = new double[replicas * parameters.Length];
        workOfStep = new double[replicas];
        startsBefore = new double[starts.SavedLength];
        updateBefore = new double[update.SavedLength];
    }

    public int Replicas => state.Replicas;

    public int Steps => times.Length - 1;

    public void Load(ReadOnlySpan<double> parameters) => parameters.CopyTo(this.parameters);

    public void Gradient(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradient, Span<double> logDensity, Span<double> action)
    {
        Begin(step);
        gradient.Clear();
        StartTrajectories(logDensity);
        for (int t = 1; t <= Steps; t++)
        {
            StepOf(t, wantsGradients: true);
            Add(workOfStep, logDensity);
            for (int i = 0; i < ofStep.Length; i++) gradient[i % parameters.Length] += ofStep[i] / Replicas;
        }

        Finish(logDensity, action);
    }

    public void Gradients(ulong seed, long step, double strength, GradientEstimator estimator, Span<double> gradients, Span<double> logDensity, Span<double> action)
    {
        Begin(step);
        gradients.Clear();
        StartTrajectories(logDensity);
        for (int t = 1; t <= Steps; t++)
        {
            StepOf(t, wantsGradients: true);
            Add(workOfStep, logDensity);
            Add(ofStep, gradients);
        }

        Finish(logDensity, action);
    }

    public void Evaluate(ulong seed, long step, double strength, Span<double> logDensity, Span<double> action)
    {
        Begin(step);
        StartTrajectories(logDensity);
        for (int t = 1; t <= Steps; t++)
        {
            StepOf(t, wantsGradients: false);
            Add(workOfStep, logDensity);
        }

        Finish(logDensity, action);
    }

    public void StepGradients(ulong seed, long step, Span<double> gradients, Span<double> work, Span<double> logDensity, Span<double> action)
    {
        Begin(step);
        StartTrajectories(logDensity);
        for (int t = 1; t <= Steps; t++)
        {
            StepOf(t, wantsGradients: true);
            Add(workOfStep, logDensity);
            workOfStep.CopyTo(work[((t - 1) * Replicas)..]);
            ofStep.CopyTo(gradients[((t - 1) * ofStep.Length)..]);
        }

        Finish(logDensity, action);
    }

    public void StepWork(ulong seed, long step, Span<double> work)
    {
        Begin(step);
        StartTrajectories(logDeterminants);
        for (int t = 1; t <= Steps; t++)
        {
            StepOf(t, wantsGradients: false);
            workOfStep.CopyTo(work[((t - 1) * Replicas)..]);
        }
    }

    public void Save(StateSections sections)
    {
        double[] ofStarts = new double[starts.SavedLength], ofUpdate = new double[update.SavedLength];
        starts.Save(ofStarts);
        update.Save(ofUpdate);
        sections.Set(Starts, ofStarts).Set(Update, ofUpdate).Set(Transitions, isThermalized ? state.Transitions : -1);
    }

    public void Restore(StateSections sections)
    {
        long transitions = sections.GetLong(Transitions);
        batch = -1;
        isThermalized = transitions >= 0;
        if (!isThermalized) return;
        starts.Restore(sections.GetDoubles(Starts));
        update.Restore(sections.GetDoubles(Update));
        state.CountFrom(transitions);
    }

    public void Dispose()
    {
        sweep?.Dispose();
        starts?.Dispose();
        update?.Dispose();
        state.Dispose();
    }

    private static void Add(ReadOnlySpan<double> numbers, Span<double> to)
    {
        for (int i = 0; i < numbers.Length; i++) to[i] += numbers[i];
    }

    // A new batch remembers where it starts from, so that the same one can be had again at other parameters.
    private void Begin(long step)
    {
        if (step == batch)
        {
            starts.Restore(startsBefore);
            update.Restore(updateBefore);
            state.CountFrom(transitionsBefore);
            return;
        }

        components.SetTime(0);
        if (!isThermalized)
        {
            for (int i = 0; i < thermalization && starts.IsChain; i++) starts.Next(thermalizing: true);
            isThermalized = true;
        }

        batch = step;
        starts.Save(startsBefore);
        update.Save(updateBefore);
        transitionsBefore = state.Transitions;
    }

    private void StartTrajectories(Span<double> work)
    {
        components.SetTime(0);
        starts.Next(thermalizing: false);
        work.Clear();
        starts.AddFirstWork(work);
    }

    // Log q such that −S − log q = −W.
    private void Finish(Span<double> work, Span<double> action)
    {
        state.ReadAction().CopyTo(action);
        for (int r = 0; r < work.Length; r++) work[r] -= action[r];
    }

    // The work of one step and, on request, its gradients; then the update.
    private void StepOf(int t, bool wantsGradients)
    {
        double earlier = times[t - 1], later = times[t];
        components.ChangeTime(later, workOfStep);
        state.CopyAction(before);
        flow.Coefficients(earlier, later, parameters, coefficients);
        sweep.Load(coefficients);
        if (wantsGradients) sweep.RunWithGradients(withGradients);
        else state.Run(forward);
        state.CopyAction(after);
        sweep.ReadLogDeterminants(logDeterminants);
        for (int r = 0; r < Replicas; r++) workOfStep[r] += after[r] - before[r] - logDeterminants[r];

        if (wantsGradients)
        {
            sweep.ReadGradients(ofCoefficients);
            Array.Clear(ofStep);
            for (int r = 0; r < Replicas; r++)
                flow.AddGradient(earlier, later, ofCoefficients.AsSpan(r * coefficients.Length, coefficients.Length), ofStep.AsSpan(r * parameters.Length, parameters.Length));
        }

        update.Step(thermalizing: false);
    }
}
