namespace LatticeFlow.Flows;

/// <summary><c>"spectral-coupling"</c>.</summary>
internal static class SpectralCouplingKind
{
    public static LayerKind Kind { get; } = new(
        "spectral-coupling",
        "U(1) and SU(N) in any dimension: the eigenphases of every active loop are moved by splines in the box of their canonical cell, whose parameters a network makes of traces of frozen loops (Boyda et al. 2020; Abbott et al. 2023).",
        [
            LayerOption.Count(8, "layers of this kind in a row; the mask moves on from one to the next"),
            new("loop", "plaquette", "the active loop: `\"plaquette\"`, one plaquette a link, with stripes in every plane (4 D(D − 1) layers touch every link in every plane once; extents are multiples of 4), or `\"staples\"`, the link times the unitary factor of a weighted sum of its staples, with weights of the network (2 D layers touch every link once; even extents)")
                { Choices = ["plaquette", "staples"] },
            new("rectangles", true, "with `\"plaquette\"`: whether the network also reads rectangles of 1×2 plaquettes; with `\"staples\"`: whether paths around them are in the sum, which takes masks of 4 colours (4 D layers; extents are multiples of 4)"),
            .. SpectralOptionKeys.All(8, 3),
        ],
        arguments => arguments.Indices.Select(index =>
        {
            bool rectangles = arguments.Boolean("rectangles");
            ICouplingMask mask = arguments.Text("loop") == "plaquette"
                ? PlaquetteStripes.OfIndex(arguments.Dimensions, index, rectangles)
                : StapleMask.OfIndex(arguments.Dimensions, index, rectangles);
            int staples = 2 * (arguments.Dimensions - 1);

            // Rectangles come in with weight 0, for the network to change.
            double[] weights = [.. Enumerable.Range(0, mask.PathsOfOne).Select(j => mask.PathsOfOne == 1 || j < staples ? 1.0 : 0.0)];
            return SpectralOptionKeys.Read(arguments).Create(arguments.Group, arguments.Dimensions, mask, weights);
        }));
}

/// <summary>The options that all spectral couplings share.</summary>
internal static class SpectralOptionKeys
{
    public static IReadOnlyList<LayerOption> All(int bins, int kernel) =>
    [
        new("bins", bins, "bins of each spline") { Minimum = 2, Maximum = 64 },
        new("degree", 1, "degree of the polynomials in w, the width of the phases, that parameters of all splines but that of w are; for SU(3) and beyond") { Minimum = 0, Maximum = 4 },
        new("powers", 2, "powers of a loop W whose traces the network reads") { Minimum = 1, Maximum = 8 },
        new("half_angle", false, "whether the network also reads ‖1 + W‖/2√N of a loop, which of U(1) is |cos θ/2|: for two staples the size of their sum, on which alone the weight of the link between them depends"),
        LayerOption.Hidden([16, 16]),
        LayerOption.Kernel(kernel, "width of its convolution kernels: odd, at most the smallest extent; 1: each active link for itself"),
        LayerOption.Activation("silu"),
        new("learn_weights", true, "whether the network adds to the weights of the paths in a sum"),
    ];

    public static SpectralOptions Read(LayerArguments arguments) => new(
        arguments.Integer("bins"),
        1 + arguments.Integer("degree"),
        arguments.Integer("powers"),
        arguments.Integers("hidden"),
        arguments.Integer("kernel"),
        arguments.Activation,
        arguments.Boolean("learn_weights"),
        arguments.Boolean("half_angle"));
}
