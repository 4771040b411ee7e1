using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// A flow: a chain of layers that runs in list order, on top of a prior, and one flat vector of parameters.
/// </summary>
public sealed class FlowModel
{
    private readonly int[] firstParameters;

    /// <summary>The chain of these layers with all parameters zero; the prior is Haar measure unless given.</summary>
    public FlowModel(IReadOnlyList<IFlowLayer> layers, IFlowPrior? prior = null)
    {
        Layers = layers;
        Prior = prior ?? new HaarPrior();
        firstParameters = new int[layers.Count];
        int count = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            firstParameters[i] = count;
            count = checked(count + layers[i].Parameters);
        }

        Parameters = new double[count];
    }

    /// <summary>The layers, first applied first.</summary>
    public IReadOnlyList<IFlowLayer> Layers { get; }

    /// <summary>What the chain starts from.</summary>
    public IFlowPrior Prior { get; }

    /// <summary>All parameters, layer after layer.</summary>
    public double[] Parameters { get; }

    /// <summary>Where a layer's parameters start.</summary>
    public int FirstParameter(int layer) => firstParameters[layer];

    /// <summary>Draws fresh parameters.</summary>
    public void Initialize(ulong seed)
    {
        var random = new HostRandom(seed, Purpose.Parameters);
        for (int i = 0; i < Layers.Count; i++)
            Layers[i].Initialize(Parameters.AsSpan(firstParameters[i], Layers[i].Parameters), random.NextUniform);
    }

    /// <summary>Why the flow cannot act on a lattice, or null.</summary>
    public string? Refusal(LatticeGeometry lattice) => Prior.Refusal(lattice) ?? Layers.Select(layer => layer.Refusal(lattice)).FirstOrDefault(reason => reason is not null);
}
