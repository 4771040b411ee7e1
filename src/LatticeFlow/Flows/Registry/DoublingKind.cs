namespace LatticeFlow.Flows;

/// <summary><c>"doubling"</c>.</summary>
internal static class DoublingKind
{
    private static readonly Dictionary<string, double[]> Weights = new()
    {
        ["sum"] = [1, 1],
        ["ahead"] = [1, 0],
        ["behind"] = [0, 1],
        ["leaning-ahead"] = [1, 0.5],
        ["leaning-behind"] = [0.5, 1],
    };

    public static LayerKind Kind { get; } = new(
        "doubling",
        "Multiscale: the chain starts on a lattice of spacing 2^levels and doubles it again and again, direction by direction. Links between inserted coordinates come from Haar measure and are moved by spectral couplings, given the two staples between which they stand; of the links of another direction at the same coordinates they do not know. In two dimensions that is all there is to know. Has to come first in a chain; extents are multiples of 2^levels.",
        [
            new("levels", 2, "doublings") { Minimum = 1, Maximum = 8 },
            new("maps", new[] { "sum", "ahead", "behind" }, "couplings of every set of inserted links, in this order: of the link times the unitary factor of the sum of its two staples, of the one ahead or behind, or of a sum with weights 1 and ½ that leans to one of them. For U(1) `[\"sum\"]` is enough, with `half_angle = true`, `learn_weights = false` and `train.estimator = \"score\"`: the direction of A + B jumps where A = −B, which gradients through samples do not see")
                { Choices = [.. Weights.Keys] },
            .. SpectralOptionKeys.All(8, 1),
        ],
        arguments => Doubling.Layers(
            arguments.Dimensions,
            arguments.Integer("levels"),
            mask => Doubling.SpectralMaps(arguments.Group, arguments.Dimensions, mask, [.. arguments.Texts("maps").Select(map => Weights[map])], SpectralOptionKeys.Read(arguments))));
}
