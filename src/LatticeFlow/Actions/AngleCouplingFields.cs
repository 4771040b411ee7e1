using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>β of every plaquette of a lane for the kernels of U(1) angles: shared by all replicas where the action has one component, else numbers of each replica.</summary>
internal sealed class AngleCouplingFields<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly Field<T>? shared;
    private readonly CouplingMixture<T>? mixture;
    private readonly IndexTable? numberOfPlaquette;
    private readonly ActionCoefficients<T> coefficients;

    public AngleCouplingFields(ComputeDevice device, LatticeLayout layout, IReadOnlyList<LoopCouplings> components, ActionCoefficients<T> coefficients)
    {
        this.coefficients = coefficients;
        double[][] ofPlaquettes = [.. components.Select(loops => OfLane(layout, loops))];
        if (components.Count == 1)
        {
            shared = device.NewShared<T>(layout.OfLane.Plaquettes);
            shared.WriteShared(ofPlaquettes[0]);
            return;
        }

        var distinct = new DistinctCouplings(components.Count);
        var number = new double[components.Count];
        int[] numbers = new int[layout.OfLane.Plaquettes];
        for (int p = 0; p < numbers.Length; p++)
        {
            for (int k = 0; k < number.Length; k++) number[k] = ofPlaquettes[k][p];
            numbers[p] = distinct.NumberOf(number);
        }

        numberOfPlaquette = device.NewTable(numbers);
        mixture = coefficients.Mix(distinct.Components);
    }

    /// <summary>What kernels multiply with besides, one number a replica.</summary>
    public Field<T> Strength => mixture?.Strength ?? coefficients.Field;

    /// <summary>The couplings as kernels see them.</summary>
    public AngleCouplings<T> View => shared is not null
        ? new() { Numbers = shared.View }
        : new() { Numbers = mixture!.Couplings.View, OfReplica = 1, NumberOfPlaquette = numberOfPlaquette!.View };

    /// <summary>β of every plaquette of a lane.</summary>
    public static double[] OfLane(LatticeLayout layout, LoopCouplings loops)
    {
        var lattice = layout.OfLane;
        return [.. Enumerable.Range(0, lattice.Plaquettes).Select(p => loops.Plaquettes[layout.IsSplit ? p % lattice.Planes.Count : p])];
    }

    public void Dispose()
    {
        shared?.Dispose();
        mixture?.Dispose();
        numberOfPlaquette?.Dispose();
    }
}
