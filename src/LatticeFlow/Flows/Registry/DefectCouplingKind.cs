using LatticeFlow.Actions;

namespace LatticeFlow.Flows;

/// <summary><c>"defect-coupling"</c>.</summary>
internal static class DefectCouplingKind
{
    public static LayerKind Kind { get; } = new(
        "defect-coupling",
        "Staple couplings of plaquettes that move the links around a defect alone, for the path of an annealed ensemble through it (`map = \"flow\"`): the links of the plaquettes of the defect, by these plaquettes, whose coefficients are those of the links across, along and beside it (Bulgarelli, Cellini, Nada 2024). Extents are even.",
        [
            LayerOption.Count(1, "sweeps; as the map of each step of a protocol 1"),
            new("defect_size", 1, "L_d of the defect, as in `sample`") { Minimum = 1, Maximum = 1 << 20 },
            new("defect_direction", 0, "μ of the defect") { Minimum = 0, Maximum = 3 },
            new("margin", -1, "of the box whose links are moved by their other plaquettes besides, with a coefficient of their own: sites beyond the ends of the links of the defect, as in `sample.levels`; `-1`: none") { Minimum = -1, Maximum = 1 << 20 },
            new("degree", 1, "degree of the polynomials in the time") { Minimum = 0, Maximum = 8 },
            new("coupling", 0.0, "β of the theory times the change of the coefficient of the defect, from which, to first order of the trivialising flow, the coefficients start; `0`: from the identity") { Minimum = 0, Maximum = 1e6 },
        ],
        arguments => StapleCoupling.Layers(new(arguments.Group, arguments.Dimensions, arguments.Integer("count"), arguments.Integer("degree"), arguments.Number("coupling"),
            new BoundaryDefect(arguments.Integer("defect_direction"), arguments.Integer("defect_size")), arguments.Integer("margin"))));
}
