using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using KernelActivation = LatticeFlow.Kernels.Networks.Activation;

namespace LatticeFlow.Cli.Services;

/// <summary>From <c>[flow]</c> to a model with all parameters zero.</summary>
public static class FlowFactory
{
    /// <summary>The layers in the order given; their number, which chooses the mask, counts through the whole chain.</summary>
    public static FlowModel Create(FlowSettings flow)
    {
        List<IFlowLayer> layers = [];
        foreach (var settings in flow.Layers)
        {
            for (var i = 0; i < settings.Count; i++) layers.Add(Layer(layers.Count, settings));
        }
        return new(layers, flow.Prior.Kind == PriorKind.FreePlaquette ? new FreePlaquettePrior(flow.Prior.Beta) : new HaarPrior());
    }

    private static PlaquetteCoupling Layer(int index, LayerSettings settings)
    {
        var (map, pieces) = settings.Transform == CouplingTransform.Mobius ? (CircleMap.Mobius, settings.Components) : (CircleMap.Spline, settings.Bins);
        var activation = settings.Activation switch
        {
            Activation.LeakyRelu => KernelActivation.LeakyRelu,
            Activation.Silu => KernelActivation.Silu,
            _ => KernelActivation.Tanh,
        };
        return new(index, map, pieces, [.. settings.Hidden], settings.Kernel, activation, settings.Rectangles, settings.Order == StripeOrder.Ascending);
    }
}
