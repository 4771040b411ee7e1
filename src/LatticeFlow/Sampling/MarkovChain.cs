using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>
/// A Markov chain of many replicas: thermalises, steps, measures, and fills blocks of rows. Equal settings give equal numbers, bit by bit, for any
/// number of threads and across <see cref="Save"/> and <see cref="Restore"/>.
/// </summary>
public abstract class MarkovChain : IDisposable
{
    private protected MarkovChain(MarkovChainSettings settings) => Settings = settings;

    /// <summary>What is sampled, and how.</summary>
    public MarkovChainSettings Settings { get; }

    /// <summary>Steps made so far, thermalisation included.</summary>
    public abstract long Step { get; }

    /// <summary>Counts and tuned parameters of the transitions.</summary>
    public abstract IReadOnlyList<TransitionStatistics> Statistics { get; }

    /// <summary>What all steps of this object did, those of thermalization included; it is no part of the state that is saved. Measurements are not counted.</summary>
    public abstract Work Work { get; }

    /// <summary>What the last step did.</summary>
    public abstract TransitionOutcome Outcome { get; }

    /// <summary>The configurations of all replicas, <c>[replica][element][component]</c>; valid until the next step.</summary>
    public abstract ReadOnlySpan<double> Field { get; }

    /// <summary>S of all replicas; valid until the next step.</summary>
    public abstract ReadOnlySpan<double> Action { get; }

    /// <summary>A chain on a device.</summary>
    /// <exception cref="ArgumentException">A count in the settings is impossible.</exception>
    /// <exception cref="NotSupportedException">The transition cannot be made with this action or lattice.</exception>
    public static MarkovChain Create(ComputeDevice device, MarkovChainSettings settings)
    {
        if (settings.Replicas < 1) throw new ArgumentException($"replicas = {settings.Replicas}: at least 1.", nameof(settings));
        if (settings.Thermalization < 0) throw new ArgumentException($"thermalization = {settings.Thermalization}: at least 0.", nameof(settings));
        if (settings.Stride < 1) throw new ArgumentException($"stride = {settings.Stride}: at least 1.", nameof(settings));
        return device.Use(Precision.Double, new Factory(settings));
    }

    /// <summary>Makes one step, thermalising as long as the settings say.</summary>
    public abstract void Advance();

    /// <summary>Makes the steps of the thermalisation that are still missing.</summary>
    public void Thermalize()
    {
        while (Step < Settings.Thermalization) Advance();
    }

    /// <summary>An empty block for <see cref="Fill"/>, of <paramref name="draws"/> configurations of every replica.</summary>
    public EnsembleBlock NewBlock(int draws) => NewBlock(draws, Math.Max(0, Step - Settings.Thermalization) / Settings.Stride);

    /// <summary>An empty block for the draws that follow the first <paramref name="before"/> of the chain.</summary>
    public EnsembleBlock NewBlock(int draws, long before)
        => new(draws, Settings.Replicas, Settings.Action.Field.Numbers(Settings.Action.Lattice), Settings.Observables, before, Settings.FieldEvery);

    /// <summary>Fills a block with the next configurations, one every <see cref="MarkovChainSettings.Stride"/> steps, after thermalising if need be.</summary>
    public abstract void Fill(EnsembleBlock block);

    /// <summary>Writes the configurations on which the chain stands to a block, as its draw number <paramref name="draw"/>.</summary>
    public abstract void Record(EnsembleBlock block, int draw);

    /// <summary>Whether the configurations of the last rows of a block are those that the chain continues from; a ladder has more.</summary>
    public abstract bool CanContinueFromRows { get; }

    /// <summary>
    /// The complete state of the chain. Without <paramref name="withField"/> the configurations are left out where <see cref="CanContinueFromRows"/>, for who stores them as rows anyway and puts them back
    /// before <see cref="Restore"/>.
    /// </summary>
    public abstract SavedChain Save(bool withField = true);

    /// <summary>Continues from <see cref="Save"/> of a chain with the same settings.</summary>
    /// <exception cref="InvalidDataException">It is not the state of such a chain.</exception>
    public abstract void Restore(SavedChain saved);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class Factory(MarkovChainSettings settings) : ILaneUser<MarkovChain>
    {
        public MarkovChain Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new MarkovChain<TDouble>(device, settings);
    }
}
