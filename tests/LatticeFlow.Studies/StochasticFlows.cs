using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;
using LatticeFlow.Training;

namespace LatticeFlow.Studies;

/// <summary>
/// Stochastic flows against annealing at equal numbers of heat-bath sweeps: the variance of ln w of SU(3) in four dimensions, with coefficients that are trained on a small lattice with few steps and used on others, and what training and
/// trajectories cost in seconds of one core. Lines of a table in Markdown.
/// </summary>
internal static class StochasticFlows
{
    private const int Degree = 2;

    // Trajectories are independent up to the chain that they start from.
    private const int TransitionsBetweenStarts = 5;
    private const int Thermalization = 40;

    private static readonly Case[] Cases =
    [
        new("haar-1", 0, 1, 4, 10, [(4, 4, 256), (4, 16, 256), (8, 16, 64), (12, 16, 16)]),
        new("haar-2", 0, 2, 4, 10, [(4, 4, 256), (4, 16, 256), (8, 32, 64)]),
        new("5.5-6.0", 5.5, 6, 4, 10, [(4, 10, 256), (4, 40, 256), (8, 40, 64)]),
        new("6.0-6.2", 6, 6.2, 4, 10, [(4, 10, 256), (8, 10, 64), (8, 40, 64), (12, 10, 24)]),
    ];

    public static int Print(ComputeDevice device, IReadOnlyList<string> args)
    {
        string? filter = args.Count > 0 ? args[0] : null;
        int[] orders = args.Count > 1 ? [.. args[1].Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [0, 1, 2];
        int largest = args.Count > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : int.MaxValue, least = args.Count > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 0;
        Console.WriteLine("| from β | to β | lattice | steps | map | trajectories | variance of ln w | ln Z/Z₀ | core seconds a trajectory | of training |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var one in Cases.Where(one => filter is null || one.Name == filter))
        {
            foreach (int order in orders) Print(device, one with { Runs = [.. one.Runs.Where(run => run.Extent >= least && run.Extent <= largest)] }, order);
        }

        return 0;
    }

    private static void Print(ComputeDevice device, Case one, int order)
    {
        FlowModel? model = null;
        double training = 0;
        if (order > 0)
        {
            model = new FlowModel([.. StapleCoupling.Layers(new(GaugeGroup.SU3, 4, 1, Degree, one.To, order) { StartCoupling = one.From })]);
            model.Initialize(1);
            double start = Seconds();
            Train(device, one, model);
            training = Seconds() - start;
            Console.Error.WriteLine($"{one.Name}, order {order}: {string.Join(" ", model.Parameters.Select(p => p.ToString("F5", CultureInfo.InvariantCulture)))}");
        }

        foreach (var (extent, steps, trajectories) in one.Runs)
        {
            double start = Seconds();
            double[] logWeights = LogWeights(device, one, extent, steps, trajectories, model);
            double seconds = (Seconds() - start) / trajectories, mean = logWeights.Average();
            double variance = logWeights.Sum(w => (w - mean) * (w - mean)) / (trajectories - 1), most = logWeights.Max(), sum = logWeights.Sum(w => Math.Exp(w - most));
            double logZ = most + Math.Log(sum / trajectories), error = Math.Sqrt(logWeights.Sum(w => Math.Pow((Math.Exp(w - most) * trajectories / sum) - 1, 2))) / trajectories;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {one.From} | {one.To} | {extent}⁴ | {steps} | {(order == 0 ? "none" : order == 1 ? "plaquettes" : "second order")} | {trajectories} | {variance:G4} ± {variance * Math.Sqrt(2.0 / (trajectories - 1)):G2} | {logZ:F3} ± {error:F3} | {seconds:F3} | {(order == 0 ? "" : training.ToString("F0", CultureInfo.InvariantCulture))} |"));
        }
    }

    private static void Train(ComputeDevice device, Case one, FlowModel model)
    {
        const int Batch = 64, Iterations = 4;
        using var engine = StochasticFlowEngine.Create(device, model, Protocol(one, Action(one, one.TrainingExtent), one.TrainingSteps, null), Batch, 11, Thermalization);
        var trainer = new Trainer(model, engine, new() { Seed = 11, LearningRate = new LearningRate(1), Average = 0.5, Optimizer = (parameters, replicas) => new StepwiseGaussNewton(parameters, replicas, one.TrainingSteps) });
        for (int step = 0; step < Iterations; step++)
        {
            var result = trainer.Step();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name}: iteration {step}, mean work {result.Loss:F3}, variance of ln w {result.LogWeightVariance:F4}"));
        }
    }

    private static double[] LogWeights(ComputeDevice device, Case one, int extent, int steps, int trajectories, FlowModel? model)
    {
        int replicas = Math.Min(trajectories, extent > 8 ? 8 : 32);
        var action = Action(one, extent);
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = Protocol(one, action, steps, model is null ? null : new StochasticFlow(model)),
            Replicas = replicas,
            Seed = 12,
            Thermalization = one.From == 0 ? 0 : Thermalization,
            FieldEvery = 0,
        });
        var block = chain.NewBlock(trajectories / replicas);
        chain.Fill(block);
        return block.LogWeight;
    }

    private static WilsonAction Action(Case one, int extent) => new(new LatticeGeometry(extent, extent, extent, extent), GaugeGroup.SU3, one.To);

    private static Annealing Protocol(Case one, WilsonAction action, int steps, IProtocolMap? map) => new(
        ActionPath.OfFactors(action, one.From / one.To),
        AnnealingSchedule.Linear(steps),
        new HeatBath(),
        one.From == 0 ? TrajectoryStart.Haar : TrajectoryStart.OfChain(new HeatBath(3), TransitionsBetweenStarts))
    {
        Map = map,
    };

    // Of this process on one thread: other programs of the machine do not count.
    private static double Seconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

    private sealed record Case(string Name, double From, double To, int TrainingExtent, int TrainingSteps, (int Extent, int Steps, int Trajectories)[] Runs);
}
