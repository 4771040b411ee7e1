using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Reports;

namespace LatticeFlow.Studies;

/// <summary>
/// The continuous flow of SU(3) at β = 6 in two dimensions, of configs/su3_2d_L16_beta6_continuous_flow.toml: effective sample size and ln Z of fresh draws in single precision, what half the step changes in ln w of some of them in
/// double precision, and what a draw costs of one core. Lines of a table in Markdown.
/// </summary>
internal static class ContinuousFlows
{
    private const double Beta = 6;
    private const int Steps = 24;
    private const int Plaquettes = 3;
    private const int Order = 3;
    private const ulong Seed = 20261129;

    /// <summary>Prints the lines; exit code 3 where ln Z is further than 4 errors from the exact one, or half the step changes weights by more than a run may have.</summary>
    public static int Print(ComputeDevice device, IReadOnlyList<string> args)
    {
        int extent = Number(1, 16), draws = Number(2, 16384), compared = Number(3, 512);
        int[] all = args.Count > 4 ? [.. args[4].Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [Steps];
        var trained = Model(Steps);
        FlowCheckpoint.Read(args[0], trained);
        var space = new FieldSpace(GaugeGroup.SU3, new LatticeGeometry(extent, extent));
        var action = new WilsonAction(space.Lattice, GaugeGroup.SU3, Beta);
        double exact = new ExactResults("SU3", "wilson", [extent, extent], Beta).LogPartitionFunction ?? double.NaN;
        Console.WriteLine("| lattice | steps | draws | ESS | ln Z | exact | at half the step: draws | ln w, mean | deviation | largest from the mean | core ms a draw | GFLOP/s of one core |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        bool isRight = true;
        foreach (int steps in all)
        {
            var model = Model(steps);
            trained.Parameters.CopyTo(model.Parameters, 0);
            double[] changes = Changes(device, model, action, compared);
            double mean = changes.Average(), deviation = Math.Sqrt(changes.Sum(change => (change - mean) * (change - mean)) / (changes.Length - 1));
            double start = Seconds();
            var weights = LogWeights.Analyze(FlowEvaluation.LogWeights(device, Precision.Single, model, action, Seed, draws));
            double seconds = (Seconds() - start) / draws;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {extent}² | {steps} | {draws} | {weights.EffectiveSampleSize:F4} ± {weights.EffectiveSampleSizeError:F4} | {weights.LogZ:F4} ± {weights.LogZError:F4} | {exact:F4} | {compared} | {mean:E2} | {deviation:E2} | {changes.Max(change => Math.Abs(change - mean)):E2} | {1e3 * seconds:F1} | {FlowFloor.OfConfiguration(model, space) / seconds / 1e9:F1} |"));
            if (steps == Steps) isRight = Math.Abs(weights.LogZ - exact) < Study.LargestPull * weights.LogZError && deviation < IntegrationError.LargestDeviation;
        }

        return isRight ? 0 : 3;

        int Number(int index, int otherwise) => args.Count > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
    }

    private static double[] Changes(ComputeDevice device, FlowModel model, WilsonAction action, int samples)
    {
        double[] coarse = FlowEvaluation.LogWeights(device, Precision.Double, model, action, Seed, samples), fine = FlowEvaluation.LogWeights(device, Precision.Double, model.Refined()!, action, Seed, samples);
        return [.. fine.Zip(coarse, (a, b) => a - b)];
    }

    private static FlowModel Model(int steps) => new([.. ContinuousStep.Layers(new ContinuousSchedule(GaugeGroup.SU3, 2, steps, Plaquettes, new TimeSplines(4, 3), Beta, Order))]);

    // Of this process on one thread: other programs of the machine do not count.
    private static double Seconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
