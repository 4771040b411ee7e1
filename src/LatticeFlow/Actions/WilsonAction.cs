using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>S = −(β/N) Σ_p Re tr P_p in 2, 3 or 4 dimensions, U(1): −β Σ_p cos θ_p. No constant.</summary>
/// <remarks>
/// With an anisotropy ξ planes that contain direction 0, the temporal one, have the coupling β ξ and the others β/ξ. Source: K. G. Wilson, Phys. Rev. D 10 (1974) 2445.
/// </remarks>
public sealed class WilsonAction : LoopAction
{
    /// <summary>The name of configuration files.</summary>
    public const string Kind = "wilson";

    /// <summary>For the registry.</summary>
    public static ActionEntry Entry { get; } = ActionEntry.OfLinks(
        Kind,
        "S = -(beta/N) sum of Re tr P over all plaquettes",
        [PlaneCouplings.Beta, PlaneCouplings.Anisotropy, .. LatticeBoundary.Parameters],
        (lattice, group, p) => new WilsonAction(lattice, group, p[0], p[1], LatticeBoundary.Of(p.AsSpan(2)))) with
    {
        IsLinearInBeta = true,
        RuleOfLattice = LatticeBoundary.Rule,
        IsTorus = values => LatticeBoundary.Of([.. LatticeBoundary.Parameters.Select(parameter => values.TryGetValue(parameter.Name, out double value) ? value : parameter.Default!.Value)]).IsPeriodic,
    };

    /// <summary>The action with an open boundary of direction 0, with the weights of openQCD (c_G = 1): 0 for plaquettes that cross it, ½ for those within its two slices.</summary>
    /// <exception cref="ArgumentException">β is not finite, ξ not positive, or the extent of direction 0 is 1.</exception>
    public static WilsonAction Open(LatticeGeometry lattice, GaugeGroup group, double beta, double anisotropy = 1) => new(lattice, group, beta, anisotropy, new(true, null, 1));

    /// <summary>The action with plaquettes through a defect that have their coupling times <paramref name="coefficient"/>.</summary>
    /// <exception cref="ArgumentException">β is not finite, ξ not positive, or the lattice has no such defect.</exception>
    public static WilsonAction WithDefect(LatticeGeometry lattice, GaugeGroup group, double beta, BoundaryDefect defect, double coefficient, double anisotropy = 1) =>
        new(lattice, group, beta, anisotropy, new(false, defect, coefficient));

    /// <summary>The U(1) action with the same β for every plaquette.</summary>
    /// <exception cref="ArgumentException">β is not finite.</exception>
    public WilsonAction(LatticeGeometry lattice, double beta)
        : this(lattice, GaugeGroup.U1, beta)
    {
    }

    /// <summary>The action with β ξ for the planes that contain direction 0 and β/ξ for the others.</summary>
    /// <exception cref="ArgumentException">β is not finite, or ξ not positive.</exception>
    public WilsonAction(LatticeGeometry lattice, GaugeGroup group, double beta, double anisotropy = 1)
        : base(Kind, group, LoopCouplings.OfPlanes(lattice, PlaneCouplings.Of(lattice, beta, anisotropy), PlaneCouplings.None(lattice)), PlaneCouplings.Parameters(beta, anisotropy))
    {
    }

    private WilsonAction(LatticeGeometry lattice, GaugeGroup group, double beta, double anisotropy, LatticeBoundary boundary)
        : base(
            Kind,
            group,
            boundary.Couplings(lattice, PlaneCouplings.Of(lattice, beta, anisotropy)),
            new Dictionary<string, double>(PlaneCouplings.Parameters(beta, anisotropy).Concat(boundary.Stored())))
    {
    }

    /// <summary>The action with coupling <paramref name="couplings"/>[p] for plaquette p, and the parameters to be stored with an ensemble.</summary>
    /// <exception cref="ArgumentException">Not one finite number a plaquette.</exception>
    public WilsonAction(LatticeGeometry lattice, ReadOnlySpan<double> couplings, IReadOnlyDictionary<string, double> parameters, GaugeGroup? group = null)
        : base(Kind, group ?? GaugeGroup.U1, LoopCouplings.OfPlaquettes(lattice, couplings), parameters)
    {
    }
}
