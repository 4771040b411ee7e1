using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;

namespace LatticeFlow.Flows;

/// <summary>What fresh samples say about a flow.</summary>
public static class FlowEvaluation
{
    private const int MostReplicas = 1024;

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
