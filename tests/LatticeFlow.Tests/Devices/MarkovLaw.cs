using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests.Devices;

/// <summary>Links, action, decisions and observables of a Markov chain after a few steps. Chains are double on every device.</summary>
public sealed class MarkovLaw(ITransition transition, params int[] extents) : IDeviceLaw
{
    private const ulong Seed = 0xF1234567_E89ABCDE;
    private const int Draws = 2;
    private static readonly string[] Loops = ["plaquette", "wilson_loop_1x2", "polyakov_re", "polyakov_im", "polyakov_abs"];
    private static readonly string[] Charges = ["topological_charge", "topological_charge_squared"];

    // Rounding of 1e-16, which a reflection at a sum of staples close to zero makes some hundred times larger, several times in four steps.
    public double DoubleTolerance => 1e-9;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        var lattice = new LatticeGeometry(extents);
        var observables = extents.Length == 2 ? Loops.Concat(Charges) : Loops;
        using var chain = MarkovChain.Create(device, new MarkovChainSettings
        {
            Action = new WilsonAction(lattice, 1.3),
            Transition = transition,
            Replicas = DeviceBench<TDouble>.Uneven,
            Seed = Seed,
            Stride = 2,
            Observables = [.. observables.Select(name => ObservableRegistry.Create(name, lattice))],
        });
        var block = chain.NewBlock(Draws);
        chain.Fill(block);
        return
        [
            .. FlowLaw.OnCircle(block.Links), .. block.Action, .. block.Accepted.Select(one => (double)one), .. block.DeltaH.Where(double.IsFinite),
            .. block.Observables.Values.SelectMany(values => values),
        ];
    }
}
