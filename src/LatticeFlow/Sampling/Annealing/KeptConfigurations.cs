using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>A second set of configurations of all replicas, on the device, which takes turns with that of the state: those of a chain at one end of a path, while the state holds what is elsewhere on it.</summary>
internal sealed class KeptConfigurations<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly ConfigurationField<T> kept;
    private readonly KernelProgram put;
    private readonly KernelProgram keep;

    /// <summary>Those that the state has now.</summary>
    public KeptConfigurations(MarkovState<T> state)
    {
        this.state = state;
        kept = new ConfigurationField<T>(state.Device, state.Layout, state.Action.Field);
        keep = Copied(state.Field, kept.Field);
        put = Copied(kept.Field, state.Field);
        state.ActionSteps.AddEvaluate(put, state.Field, state.ActionField);
        Keep();
    }

    /// <summary>Numbers of <see cref="Save"/>.</summary>
    public int SavedLength => checked(state.Replicas * state.Numbers);

    /// <summary>They become the configurations of the state, with the S of the action that it has.</summary>
    public void Put()
    {
        state.Run(put);
        state.Count(WorkKind.Action);
    }

    /// <summary>The configurations of the state are kept.</summary>
    public void Keep() => state.Measure(keep);

    /// <summary>Writes them.</summary>
    public void Save(Span<double> target) => kept.Read(target[..SavedLength]);

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public void Restore(ReadOnlySpan<double> source) => kept.Write(source[..SavedLength]);

    /// <inheritdoc/>
    public void Dispose() => kept.Dispose();

    private KernelProgram Copied(Field<T> from, Field<T> to)
    {
        var program = new KernelProgram(state.Shape);
        program.Add(new Copy<T> { Source = from.View, Target = to.View }, from.Elements);
        return program;
    }
}
