using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// S = −(β/N) [c0 Σ Re tr P + c1 Σ Re tr R], c0 = 1 − 8 c1, R both 1×2 rectangles of each plane: c1 = −1/12 tree-level Symanzik, −0.331 Iwasaki, −1.4088 DBW2.
/// </summary>
/// <remarks>
/// The anisotropy ξ multiplies the couplings of planes with direction 0 by ξ and divides the others. Sources: M. Lüscher, P. Weisz, Commun. Math. Phys. 97 (1985) 59; Y. Iwasaki, UTHEP-118 (1983), arXiv:1111.7054; T. Takaishi, Phys. Rev. D 54 (1996) 1050;
/// QCD-TARO, Nucl. Phys. B 577 (2000) 263.
/// </remarks>
public sealed class RectangleAction : LoopAction
{
    /// <summary>The name of configuration files.</summary>
    public const string Kind = "rectangle";

    /// <summary>c1 of the tree-level improved action of Lüscher and Weisz.</summary>
    public const double Symanzik = -1.0 / 12;

    /// <summary>c1 of Iwasaki's action.</summary>
    public const double Iwasaki = -0.331;

    /// <summary>c1 of the DBW2 action.</summary>
    public const double Dbw2 = -1.4088;

    /// <summary>For the registry.</summary>
    public static ActionEntry Entry { get; } = ActionEntry.OfLinks(
        Kind,
        "S = -(beta/N) [(1 - 8 c1) sum of Re tr P + c1 sum of Re tr R], P plaquettes, R rectangles",
        [
            PlaneCouplings.Beta,
            new("c1", "c1, a number or the name of an improved action", Symanzik)
            {
                Minimum = -ActionParameter.LargestRatio,
                Maximum = ActionParameter.LargestRatio,
                Words = [("symanzik", Symanzik), ("iwasaki", Iwasaki), ("dbw2", Dbw2)],
            },
            PlaneCouplings.Anisotropy,
        ],
        (lattice, group, p) => new RectangleAction(lattice, group, p[0], p[1], p[2])) with
    {
        Parts = 2,
        IsLinearInBeta = true,
        LeastHeatBathExtent = values => values["c1"] == 0 ? 2 : 3,
    };

    /// <summary>The action with this β and c1.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or ξ not positive.</exception>
    public RectangleAction(LatticeGeometry lattice, GaugeGroup group, double beta, double c1, double anisotropy = 1)
        : base(
            Kind,
            group,
            LoopCouplings.OfPlanes(lattice, PlaneCouplings.Of(lattice, beta * (1 - (8 * c1)), anisotropy), PlaneCouplings.Of(lattice, beta * c1, anisotropy)),
            new Dictionary<string, double>(PlaneCouplings.Parameters(beta, anisotropy)) { ["c1"] = c1 }) =>
        Parts =
        [
            new LoopPart("plaquettes", group, LoopCouplings.OfPlanes(lattice, PlaneCouplings.Of(lattice, beta * (1 - (8 * c1)), anisotropy), PlaneCouplings.None(lattice)), Parameters),
            new LoopPart("rectangles", group, LoopCouplings.OfPlanes(lattice, PlaneCouplings.None(lattice), PlaneCouplings.Of(lattice, beta * c1, anisotropy)), Parameters),
        ];

    /// <summary>The plaquettes, whose force is cheap and large, and the rectangles.</summary>
    public override IReadOnlyList<IAction> Parts { get; }
}
