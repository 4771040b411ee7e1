using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>How the replicas of the Markov chain lay on the device that drew an ensemble: sums over the lattice were made in this order.</summary>
/// <param name="Replicas">Replicas that were measured: all on the device, but of ladders one each, which are laid out by themselves.</param>
/// <param name="LeastExtent">The least extent of a sub-lattice that the action allows.</param>
/// <param name="MayBeSplit">Whether lanes could be sub-lattices.</param>
public sealed record ChainLayout(int Replicas, int LeastExtent, bool MayBeSplit)
{
    /// <summary>Of chains of an action.</summary>
    public static ChainLayout Of(IAction action, int replicas) => new(replicas, action.LeastExtent, action.IsTranslationInvariant);

    /// <summary>Of ladders, of each of which one replica is measured, away from the others.</summary>
    public static ChainLayout OfLadders(IAction action, int ladders) => new(ladders, action.LeastExtent, MayBeSplit: true);
}

/// <summary>
/// How stored configurations are laid out to be measured: as by the chain that drew them, so that every value is bit for bit what the chain would have measured, as long as that fits; large lattices one at a
/// time, with lanes as sub-lattices.
/// </summary>
internal static class MeterLayout
{
    /// <summary>Bytes of configurations that are measured at once; twice as many with their smeared copies.</summary>
    private const long BatchBytes = 1L << 26;

    /// <summary>Bytes that are spent on having the layout of the chain, where another one would need less.</summary>
    private const long SameLayoutBytes = 1L << 29;

    /// <summary>Bytes of a field from which on links are smeared in place: a copy would count.</summary>
    private const long InPlaceBytes = 1L << 25;

    /// <summary>The layout for up to <paramref name="most"/> configurations at once, and whether links are smeared in place.</summary>
    public static (LatticeLayout Layout, bool InPlace) Of<T>(ComputeDevice device, FieldSpace space, ChainLayout? chain, int most)
        where T : unmanaged, IReal<T>
    {
        long bytes = space.Numbers * (long)sizeof(double);
        int batch = (int)Math.Clamp(BatchBytes / bytes, 1, most);
        var split = LatticeLayout.OfSubLattices<T>(device, space.Lattice, batch, chain?.LeastExtent ?? 2);
        bool fits = bytes * T.Width <= (chain is null ? BatchBytes : SameLayoutBytes);
        var layout = split is not null && (IsSplit<T>(device, space, chain) || !fits) ? split : LatticeLayout.OfReplicas<T>(device, space.Lattice, Replicas<T>(space, chain, batch));
        return (layout, bytes * (layout.IsSplit ? 1 : T.Width) >= InPlaceBytes);
    }

    private static bool IsSplit<T>(ComputeDevice device, FieldSpace space, ChainLayout? chain)
        where T : unmanaged, IReal<T> => chain is { MayBeSplit: true } && LatticeLayout.Best<T>(device, space.Lattice, chain.Replicas, chain.LeastExtent).IsSplit;

    /// <summary>Whole tiles; where lanes depend on each other, each replica in the company of those beside which it was measured.</summary>
    private static int Replicas<T>(FieldSpace space, ChainLayout? chain, int batch)
        where T : unmanaged, IReal<T>
    {
        if (chain is not null && space.Type.LanesDependOnEachOther && chain.Replicas % T.Width != 0) return chain.Replicas;
        return (batch + T.Width - 1) / T.Width * T.Width;
    }
}
