using LatticeFlow.Reports;

namespace LatticeFlow.Expressions;

/// <summary>Names that stand for numbers in formulas: pi and those of the theory.</summary>
public static class TheoryConstants
{
    /// <summary>pi; with a theory beta, N of SU(N) (1 of U(1)), V the number of sites, D, L0 … of the extents, xi, c1, m2 and lambda, where it has them.</summary>
    public static IReadOnlyDictionary<string, double> Of(TheoryDocument? theory)
    {
        var constants = new Dictionary<string, double> { ["pi"] = Math.PI, ["π"] = Math.PI };
        if (theory is null || theory.Extents.Count == 0) return constants;
        if (double.IsFinite(theory.Beta)) constants["beta"] = constants["β"] = theory.Beta;
        if (theory.Group == "U1") constants["N"] = 1;
        else if (theory.Group.StartsWith("SU", StringComparison.Ordinal) && int.TryParse(theory.Group.AsSpan(2), out int colors)) constants["N"] = colors;
        constants["V"] = theory.Volume;
        constants["D"] = theory.Extents.Count;
        for (int mu = 0; mu < theory.Extents.Count; mu++) constants[FormattableString.Invariant($"L{mu}")] = theory.Extents[mu];
        constants["xi"] = theory.Anisotropy;
        if (theory.C1 is { } c1) constants["c1"] = c1;
        if (theory.MassSquared is { } mass) constants["m2"] = mass;
        if (theory.Lambda is { } lambda) constants["lambda"] = lambda;
        return constants;
    }
}
