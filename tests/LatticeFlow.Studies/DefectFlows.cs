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
/// Trajectories that close a defect of SU(3) in four dimensions, with couplings around it and without: the variance of ln w, and what trajectories and training cost in seconds of one core. Lines of a table in Markdown. Steps of the
/// protocol are heat-bath sweeps of the lattice, or of boxes around the defect.
/// </summary>
internal static class DefectFlows
{
    private const double Beta = 6;
    private const int Thermalization = 8;
    private const int TransitionsBetweenStarts = 3;
    private const int Replicas = 16;
    private static readonly DefectLevel[] Boxes = [new(1, 1), new(0, 2)];

    /// <summary>Arguments: extent, sizes, steps, trajectories, margins (−2: no map), "sweeps" or "boxes", and the degree of the polynomials.</summary>
    public static int Print(ComputeDevice device, IReadOnlyList<string> args)
    {
        int extent = int.Parse(args[0], CultureInfo.InvariantCulture), trajectories = int.Parse(args[3], CultureInfo.InvariantCulture);
        Console.WriteLine("| lattice | L_d | steps | update | map | trajectories | variance of ln w | ln Z/Z₀ | core seconds a trajectory | of training |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (int size in Numbers(args[1]))
        {
            foreach (int margin in Numbers(args[4]))
            {
                FlowModel? model = null;
                double start = Seconds();
                if (margin > -2) model = Trained(device, extent, size, margin, Numbers(args[2])[0], args[5], int.Parse(args[6], CultureInfo.InvariantCulture));
                double training = Seconds() - start;
                foreach (int steps in Numbers(args[2])) PrintOne(device, extent, size, steps, trajectories, margin, model, args[5], training);
            }
        }

        return 0;
    }

    private static int[] Numbers(string text) => [.. text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static void PrintOne(ComputeDevice device, int extent, int size, int steps, int trajectories, int margin, FlowModel? model, string update, double training)
    {
        var action = Action(extent);
        using var chain = MarkovChain.Create(device, new()
        {
            Action = action,
            Transition = Protocol(action, size, steps, update, model is null ? null : new StochasticFlow(model)),
            Replicas = Replicas,
            Seed = 12,
            Thermalization = Thermalization,
            FieldEvery = 0,
        });
        chain.Thermalize();
        double start = Seconds();
        var block = chain.NewBlock(trajectories / Replicas);
        chain.Fill(block);
        double[] logWeights = block.LogWeight;
        int count = logWeights.Length;
        double seconds = (Seconds() - start) / count, mean = logWeights.Average();
        double variance = logWeights.Sum(w => (w - mean) * (w - mean)) / (count - 1), most = logWeights.Max(), sum = logWeights.Sum(w => Math.Exp(w - most));
        double logZ = most + Math.Log(sum / count), error = Math.Sqrt(logWeights.Sum(w => Math.Pow((Math.Exp(w - most) * count / sum) - 1, 2))) / count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {extent}⁴ | {size} | {steps} | {update} | {(model is null ? "none" : margin < 0 ? "defect" : $"defect and box of margin {margin}")} | {count} | {variance:G4} ± {variance * Math.Sqrt(2.0 / (count - 1)):G2} | {logZ:F3} ± {error:F3} | {seconds:F3} | {(model is null ? "" : training.ToString("F0", CultureInfo.InvariantCulture))} |"));
    }

    private static FlowModel Trained(ComputeDevice device, int extent, int size, int margin, int steps, string update, int degree)
    {
        const int Batch = 32, Iterations = 3;
        var model = new FlowModel([.. StapleCoupling.Layers(new(GaugeGroup.SU3, 4, 1, degree, 0, new BoundaryDefect(0, size), margin))]);
        model.Initialize(1);
        using var engine = StochasticFlowEngine.Create(device, model, Protocol(Action(extent), size, steps, update, null), Batch, 11, Thermalization);
        var trainer = new Trainer(model, engine, new() { Seed = 11, LearningRate = new LearningRate(1), Average = 0.5, Optimizer = (parameters, replicas) => new StepwiseGaussNewton(parameters, replicas, steps) });
        for (int step = 0; step < Iterations; step++)
        {
            var result = trainer.Step();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"L_d = {size}, margin {margin}: iteration {step}, mean work {result.Loss:F3}, variance of ln w {result.LogWeightVariance:F4}; {string.Join(" ", model.Parameters.Select(p => p.ToString("F5", CultureInfo.InvariantCulture)))}"));
        }

        return model;
    }

    private static WilsonAction Action(int extent) => new(new LatticeGeometry(extent, extent, extent, extent), GaugeGroup.SU3, Beta);

    private static Annealing Protocol(WilsonAction action, int size, int steps, string update, IProtocolMap? map)
    {
        var defect = new BoundaryDefect(0, size);
        return new(ActionPath.ThroughDefect(action, defect, 0), AnnealingSchedule.Linear(steps), update == "boxes" ? new DefectSweeps(defect, Boxes) : new HeatBath(), TrajectoryStart.OfChain(new HeatBath(3), TransitionsBetweenStarts)) { Map = map };
    }

    // Of this process on one thread: other programs of the machine do not count.
    private static double Seconds() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
}
