using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services.Verification;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Services;

/// <summary>Checks of <c>doctor</c>: the same short chain on every instruction set and every device, against each other and against plain loops over its links on the host.</summary>
public static class KernelChecks
{
    // A mean over a few thousand links, and a trajectory of a few steps, which amplifies rounding by less than a thousand.
    private const double OfMeans = 1e-12, OfChains = 1e-8;

    private const int Replicas = 2, Trajectories = 2;

    private static readonly (GaugeGroup Group, int[] Extents, double Beta)[] _theories = [(GaugeGroup.U1, [6, 8], 2), (GaugeGroup.SU3, [4, 4, 4, 4], 6)];

    /// <summary>One line a device; <paramref name="device"/> is <c>auto</c> for all, or the one that is looked at beside the CPU.</summary>
    public static IEnumerable<MachineCheck> All(string device, StopSignal stop)
    {
        double[]? reference = null;
        foreach (var (name, open) in Devices(device))
        {
            if (stop.IsRequested) yield break;
            yield return Check(name, open, ref reference);
        }
    }

    private static IEnumerable<(string Name, Func<ComputeDevice> Open)> Devices(string device)
    {
        foreach (var set in InstructionSet.All.Where(set => set.IsSupported).Reverse()) yield return ($"cpu {set.Name}", () => set.Create(0));
        if (device == "cpu") yield break;
        var usable = DeviceCatalog.List().Where(entry => entry.Kind != "cpu" && entry.IsUsable && (device == "auto" || entry.Selector == device || entry.Kind == device)).ToList();
        // What was asked for and is not there is a failure with its reason.
        if (usable.Count == 0 && device != "auto") yield return (device, () => DeviceCatalog.Open(device));
        foreach (var entry in usable) yield return (entry.Selector, () => DeviceCatalog.Open(entry.Selector));
    }

    private static MachineCheck Check(string name, Func<ComputeDevice> open, ref double[]? reference)
    {
        try
        {
            using var device = open();
            List<double> plaquettes = [];
            foreach (var (group, extents, beta) in _theories)
            {
                var (measured, host) = Measure(device, group, new LatticeGeometry(extents), beta);
                if (!(Distance(measured, host) <= OfMeans))
                    return MachineCheck.Fail("kernels", string.Create(CultureInfo.InvariantCulture, $"{name}: the plaquette of {group} is {measured[0]:R}, and {host[0]:R} by plain loops over its links"), "do not compute on it: the device or its driver is at fault");
                plaquettes.AddRange(measured);
            }
            double[] values = [.. plaquettes];
            reference ??= values;
            var apart = Distance(values, reference);
            return apart <= OfChains
                ? MachineCheck.Ok("kernels", string.Create(CultureInfo.InvariantCulture, $"{name}: chains of {string.Join(" and ", _theories.Select(theory => theory.Group))} agree with plain loops and with the other devices ({apart:G1})"))
                : MachineCheck.Fail("kernels", string.Create(CultureInfo.InvariantCulture, $"{name}: plaquettes after {Trajectories} trajectories differ by {apart:G2} from those of the scalar kernels"), "do not compute on it: the device or its driver is at fault");
        }
        catch (DeviceUnavailableException exception)
        {
            return MachineCheck.Fail("kernels", $"{name}: {exception.Message.Split(Environment.NewLine)[0].TrimEnd('.')}", "choose another --device");
        }
    }

    private static (double[] Measured, double[] Host) Measure(ComputeDevice device, GaugeGroup group, LatticeGeometry lattice, double beta)
    {
        var action = new WilsonAction(lattice, group, beta);
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = HamiltonianMonteCarlo.Fixed(new Omelyan2(), 0.5, 5),
            Replicas = Replicas,
            Seed = 20260401,
            Thermalization = 0,
            Observables = [WilsonLoop.Plaquette()],
        });
        for (var k = 0; k < Trajectories; k++) chain.Advance();
        var block = chain.NewBlock(1);
        chain.Record(block, 0);
        var stored = group.AsStored(block.Field, block.Field.Length);
        var numbers = stored.Length / Replicas;
        return (block.Observables["plaquette"], [.. Enumerable.Range(0, Replicas).Select(row => HostMeasurement.Of(group, action.Couplings, stored[(row * numbers)..((row + 1) * numbers)]).Plaquette)]);
    }

    private static double Distance(double[] values, double[] others) => values.Zip(others, (value, other) => Math.Abs(value - other)).Max();
}
