using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// S = −(1/N) [Σ_p β_p Re tr P_p + Σ_r β'_r Re tr R_r] with a coupling β_p of each plaquette and a coupling β' of the 1×2 rectangles, both orientations, of each plane: what all actions
/// made of plaquettes and rectangles are.
/// </summary>
public sealed class LoopCouplings
{
    private LoopCouplings(LatticeGeometry lattice, double[] plaquettes, double[] rectangles)
    {
        foreach (double beta in plaquettes.Concat(rectangles))
        {
            if (!double.IsFinite(beta)) throw new ArgumentException($"beta = {beta}: a coupling is a finite number.");
        }

        Lattice = lattice;
        Plaquettes = plaquettes;
        Rectangles = rectangles;
        IsTranslationInvariant = Enumerable.Range(0, plaquettes.Length).All(p => plaquettes[p] == plaquettes[p % lattice.Planes.Count]);
        IsUniform = plaquettes.All(beta => beta == plaquettes[0]) && rectangles.All(beta => beta == rectangles[0]);
    }

    /// <summary>The lattice.</summary>
    public LatticeGeometry Lattice { get; }

    /// <summary>β_p, one a plaquette.</summary>
    public IReadOnlyList<double> Plaquettes { get; }

    /// <summary>β', one a plane.</summary>
    public IReadOnlyList<double> Rectangles { get; }

    /// <summary>Whether there are rectangles at all.</summary>
    public bool HasRectangles => Rectangles.Any(beta => beta != 0);

    /// <summary>Whether a coupling depends on the plane only.</summary>
    public bool IsTranslationInvariant { get; }

    /// <summary>Whether all plaquettes have one coupling, and all rectangles.</summary>
    public bool IsUniform { get; }

    /// <summary>Couplings of each plane.</summary>
    /// <exception cref="ArgumentException">Not one number a plane, or one is not finite.</exception>
    public static LoopCouplings OfPlanes(LatticeGeometry lattice, IReadOnlyList<double> plaquettes, IReadOnlyList<double> rectangles)
    {
        if (plaquettes.Count != lattice.Planes.Count || rectangles.Count != lattice.Planes.Count)
            throw new ArgumentException($"{plaquettes.Count} and {rectangles.Count} couplings for the {lattice.Planes.Count} planes of a {lattice} lattice.");
        return new(lattice, [.. Enumerable.Range(0, lattice.Plaquettes).Select(p => plaquettes[p % lattice.Planes.Count])], [.. rectangles]);
    }

    /// <summary>A coupling of each plaquette, and no rectangles.</summary>
    /// <exception cref="ArgumentException">Not one finite number a plaquette.</exception>
    public static LoopCouplings OfPlaquettes(LatticeGeometry lattice, ReadOnlySpan<double> plaquettes)
    {
        if (plaquettes.Length != lattice.Plaquettes)
            throw new ArgumentException($"{plaquettes.Length} couplings for the {lattice.Plaquettes} plaquettes of a {lattice} lattice.", nameof(plaquettes));
        return new(lattice, plaquettes.ToArray(), new double[lattice.Planes.Count]);
    }

    /// <summary>The couplings of the sum of two actions.</summary>
    /// <exception cref="ArgumentException">They are on different lattices.</exception>
    public LoopCouplings Plus(LoopCouplings other)
    {
        if (!Lattice.Equals(other.Lattice)) throw new ArgumentException($"an action on {Lattice} cannot be added to one on {other.Lattice}.", nameof(other));
        return new(
            Lattice,
            [.. Plaquettes.Zip(other.Plaquettes, (a, b) => a + b)],
            [.. Rectangles.Zip(other.Rectangles, (a, b) => a + b)]);
    }
}
