using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>How long samplers take to forget the topological charge, where exact values judge them. A section a theory; scripts/study-topology.sh keeps their tables.</summary>
internal static class Topology
{
    private const ulong Seed = 20261129;
    private const int Replicas = 8;
    private const int DrawsOfBlock = 256;
    private const int Extent = 32;
    private const double SecondsOfSampler = 60;

    // Of every sampler of a frozen theory: starts are hot, and leave many instantons behind.
    private const int Thermalization = 4000;
    private const string Squared = "topological_charge_squared";
    private const string Plaquette = "plaquette";

    /// <summary>The names of the sections.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["u1"];

    /// <summary>Prints the table of a section; each sampler runs for so many seconds.</summary>
    public static int Print(string section, double seconds = SecondsOfSampler)
    {
        if (section != "u1")
        {
            Console.Error.WriteLine($"there is no section '{section}': take {string.Join(", ", Sections)}.");
            return 2;
        }

        Console.WriteLine("| β | sampler | ⟨Q²⟩ | exact | pull | τ_int(Q²), steps | steps of a chain | ms a step and chain | ms an independent Q² | plaquette, pull |");
        Console.WriteLine("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        double worst = 0;
        foreach (double beta in new double[] { 7, 9 })
        {
            foreach (var (name, transition) in Samplers()) worst = Math.Max(worst, PrintRow(beta, name, transition, seconds));
        }

        return worst < Study.LargestPull ? 0 : 3;
    }

    private static IEnumerable<(string Name, ITransition Transition)> Samplers()
    {
        yield return ("heat bath + 1 overrelaxation", new HeatBath(1));
        yield return ("HMC, Omelyan, tuned to 0.8, length 1 ± ½", HamiltonianMonteCarlo.Tuned(new Omelyan2(), 1, 0.8).WithLengthSpread(0.5));
        yield return ("boundary tempering, L_d = 6, 8 rungs", Ladder(6, 8));
        yield return ("boundary tempering, L_d = 6, 8 rungs, boxes", Ladder(6, 8, new DefectLevel(2, 2, 1), new DefectLevel(0, 2, 1)));
    }

    private static BoundaryTempering Ladder(int size, int rungs, params DefectLevel[] levels) =>
        new(new HeatBath(1), new BoundaryDefect(0, size), [.. Enumerable.Range(0, rungs).Select(k => 1 - (k / (rungs - 1.0)))], levels) { IsTuned = true };

    // The larger pull of the row.
    private static double PrintRow(double beta, string name, ITransition transition, double seconds)
    {
        using var device = InstructionSet.Best().Create(1);
        var lattice = new LatticeGeometry(Extent, Extent);
        var exact = new TwoDimensionalU1(beta, Extent, Extent);
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, beta),
            Transition = transition,
            Replicas = Replicas,
            Seed = Seed,
            Thermalization = Thermalization,
            Start = ChainStart.Mixed,
            Observables = [.. new[] { Plaquette, Squared }.Select(observable => ObservableRegistry.Create(observable, lattice, GaugeGroup.U1))],
        });
        chain.Thermalize();
        var block = chain.NewBlock(DrawsOfBlock);
        List<double>[] charges = [.. Enumerable.Range(0, Replicas).Select(_ => new List<double>())], plaquettes = [.. Enumerable.Range(0, Replicas).Select(_ => new List<double>())];
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            chain.Fill(block);
            for (int row = 0; row < block.Rows; row++)
            {
                charges[row % Replicas].Add(block.Observables[Squared][row]);
                plaquettes[row % Replicas].Add(block.Observables[Plaquette][row]);
            }
        }

        double elapsed = watch.Elapsed.TotalSeconds;
        var charge = GammaMethod.Analyze([.. charges.Select(one => one.ToArray())]);
        var plaquette = GammaMethod.Analyze([.. plaquettes.Select(one => one.ToArray())]);
        int steps = charges[0].Count;
        double milliseconds = 1000 * elapsed / steps / Replicas;
        double pull = (charge.Mean - exact.TopologicalChargeSquared) / charge.Error, pullOfPlaquette = (plaquette.Mean - exact.Plaquette) / plaquette.Error;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {beta} | {name} | {charge.Mean:F4} ± {charge.Error:F4} | {exact.TopologicalChargeSquared:F4} | {pull:F1} | {charge.TauInt:G3} ± {charge.TauIntError:G2} | {steps} | {milliseconds:G3} | {2 * charge.TauInt * milliseconds:G3} | {pullOfPlaquette:F1} |"));
        foreach (var statistics in chain.Statistics) Console.Error.WriteLine($"β = {beta}, {name}: {statistics.Name} {statistics.Acceptance:F3} of {statistics.Proposed}");
        return Math.Max(Math.Abs(pull), Math.Abs(pullOfPlaquette));
    }
}
