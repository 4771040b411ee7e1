using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary><c>"affine-coupling"</c>.</summary>
internal static class AffineCouplingKind
{
    public static LayerKind Kind { get; } = new(
        "affine-coupling",
        "A real scalar in any dimension: on one colour of sites φ → e^s φ + t, with s and t made by a network of φ on all other sites (Albergo, Kanwar, Shanahan 2019). Extents are even.",
        [
            LayerOption.Count(16, "layers of this kind in a row; colours take turns"),
            new("mask", "checkerboard", "colours: `\"checkerboard\"`, where 2 layers move every site once, or `\"cells\"`, of every cell of 2^D sites one, where 2^D layers do and the network sees more of what is near") { Choices = ["checkerboard", "cells"] },
            LayerOption.Hidden([16, 16]),
            LayerOption.Kernel(3, "width of its convolution kernels: odd, at most the smallest extent") with { Minimum = 3 },
            LayerOption.Activation("silu"),
            new("shape", "none", "`\"sinh-arcsinh\"` puts sinh(e^d arsinh φ + ε) in the place of φ, with d and ε made by the network, too: the distribution of a site is then not only moved and stretched, but its tails become lighter or heavier and it becomes skew (Jones, Pewsey 2009)") { Choices = ["none", "sinh-arcsinh"] },
            new("bound", "scale", "which of s and t is the hyperbolic tangent of its network output: `\"scale\"`, s alone, or `\"both\"`, as in the notebook of arXiv:2101.08176; ε always is one, d half of one") { Choices = ["scale", "both"] },
        ],
        arguments => arguments.Indices.Select(index => new AffineCoupling(
            index, arguments.Dimensions, arguments.Integers("hidden"), arguments.Integer("kernel"), arguments.Activation, arguments.Text("shape") == "sinh-arcsinh", arguments.Text("bound") == "both",
            arguments.Text("mask") == "cells" ? SiteColours.Cells : SiteColours.Checkerboard)))
    {
        Refusal = (field, _) => field == FieldType.Scalar ? null
            : $"moves a real scalar, not {field.Description}: use \"{(field == GaugeGroup.U1 ? "plaquette-coupling" : "spectral-coupling")}\"",
    };
}
