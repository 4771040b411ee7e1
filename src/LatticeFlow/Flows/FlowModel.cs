using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Flows;

/// <summary>
/// A flow: a chain of layers that runs in list order, on top of a prior, and one flat vector of parameters.
/// </summary>
public sealed class FlowModel
{
    // A layer acts on some small multiple of its period: networks want a few sites more than their kernels.
    private const int MostPeriods = 8;
    private readonly int[] firstParameters;
    private readonly int[] counts;

    /// <summary>The chain of these layers with all parameters zero; the prior is Haar measure unless given, which is of links: of a scalar give one.</summary>
    public FlowModel(IReadOnlyList<IFlowLayer> layers, IFlowPrior? prior = null)
    {
        Layers = layers;
        Prior = prior ?? new HaarPrior();
        firstParameters = new int[layers.Count];
        counts = [.. layers.Select(layer => layer.Parameters)];
        int count = 0;
        Dictionary<object, int> shared = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i].SharedParameters is { } key && !shared.TryAdd(key, count))
            {
                firstParameters[i] = shared[key];
                continue;
            }

            firstParameters[i] = count;
            count = checked(count + counts[i]);
        }

        Parameters = new double[count];
    }

    /// <summary>The layers, first applied first.</summary>
    public IReadOnlyList<IFlowLayer> Layers { get; }

    /// <summary>What the chain starts from.</summary>
    public IFlowPrior Prior { get; }

    /// <summary>All parameters, layer after layer; layers that share theirs where the first of them is.</summary>
    public double[] Parameters { get; }

    /// <summary>Where a layer's parameters start.</summary>
    public int FirstParameter(int layer) => firstParameters[layer];

    /// <summary>The same flow with its differential equations integrated in half the step, or null where every density is exact, see <see cref="IFlowLayer.Refined"/>.</summary>
    public FlowModel? Refined()
    {
        if (Layers.All(layer => layer.Refined is null)) return null;
        var finer = new FlowModel([.. Layers.SelectMany(layer => layer.Refined ?? [layer])], Prior);
        Parameters.CopyTo(finer.Parameters, 0);
        return finer;
    }

    /// <summary>Draws fresh parameters.</summary>
    public void Initialize(ulong seed)
    {
        var random = new HostRandom(seed, Purpose.Parameters);
        int next = 0;
        for (int i = 0; i < Layers.Count; i++)
        {
            if (firstParameters[i] < next) continue;
            Layers[i].Initialize(Parameters.AsSpan(firstParameters[i], counts[i]), random.NextUniform);
            next = firstParameters[i] + counts[i];
        }
    }

    /// <summary>The share of a layer in a vector of all parameters.</summary>
    public ReadOnlySpan<double> ShareOf(int layer, ReadOnlySpan<double> parameters) => parameters.Slice(firstParameters[layer], counts[layer]);

    /// <summary>How far a translation has to be in a direction for all layers to commute with it; 0: none does.</summary>
    public int Period(int direction) => Layers.Aggregate(1, (period, layer) => layer.Period(direction) is var other && period * other == 0 ? 0 : period * other / (int)System.Numerics.BigInteger.GreatestCommonDivisor(period, other));

    /// <summary>
    /// A smallest lattice that the flow can act on in the place of another one, with two different extents where it can be; null where it can act on none.
    /// </summary>
    public FieldSpace? SmallestSpace(FieldSpace like)
    {
        int dimensions = like.Lattice.Dimensions;
        int[] periods = [.. Enumerable.Range(0, dimensions).Select(mu => Math.Max(1, Period(mu)))];
        for (int multiple = 1; multiple <= MostPeriods; multiple++)
        {
            for (int longer = 1; longer >= 0; longer--)
            {
                var space = like with { Lattice = new([.. periods.Select((period, mu) => period * (multiple + (mu == dimensions - 1 ? longer : 0)))]) };
                if (space.Tangents <= like.Tangents && Refusal(space) is null) return space;
            }
        }

        return Refusal(like) is null ? like : null;
    }

    /// <summary>Why the flow cannot act on configurations of a space, or null.</summary>
    public string? Refusal(FieldSpace space) => Prior.Refusal(space) ?? Layers.Select(layer => layer.Refusal(space)).FirstOrDefault(reason => reason is not null);
}
