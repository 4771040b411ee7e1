using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Devices;

/// <summary>All that a flow computes: samples, both directions, both gradients and those of single replicas, and the action and force that it leaves for its prior.</summary>
/// <param name="flow">Layers and what they act on.</param>
/// <param name="prior">What the flow starts from.</param>
public sealed class FlowLaw(FlowCase flow, IFlowPrior prior) : IDeviceLaw
{
    // Two tiles of a GPU, the last of which has idle lanes.
    private const int Replicas = DeviceBench<DeviceDouble>.Uneven;
    private const double Beta = 1.5;

    // The high bits are set, so that the words that random numbers are made of wrap around.
    private const ulong Seed = 0xF1234567_E89ABCDE;

    // Rounding of 6e-8 in angles up to π, times the slopes of eight layers, times some hundred terms of a log density. Measured: 1.2e-5
    // (splines; Möbius maps 3e-6).
    public double SingleTolerance { get; init; } = 1e-4;

    // The same with 1.1e-16: measured 4e-14 where products are not fused (OpenCL), else 1e-15.
    public double DoubleTolerance { get; init; } = 1e-12;


    // Parameters far from the identity, where layers do not lose digits.
    public double Spread { get; init; } = 0.2;

    public double[] Use<T, TDouble>(ComputeDevice device)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        var precision = T.IsDouble ? Precision.Double : Precision.Single;
        var space = flow.Space;
        var model = FlowCase.Randomised(new FlowModel(flow.Layers, prior), 7, Spread);
        var action = FlowCase.Action(space, Beta);
        using var engine = FlowEngine.CreateTraining(device, precision, model, action, Replicas);
        return All(device, precision, model, action, engine);
    }

    private double[] All(ComputeDevice device, Precision precision, FlowModel model, IAction action, IFlowTrainingEngine engine)
    {
        var space = flow.Space;
        double[] configurations = new double[Replicas * engine.Numbers], logDensity = new double[Replicas], energy = new double[Replicas];
        var gradient = new double[model.Parameters.Length];
        List<double> all = [];

        // Sample 2³² − 5 and those after it: the number of a replica goes over the end of its word.
        engine.Sample(Seed, (1L << 32) - 5, configurations, logDensity);
        all.AddRange([.. Comparable(space, configurations), .. logDensity]);
        var priors = Priors(device, space);
        engine.Forward(priors, configurations, logDensity);
        all.AddRange([.. Comparable(space, configurations), .. logDensity]);
        engine.Inverse(priors, configurations, logDensity);
        all.AddRange([.. Comparable(space, configurations), .. logDensity]);
        foreach (var estimator in Enum.GetValues<GradientEstimator>())
        {
            engine.Gradient(Seed, 3, 0.8, estimator, gradient, logDensity, energy);

            // Scores are multiplied with the fluctuations of ln w: so is their rounding.
            double[] work = [.. logDensity.Zip(energy, (a, b) => a + b)];
            double scale = estimator == GradientEstimator.Score ? Math.Max(1, work.Max() - work.Min()) : 1;
            all.AddRange([.. gradient.Select(g => g / scale), .. logDensity, .. energy]);
        }

        // Scores at configurations far from where the flow is are large, and so is their rounding.
        engine.ForwardGradient(priors, gradient, logDensity);
        double largest = Math.Max(1, gradient.Max(Math.Abs));
        all.AddRange([.. gradient.Select(g => g / largest), .. logDensity]);
        using var samples = FlowEngine.CreateTraining(device, precision, model, action, 2, GradientKind.Samples);
        var own = new double[2 * gradient.Length];
        foreach (var estimator in new[] { GradientEstimator.Plain, GradientEstimator.Score })
        {
            samples.Gradients(Seed, 5, 0.8, estimator, own, logDensity.AsSpan(0, 2), energy.AsSpan(0, 2));
            all.AddRange(own);
        }

        var flowed = new FlowedAction(action, model);
        all.AddRange(ActionForce.Evaluate(device, flowed, priors.AsSpan(0, 2 * space.Numbers)));
        using var evaluator = ActionEvaluator.Create(device, flowed, 2);
        evaluator.Evaluate(priors.AsSpan(0, 2 * space.Numbers), energy.AsSpan(0, 2));
        all.AddRange(energy.AsSpan(0, 2));
        return [.. all];
    }

    /// <summary>Angles as numbers that have no jump at ±π.</summary>
    internal static IEnumerable<double> OnCircle(IEnumerable<double> angles) => angles.SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) });

    private static IEnumerable<double> Comparable(FieldSpace space, IEnumerable<double> numbers) => space.Type == GaugeGroup.U1 ? OnCircle(numbers) : numbers;

    // Rounded to single precision, so that all precisions start from the same numbers.
    private static double[] Priors(ComputeDevice device, FieldSpace space)
    {
        using var alone = FlowEngine.Create(device, Precision.Double, new FlowModel([], DefaultPrior.Of(space.Type)), space, Replicas);
        var priors = new double[Replicas * space.Numbers];
        alone.Sample(11, 0, priors, new double[Replicas]);
        return [.. priors.Select(x => (double)(float)x)];
    }
}
