using System.Collections;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// S = −(1/N) [Σ_p β_p Re tr P_p + Σ_r β'_r Re tr R_r] with a coupling β_p of each plaquette and a coupling β' of the 1×2 rectangles, both orientations, of each plane: what all actions
/// made of plaquettes and rectangles are.
/// </summary>
public sealed class LoopCouplings
{
    private LoopCouplings(LatticeGeometry lattice, IReadOnlyList<double> plaquettes, double[] rectangles)
    {
        var independent = plaquettes is Repeated repeated ? repeated.Values : plaquettes;
        foreach (double beta in independent.Concat(rectangles))
        {
            if (!double.IsFinite(beta)) throw new ArgumentException($"beta = {beta}: a coupling is a finite number.");
        }

        Lattice = lattice;
        Plaquettes = plaquettes;
        Rectangles = rectangles;
        HasPlaquettes = independent.Any(beta => beta != 0);
        IsTranslationInvariant = Enumerable.Range(0, independent.Count).All(p => independent[p] == independent[p % lattice.Planes.Count]);
        IsUniform = independent.All(beta => beta == independent[0]) && rectangles.All(beta => beta == rectangles[0]);
    }

    /// <summary>The lattice.</summary>
    public LatticeGeometry Lattice { get; }

    /// <summary>β_p, one a plaquette.</summary>
    public IReadOnlyList<double> Plaquettes { get; }

    /// <summary>β', one a plane.</summary>
    public IReadOnlyList<double> Rectangles { get; }

    /// <summary>Whether there are plaquettes at all.</summary>
    public bool HasPlaquettes { get; }

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
        return new(lattice, new Repeated([.. plaquettes], lattice.Plaquettes), [.. rectangles]);
    }

    /// <summary>A coupling of each plaquette, and no rectangles.</summary>
    /// <exception cref="ArgumentException">Not one finite number a plaquette.</exception>
    public static LoopCouplings OfPlaquettes(LatticeGeometry lattice, ReadOnlySpan<double> plaquettes)
    {
        if (plaquettes.Length != lattice.Plaquettes)
            throw new ArgumentException($"{plaquettes.Length} couplings for the {lattice.Plaquettes} plaquettes of a {lattice} lattice.", nameof(plaquettes));
        return new(lattice, plaquettes.ToArray(), new double[lattice.Planes.Count]);
    }

    /// <summary>The same plaquettes, and a coupling of the rectangles of each plane.</summary>
    /// <exception cref="ArgumentException">Not one finite number a plane.</exception>
    public LoopCouplings WithRectangles(IReadOnlyList<double> rectangles)
    {
        if (rectangles.Count != Lattice.Planes.Count) throw new ArgumentException($"{rectangles.Count} couplings for the {Lattice.Planes.Count} planes of a {Lattice} lattice.", nameof(rectangles));
        return new(Lattice, Plaquettes, [.. rectangles]);
    }

    /// <summary>The same for plaquettes that contain one of some links; others have none.</summary>
    internal LoopCouplings Around(Func<int, bool> links)
    {
        var plaquettes = new double[Lattice.Plaquettes];
        for (int site = 0; site < Lattice.Volume; site++)
        {
            for (int plane = 0; plane < Lattice.Planes.Count; plane++)
            {
                var (mu, nu) = Lattice.Planes[plane];
                int p = Lattice.Plaquette(site, plane);
                if (links(Lattice.Link(site, mu)) || links(Lattice.Link(site, nu)) || links(Lattice.Link(Lattice.Neighbour(site, mu), nu)) || links(Lattice.Link(Lattice.Neighbour(site, nu), mu))) plaquettes[p] = Plaquettes[p];
            }
        }

        return new(Lattice, plaquettes, Rectangles.ToArray());
    }

    /// <summary>The couplings of the sum of two actions.</summary>
    /// <exception cref="ArgumentException">They are on different lattices.</exception>
    public LoopCouplings Plus(LoopCouplings other)
    {
        if (!Lattice.Equals(other.Lattice)) throw new ArgumentException($"an action on {Lattice} cannot be added to one on {other.Lattice}.", nameof(other));
        return new(
            Lattice,
            Plaquettes is Repeated mine && other.Plaquettes is Repeated theirs
                ? new Repeated([.. mine.Values.Zip(theirs.Values, (a, b) => a + b)], Plaquettes.Count)
                : [.. Plaquettes.Zip(other.Plaquettes, (a, b) => a + b)],
            [.. Rectangles.Zip(other.Rectangles, (a, b) => a + b)]);
    }

    /// <summary>The couplings of planes for every site, of which there can be millions.</summary>
    private sealed class Repeated(double[] values, int count) : IReadOnlyList<double>
    {
        public IReadOnlyList<double> Values => values;

        public int Count => count;

        public double this[int index] => (uint)index < (uint)count ? values[index % values.Length] : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<double> GetEnumerator() => Enumerable.Range(0, count).Select(index => values[index % values.Length]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
