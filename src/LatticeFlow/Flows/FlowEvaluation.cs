using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;

namespace LatticeFlow.Flows;

/// <summary>What half the step changes in ln w, see <see cref="FlowEvaluation.Integration"/>.</summary>
/// <param name="Mean">The mean change.</param>
/// <param name="Deviation">The standard deviation of changes.</param>
public sealed record IntegrationError(double Mean, double Deviation)
{
    /// <summary>The largest deviation with which weights are good enough: a bias of a percent of a standard deviation of what is averaged.</summary>
    public const double LargestDeviation = 0.01;

    /// <summary>A bound on what the steps as they are move ln Z by: twice the mean change, which is the error itself at first order and more than it (8/7 at third) above.</summary>
    public double BoundOfLogZ => 2 * Math.Abs(Mean);
}

/// <summary>What fresh samples say about a flow.</summary>
public static class FlowEvaluation
{
    private const int MostReplicas = 1024;

    /// <summary>
    /// What halving the steps of a flow's differential equations changes in ln w of <paramref name="samples"/> draws, in double precision; null where every density is exact. At order p of the method the error of the flow as it is, is
    /// 2ᵖ/(2ᵖ − 1) times that, 8/7 at third order. The mean moves ln Z, the deviation makes weights wrong.
    /// </summary>
    public static IntegrationError? Integration(ComputeDevice device, FlowModel model, IAction action, ulong seed, int samples, CancellationToken stop = default)
    {
        if (model.Refined() is not { } finer) return null;
        double[] coarse = LogWeights(device, Precision.Double, model, action, seed, samples, stop: stop), fine = LogWeights(device, Precision.Double, finer, action, seed, samples, stop: stop);
        double[] changes = [.. fine.Zip(coarse, (a, b) => a - b)];
        double mean = changes.Average();
        return new(mean, Math.Sqrt(changes.Sum(change => (change - mean) * (change - mean)) / Math.Max(1, samples - 1)));
    }

    /// <summary>
    /// log w = −S(U) − log q(U) of <paramref name="samples"/> independent U from the flow, the first ones of a seed; S in double. The seed has to
    /// be one that neither training nor a Markov chain draws from.
    /// </summary>
    public static double[] LogWeights(
        ComputeDevice device, Precision precision, FlowModel model, IAction action, ulong seed, int samples, ITaskProgress? progress = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        int batch = Math.Min(samples, MostReplicas);
        using var engine = FlowEngine.Create(device, precision, model, new FieldSpace(action.Field, action.Lattice), batch);
        using var evaluator = ActionEvaluator.Create(device, action, batch);
        var links = new double[batch * engine.Numbers];
        var logDensity = new double[batch];
        var energy = new double[batch];
        var result = new double[samples];
        for (int first = 0; first < samples; first += batch)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(batch, samples - first);
            engine.Sample(seed, first, links, logDensity);
            evaluator.Evaluate(links, energy);
            for (int i = 0; i < count; i++) result[first + i] = -energy[i] - logDensity[i];
            progress?.Report(first + count);
        }

        return result;
    }
}
