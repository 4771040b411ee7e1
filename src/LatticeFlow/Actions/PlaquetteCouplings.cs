using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>Couplings β_p, one a plaquette.</summary>
public static class PlaquetteCouplings
{
    /// <summary>β everywhere.</summary>
    public static double[] Uniform(LatticeGeometry lattice, double beta)
    {
        if (!double.IsFinite(beta)) throw new ArgumentException($"beta = {beta}: a coupling is a finite number.", nameof(beta));
        var couplings = new double[lattice.Plaquettes];
        Array.Fill(couplings, beta);
        return couplings;
    }

    /// <summary>
    /// β, and 0 for plaquettes that close around the lattice in direction μ: open boundaries. In two dimensions the remaining plaquettes are
    /// then independent, each with density exp(β cos θ) / 2π I₀(β).
    /// </summary>
    public static double[] Open(LatticeGeometry lattice, double beta, int mu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mu);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mu, lattice.Dimensions);
        var couplings = Uniform(lattice, beta);
        for (int site = 0; site < lattice.Volume; site++)
        {
            if (lattice.Coordinate(site, mu) != lattice.Extents[mu] - 1) continue;
            for (int plane = 0; plane < lattice.Planes.Count; plane++)
            {
                var (a, b) = lattice.Planes[plane];
                if (a == mu || b == mu) couplings[lattice.Plaquette(site, plane)] = 0;
            }
        }

        return couplings;
    }
}
