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
        Kind, "S = -(beta/N) sum of Re tr P over all plaquettes", [PlaneCouplings.Beta, PlaneCouplings.Anisotropy], (lattice, group, p) => new WilsonAction(lattice, group, p[0], p[1])) with
    {
        IsLinearInBeta = true,
    };

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

    /// <summary>The action with coupling <paramref name="couplings"/>[p] for plaquette p, and the parameters to be stored with an ensemble.</summary>
    /// <exception cref="ArgumentException">Not one finite number a plaquette.</exception>
    public WilsonAction(LatticeGeometry lattice, ReadOnlySpan<double> couplings, IReadOnlyDictionary<string, double> parameters, GaugeGroup? group = null)
        : base(Kind, group ?? GaugeGroup.U1, LoopCouplings.OfPlaquettes(lattice, couplings), parameters)
    {
    }
}
