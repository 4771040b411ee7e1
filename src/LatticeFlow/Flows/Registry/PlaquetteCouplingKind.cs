using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary><c>"plaquette-coupling"</c>.</summary>
internal static class PlaquetteCouplingKind
{
    public static LayerKind Kind { get; } = new(
        "plaquette-coupling",
        "U(1) in two dimensions: the angle of every active plaquette is moved by a circular map, whose parameters a network makes of frozen loops (Kanwar et al. 2020). Extents are multiples of 4.",
        [
            LayerOption.Count(8, "layers of this kind in a row; the mask moves on from one to the next, and 8 touch every link once"),
            new("transform", "mobius", "circular map of the active plaquette: `\"mobius\"` (mixture of non-compact projections) or `\"spline\"` (circular rational-quadratic)") { Choices = ["mobius", "spline"] },
            new("components", 2, "maps in the mixture") { Minimum = 1, Maximum = 64, When = ("transform", "mobius") },
            new("bins", 8, "bins of the spline") { Minimum = 2, Maximum = 256, When = ("transform", "spline") },
            LayerOption.Hidden([8, 8]),
            LayerOption.Kernel(3, "width of its convolution kernels: odd, at most the smallest extent"),
            LayerOption.Activation("leaky-relu"),
            new("rectangles", true, "whether the network also reads the frozen 1×2 rectangles, all that the action of the active links depends on; `false` is the layer of Kanwar et al. (2020), which reads plaquettes only"),
            new("order", "descending", "which way the stripes move from layer to layer: `\"descending\"` takes along what they push on, `\"ascending\"` is the published order") { Choices = ["descending", "ascending"] },
        ],
        arguments => arguments.Indices.Select(index => new PlaquetteCoupling(
            index,
            arguments.Text("transform") == "mobius" ? CircleMap.Mobius : CircleMap.Spline,
            arguments.Integer(arguments.Text("transform") == "mobius" ? "components" : "bins"),
            arguments.Integers("hidden"),
            arguments.Integer("kernel"),
            arguments.Activation,
            arguments.Boolean("rectangles"),
            arguments.Text("order") == "ascending")))
    {
        Refusal = (field, dimensions) => field != GaugeGroup.U1
            ? $"moves angles of {GaugeGroup.U1}, not {field.Description}: use \"{(field is GaugeGroup ? "spectral-coupling" : "affine-coupling")}\""
            : dimensions != 2 ? $"is for 2 dimensions, not {dimensions}: use \"spectral-coupling\"" : null,
    };
}
