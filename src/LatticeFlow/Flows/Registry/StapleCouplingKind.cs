namespace LatticeFlow.Flows;

/// <summary><c>"staple-coupling"</c>.</summary>
internal static class StapleCouplingKind
{
    public static LayerKind Kind { get; } = new(
        "staple-coupling",
        "U(1) and SU(N) in any dimension: every link is multiplied by the exponential of a sum of loops through it, all of second order of the trivialising flow of the Wilson action, whose coefficients all sweeps share as polynomials in the time of the flow (Lüscher 2010; Abbott et al. 2023). Few parameters, for `optimizer = \"gauss-newton\"`. Extents are multiples of 4, with plaquettes alone of 2.",
        [
            LayerOption.Count(4, "sweeps over all links, of D · 2^D layers each, with plaquettes alone 2 D; they are the steps in which the time of the flow goes from 0 to 1"),
            new("degree", 1, "degree of the polynomials in the time") { Minimum = 0, Maximum = 8 },
            new("order", 2, "which loops there are: `2`, all of second order of the trivialising flow; `1`, plaquettes alone, which takes 2 D layers a sweep, extents that are even, and a fraction of the time") { Minimum = 1, Maximum = 2 },
            new("coupling", 0.0, "β of the Wilson action from the trivialising flow of which, to that order, the coefficients start; `0`: from the identity") { Minimum = 0, Maximum = 1e6 },
            new("start_coupling", 0.0, "β of the Wilson action whose configurations the flow starts from; `0`: Haar measure. The coefficients start from the flow between the two") { Minimum = 0, Maximum = 1e6 },
            new("coefficients", "constant", "`\"constant\"`: the same for every link, or `\"network\"`: a network adds to them what it makes of traces of frozen loops") { Choices = ["constant", "network"] },
            OfNetwork(LayerOption.Hidden([8])),
            OfNetwork(LayerOption.Kernel(1, "width of its convolution kernels: odd, at most the smallest extent; 1: each active link for itself")),
            OfNetwork(LayerOption.Activation("silu")),
        ],
        arguments => StapleCoupling.Layers(new(arguments.Group, arguments.Dimensions, arguments.Integer("count"), arguments.Integer("degree"), arguments.Number("coupling"), arguments.Integer("order"))
        {
            StartCoupling = arguments.Number("start_coupling"),
            Hidden = arguments.Text("coefficients") == "network" ? arguments.Integers("hidden") : null,
            KernelSize = arguments.Text("coefficients") == "network" ? arguments.Integer("kernel") : 1,
            Activation = arguments.Text("coefficients") == "network" ? arguments.Activation : 0,
        }));

    private static LayerOption OfNetwork(LayerOption option) => option with { When = ("coefficients", "network") };
}
