using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>
/// A defect: the links U_μ(x) that cross the boundary of direction μ, x_μ = L_μ − 1, within a cube of L_d^(D−1) of them, 0 ≤ x_ν &lt; L_d, ν ≠ μ. Every plaquette that contains one or two of these links has its coupling
/// times c: 1 is the periodic lattice, 0 is open across the defect, and L_d = L_ν for all ν opens the whole boundary.
/// </summary>
/// <remarks>
/// Sources: M. Hasenbusch, Phys. Rev. D 96 (2017) 054504; C. Bonanno, C. Bonati, M. D'Elia, JHEP 03 (2021) 111. There each link of the defect has a factor, so that plaquettes with two of them have c²; here c is the factor of
/// the plaquette. Both are the same lattice at c = 0 and c = 1; with this one S is linear in c.
/// </remarks>
/// <param name="Direction">μ.</param>
/// <param name="Size">L_d.</param>
public sealed record BoundaryDefect(int Direction, int Size)
{
    /// <summary>What is wrong with the defect on a lattice of these extents: a sentence; null: nothing.</summary>
    public string? Problem(IReadOnlyList<int> extents)
    {
        if (Direction < 0 || Direction >= extents.Count) return $"a direction is 0 to {extents.Count - 1}, not {Direction}";
        int most = extents.Where((_, nu) => nu != Direction).Min();
        return Size >= 1 && Size <= most ? null : $"a size is 1 to {most}, the least extent across direction {Direction}, not {Size}";
    }

    /// <summary>Throws ArgumentException where the lattice has no such defect.</summary>
    public void Check(LatticeGeometry lattice)
    {
        if (Problem(lattice.Extents) is { } problem) throw new ArgumentException($"defect on a {lattice} lattice: {problem}.", nameof(lattice));
    }

    /// <summary>Whether U_μ(x), μ the direction of the defect, is one of its links.</summary>
    public bool HasLinkAt(LatticeGeometry lattice, int site)
    {
        for (int nu = 0; nu < lattice.Dimensions; nu++)
        {
            int x = lattice.Coordinate(site, nu);
            if (nu == Direction ? x != lattice.Extents[nu] - 1 : x >= Size) return false;
        }

        return true;
    }

    /// <summary>Whether the plaquette of a plane at a site has a link of the defect.</summary>
    public bool HasPlaquette(LatticeGeometry lattice, int site, int plane)
    {
        var (mu, nu) = lattice.Planes[plane];
        if (mu != Direction && nu != Direction) return false;
        return HasLinkAt(lattice, site) || HasLinkAt(lattice, lattice.Neighbour(site, mu == Direction ? nu : mu));
    }

    /// <summary>Whether a site is in the box around the defect: not more than <paramref name="margin"/> sites beyond the ends of its links, in every direction.</summary>
    public bool IsNear(LatticeGeometry lattice, int site, int margin)
    {
        for (int nu = 0; nu < lattice.Dimensions; nu++)
        {
            int extent = lattice.Extents[nu];
            int first = nu == Direction ? extent - 1 - margin : -margin;
            int length = (nu == Direction ? 2 : Size) + (2 * margin);
            int distance = (((lattice.Coordinate(site, nu) - first) % extent) + extent) % extent;
            if (distance >= length) return false;
        }

        return true;
    }

    /// <summary>S_c = S^(0) + c S^(1) of an action: its plaquettes but for those of the defect, and those of the defect. S itself is S_1.</summary>
    /// <exception cref="ArgumentException">The lattice has no such defect, or the action has components or rectangles, whose couplings do not depend on their place.</exception>
    public LoopActionFamily Family(LoopAction action)
    {
        Check(action.Lattice);
        if (action.Components > 1) throw new ArgumentException($"action '{action.Name}' is a family already.", nameof(action));
        if (action.Couplings.HasRectangles) throw new ArgumentException($"action '{action.Name}' has rectangles: a defect is made of plaquettes, so use an action without.", nameof(action));
        return new(action.Name, action.Group, [Part(action, inside: false), Part(action, inside: true)], action.Parameters);
    }

    private LoopCouplings Part(LoopAction action, bool inside)
    {
        var lattice = action.Lattice;
        var couplings = new double[lattice.Plaquettes];
        for (int p = 0; p < couplings.Length; p++)
            couplings[p] = HasPlaquette(lattice, p / lattice.Planes.Count, p % lattice.Planes.Count) == inside ? action.Couplings.Plaquettes[p] : 0;
        return LoopCouplings.OfPlaquettes(lattice, couplings);
    }
}
