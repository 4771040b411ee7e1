using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary>
/// The multiplications and additions that a layer cannot do without: those of its network at active elements, and of products of matrices: of paths, of loops and their powers, of frames, of putting a
/// spectrum back; of a staple coupling also of the elimination that gives its determinant. Diagonalisation, splines and exponentials, which have no smallest number, are not counted.
/// </summary>
public static class FlowFloor
{
    /// <summary>A backward pass does the forward one again, and twice that for its derivatives.</summary>
    public const int BackwardPasses = 3;

    /// <summary>Flop of drawing one configuration, without the prior.</summary>
    public static double OfConfiguration(FlowModel model, FieldSpace space)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers.Sum(layer => Of(layer, space) is var (active, flops) ? active * flops : 0);
    }

    /// <summary>Active elements of a layer, and flop of a forward pass for one.</summary>
    public static (int Active, double Flops) Of(IFlowLayer layer, FieldSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        switch (layer)
        {
            case SpectralCoupling spectral: return OfPaths(spectral.Mask, spectral.Network, space, (paths, loops) => ((spectral.Powers - 1) * loops) + (paths > 1 ? 1 : 0) + 4);
            case StapleCoupling staple:
                int staples = staple.Mask.Staples, classes = space.Lattice.Dimensions > 2 ? 2 : 1;
                var (active, flops) = OfPaths(staple.Mask, staple.Network, space, (_, _) => (3 * staples * ((2 * classes) + 2)) + (2 * staples));
                double generators = GaugeGroup.Of(space.Type, "a staple coupling").Generators;
                return (active, flops + (generators > 1 ? 2.0 / 3 * generators * generators * generators : 0));
            case LevelSplit split: return (split.Pairs(space.Lattice).Length / 2, Product(space));
            case PlaquetteCoupling plaquette: return (StripeMask.Create(space.Lattice, plaquette.Index % StripeMask.Cycle, plaquette.Ascending).ActivePlaquettes.Length, OfNetwork(plaquette.Network));
            case AffineCoupling affine: return (affine.Mask.ActiveSites(space.Lattice).Count(moves => moves), OfNetwork(affine.Network));
            default: throw new NotSupportedException($"{layer?.GetType().Name} has no floor yet.");
        }
    }

    private static (int Active, double Flops) OfPaths(ICouplingMask mask, ConvolutionNetwork? network, FieldSpace space, Func<int, double, double> products)
    {
        var shape = mask.On(space.Lattice);
        double active = shape.Active.Length, loops = network is null ? 0 : shape.Loops.Count / active;
        double all = (shape.Paths.Sum(path => path.Length - 1.0) / active) + loops + products(shape.PathsOfOne, loops);
        return (shape.Active.Length, (all * Product(space)) + (network is null ? 0 : OfNetwork(network)));
    }

    private static double OfNetwork(ConvolutionNetwork network) => Enumerable.Range(0, network.Depth).Sum(depth => 2.0 * network.Inputs(depth) * network.Outputs(depth) * network.Taps);

    private static double Product(FieldSpace space)
    {
        int n = GaugeGroup.Of(space.Type, "a product of links").Order;
        return n == 1 ? 1 : n == 2 ? 28 : (8.0 * n * n * n) - (2 * n * n);
    }
}
