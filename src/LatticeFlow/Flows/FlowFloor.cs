using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary>
/// The multiplications and additions that a layer cannot do without: those of its network at active elements, and of products of matrices: of paths, of loops and their powers, of frames, of putting a
/// spectrum back; of a staple coupling also of the elimination that gives its determinant. Diagonalisation, splines and exponentials, which have no smallest number, are not counted.
/// </summary>
/// <param name="Active">Active elements of the layer on a lattice.</param>
/// <param name="Flops">Flop of a forward pass for one of them.</param>
public readonly record struct FlowFloor(int Active, double Flops)
{
    /// <summary>A backward pass does the forward one again, and twice that for its derivatives.</summary>
    public const int BackwardPasses = 3;

    /// <summary>Flop of drawing one configuration, without the prior.</summary>
    public static double OfConfiguration(FlowModel model, FieldSpace space)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers.Select(layer => layer.Floor(space)).Sum(floor => floor.Active * floor.Flops);
    }

    /// <summary>Of links that are moved given paths and loops: those, and as many further products as <paramref name="products"/> says, given the paths and loops of one link.</summary>
    internal static FlowFloor OfPaths(ICouplingMask mask, ConvolutionNetwork? network, FieldSpace space, Func<int, double, double> products)
    {
        var shape = mask.On(space.Lattice);
        double active = shape.Active.Length, loops = network is null ? 0 : shape.Loops.Count / active;
        double all = (shape.Paths.Sum(path => path.Length - 1.0) / active) + loops + products(shape.PathsOfOne, loops);
        return new(shape.Active.Length, (all * OfProduct(space)) + (network is null ? 0 : OfNetwork(network)));
    }

    /// <summary>Of a network at one site: 2 taps C_in C_out of each convolution.</summary>
    internal static double OfNetwork(ConvolutionNetwork network) => Enumerable.Range(0, network.Depth).Sum(depth => 2.0 * network.Inputs(depth) * network.Outputs(depth) * network.Taps);

    /// <summary>Of the product of two links.</summary>
    internal static double OfProduct(FieldSpace space) => NominalFlops.Product(GaugeGroup.Of(space.Type, "a product of links"));
}
