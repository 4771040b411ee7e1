using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests.Devices;

/// <summary>Configurations, action, decisions and observables of a Markov chain after a few steps. Chains are double on every device.</summary>
public sealed class MarkovLaw(ITransition transition, params int[] extents) : IDeviceLaw
{
    /// <summary>The action; Wilson's of U(1) unless said.</summary>
    public Func<LatticeGeometry, IAction> Action { get; init; } = lattice => new WilsonAction(lattice, 1.3);

    /// <summary>Replicas; with one the lanes of wide devices are sub-lattices.</summary>
    public int Replicas { get; init; }

    private const ulong Seed = 0xF1234567_E89ABCDE;
    private const int Draws = 2;
    private static readonly string[] Loops = ["plaquette", "wilson_loop_1x2", "polyakov_re", "polyakov_im", "polyakov_abs"];
    private static readonly string[] Charges = ["topological_charge", "topological_charge_squared"];

    // Rounding of 1e-16, and a reflection at a sum of staples close to zero enlarges it: scalar chains of β and β + 4e-16 with one overrelaxation
    // sweep a step are 3e-12 apart after one step, 2e-10 after two and 1e-6 after four.
    public double DoubleTolerance => 1e-9;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        var lattice = new LatticeGeometry(extents);
        var action = Action(lattice);
        var observables = action.Field == FieldType.Scalar ? ObservableRegistry.NamesFor(FieldType.Scalar)
            : extents.Length == 2 && action.Field == GaugeGroup.U1 ? Loops.Concat(Charges) : Loops;
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = action,
            Transition = transition,
            Replicas = Replicas > 0 ? Replicas : DeviceBench<TDouble>.Uneven,
            Seed = Seed,
            Observables = [.. observables.Select(name => ObservableRegistry.Create(name, lattice, action.Field))],
        });
        var block = chain.NewBlock(Draws);
        chain.Fill(block);
        return
        [
            .. action.Field == GaugeGroup.U1 ? FlowLaw.OnCircle(block.Field) : block.Field, .. block.Action, .. block.Accepted.Select(one => (double)one), .. block.DeltaH.Where(double.IsFinite), .. block.LogWeight.Where(double.IsFinite),
            .. block.Observables.Values.SelectMany(values => values),
        ];
    }
}
