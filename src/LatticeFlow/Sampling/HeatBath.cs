using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>One heat-bath sweep over all links followed by overrelaxation sweeps, which move far at constant S.</summary>
/// <remarks>Source: M. Creutz, Phys. Rev. D 21 (1980) 2308; overrelaxation: M. Creutz, Phys. Rev. D 36 (1987) 515.</remarks>
public sealed class HeatBath : ITransition
{
    /// <summary>With a number of overrelaxation sweeps.</summary>
    public HeatBath(int overrelaxation = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(overrelaxation);
        Overrelaxation = overrelaxation;
    }

    /// <inheritdoc/>
    public string Name => "heatbath";

    /// <summary>Overrelaxation sweeps after the heat-bath sweep.</summary>
    public int Overrelaxation { get; }

    /// <summary>All updates in opposite order: the time-reversed transition, since each single update is reversible.</summary>
    internal bool Reversed { get; init; }

    /// <inheritdoc/>
    public ITransition TimeReversal() => new HeatBath(Overrelaxation) { Reversed = !Reversed };

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new Running<T>(this, state);

    private sealed class Running<T> : ITransitionRun
        where T : unmanaged, IReal64<T>
    {
        private readonly MarkovState<T> state;
        private readonly IHeatBathSteps<T> steps;
        private readonly KernelProgram program;
        private readonly HeatBath settings;
        private long sweeps;

        public Running(HeatBath settings, MarkovState<T> state)
        {
            this.state = state;
            this.settings = settings;
            Outcome = new TransitionOutcome(state.Replicas);
            Array.Fill(Outcome.Accepted, 1);
            program = new KernelProgram(state.Shape);
            steps = state.BindHeatBath();
            var updates = new List<Action>();
            for (int colour = 0; colour < steps.Colours; colour++)
            {
                int c = colour;
                updates.Add(() => steps.AddDraw(program, c, state.Field, state.Key));
            }

            for (int sweep = 0; sweep < settings.Overrelaxation; sweep++)
            {
                for (int colour = 0; colour < steps.Colours; colour++)
                {
                    int c = colour;
                    updates.Add(() => steps.AddReflect(program, c, state.Field));
                }
            }

            if (settings.Reversed) updates.Reverse();
            foreach (var add in updates) add();
            state.ActionSteps.AddEvaluate(program, state.Field, state.ActionField);
        }

        public TransitionOutcome Outcome { get; }

        public IEnumerable<TransitionStatistics> Statistics => [new(settings.Name, sweeps, sweeps)];

        public int SavedLength => 1;

        public void Step(bool thermalizing)
        {
            state.NextKey();
            state.Run(program);
            state.Count(WorkKind.HeatBath);
            state.Count(WorkKind.Overrelaxation, settings.Overrelaxation);
            state.Count(WorkKind.Action);
            if (!thermalizing) sweeps += state.Replicas;
        }

        public void Save(Span<double> target) => target[0] = sweeps;

        public void Restore(ReadOnlySpan<double> source) => sweeps = (long)source[0];

        public void Dispose() => steps.Dispose();
    }
}
