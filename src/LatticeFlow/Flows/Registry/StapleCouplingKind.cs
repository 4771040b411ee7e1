namespace LatticeFlow.Flows;

/// <summary><c>"staple-coupling"</c>.</summary>
internal static class StapleCouplingKind
{
    public static LayerKind Kind { get; } = new(
        "staple-coupling",
        "U(1) and SU(N) in any dimension: every link is multiplied by the exponential of a sum of loops through it, all of second order of the trivialising flow of the Wilson action, whose coefficients all sweeps share as polynomials in the time of the flow (Lüscher 2010; Abbott et al. 2023). Few parameters, for `optimizer = \"gauss-newton\"`. Extents are multiples of 4.",
        [
            LayerOption.Count(4, "sweeps over all links, of D · 2^D layers each; they are the steps in which the time of the flow goes from 0 to 1"),
            new("degree", 1, "degree of the polynomials in the time") { Minimum = 0, Maximum = 8 },
            new("coupling", 0.0, "β of the Wilson action from the trivialising flow of which, to second order, the coefficients start; `0`: from the identity") { Minimum = 0, Maximum = 1e6 },
            new("coefficients", "constant", "`\"constant\"`: the same for every link, or `\"network\"`: a network adds to them what it makes of traces of frozen loops") { Choices = ["constant", "network"] },
            OfNetwork(LayerOption.Hidden([8])),
            OfNetwork(LayerOption.Kernel(1, "width of its convolution kernels: odd, at most the smallest extent; 1: each active link for itself")),
            OfNetwork(LayerOption.Activation("silu")),
        ],
        arguments => StapleCoupling.Layers(arguments.Text("coefficients") == "network"
            ? new(arguments.Group, arguments.Dimensions, arguments.Integer("count"), arguments.Integer("degree"), arguments.Number("coupling"))
            {
                Hidden = arguments.Integers("hidden"),
                KernelSize = arguments.Integer("kernel"),
                Activation = arguments.Activation,
            }
            : new(arguments.Group, arguments.Dimensions, arguments.Integer("count"), arguments.Integer("degree"), arguments.Number("coupling"))));

    private static LayerOption OfNetwork(LayerOption option) => option with { When = ("coefficients", "network") };
}
