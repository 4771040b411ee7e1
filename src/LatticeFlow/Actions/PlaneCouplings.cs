using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>Couplings that depend on the plane of a loop only.</summary>
public static class PlaneCouplings
{
    /// <summary>β, for the registry.</summary>
    public static ActionParameter Beta { get; } = new("beta", "beta, the coupling") { Minimum = 0, MinimumOfTerm = -ActionParameter.LargestCoupling, Example = 2 };

    /// <summary>ξ, for the registry.</summary>
    public static ActionParameter Anisotropy { get; } =
        new("anisotropy", "xi: loops in planes with direction 0, time, have their couplings times xi, the others divided by xi", 1) { Minimum = 1 / ActionParameter.LargestRatio, Maximum = ActionParameter.LargestRatio };

    /// <summary>β ξ for the planes that contain direction 0, β/ξ for the others.</summary>
    /// <exception cref="ArgumentException">β is not finite, or ξ not positive.</exception>
    public static double[] Of(LatticeGeometry lattice, double beta, double anisotropy = 1)
    {
        if (!double.IsFinite(beta)) throw new ArgumentException($"beta = {beta}: a coupling is a finite number.", nameof(beta));
        if (!(anisotropy > 0) || !double.IsFinite(anisotropy)) throw new ArgumentException($"anisotropy = {anisotropy}: an anisotropy is a positive number.", nameof(anisotropy));
        return [.. lattice.Planes.Select(plane => plane.Mu == 0 ? beta * anisotropy : beta / anisotropy)];
    }

    /// <summary>Zero for every plane.</summary>
    public static double[] None(LatticeGeometry lattice) => new double[lattice.Planes.Count];

    /// <summary>What is stored beside an ensemble.</summary>
    internal static IReadOnlyDictionary<string, double> Parameters(double beta, double anisotropy) => anisotropy == 1
        ? new Dictionary<string, double> { ["beta"] = beta }
        : new Dictionary<string, double> { ["beta"] = beta, ["anisotropy"] = anisotropy };
}
