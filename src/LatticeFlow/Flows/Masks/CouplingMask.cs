using LatticeFlow.Kernels.Flows;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// What a plaquette coupling moves and what it may look at: each active plaquette has exactly one active link; frozen plaquettes hold no
/// active link; all others are passive.
/// </summary>
/// <param name="ActivePlaquettes">The active plaquettes.</param>
/// <param name="ActiveLinks">The active link of each.</param>
/// <param name="Signs">The sign of the active link in its plaquette.</param>
/// <param name="Roles">A <see cref="PlaquetteRole"/> for every plaquette.</param>
public sealed record CouplingMask(int[] ActivePlaquettes, int[] ActiveLinks, int[] Signs, int[] Roles)
{
    /// <summary>The mask as <see cref="CouplingOperands{T}.Active"/> wants it.</summary>
    public int[] ActiveTable()
    {
        var table = new int[3 * ActivePlaquettes.Length];
        for (int a = 0; a < ActivePlaquettes.Length; a++)
        {
            table[3 * a] = ActivePlaquettes[a];
            table[(3 * a) + 1] = ActiveLinks[a];
            table[(3 * a) + 2] = Signs[a];
        }

        return table;
    }

    /// <summary>
    /// The passive partner of each active plaquette, which holds the active link too, and the other way round; −1 for frozen plaquettes.
    /// </summary>
    public int[] Partners(LatticeGeometry lattice)
    {
        var ofLinks = PlaquetteTable.OfLinks(lattice);
        int perLink = 2 * (lattice.Dimensions - 1);
        var partners = Enumerable.Repeat(-1, lattice.Plaquettes).ToArray();
        for (int a = 0; a < ActivePlaquettes.Length; a++)
        {
            for (int k = 0; k < perLink; k++)
            {
                int p = ofLinks[(ActiveLinks[a] * perLink) + k];
                p = p >= 0 ? p : -1 - p;
                if (p == ActivePlaquettes[a]) continue;
                partners[ActivePlaquettes[a]] = p;
                partners[p] = ActivePlaquettes[a];
            }
        }

        return partners;
    }

    /// <summary>The rectangles as <see cref="CouplingOperands{T}.Rectangles"/> wants them.</summary>
    public int[] Rectangles(LatticeGeometry lattice)
    {
        var links = PlaquetteTable.Links(lattice);
        var partners = Partners(lattice);
        var table = new int[6 * lattice.Plaquettes];
        for (int a = 0; a < ActivePlaquettes.Length; a++)
        {
            int p = ActivePlaquettes[a], e = 6 * p;
            foreach (int plaquette in new[] { p, partners[p] })
            {
                for (int k = 0; k < 4; k++)
                {
                    int link = links[(4 * plaquette) + k];
                    if (link != ActiveLinks[a]) table[e++] = k < 2 ? link : -1 - link;
                }
            }
        }

        return table;
    }

    /// <summary>Whether the network may look at a plaquette.</summary>
    public bool IsFrozen(int plaquette) => Roles[plaquette] == PlaquetteRole.Frozen;

    /// <summary>Checks the mask's promises on a lattice.</summary>
    /// <exception cref="InvalidOperationException">An active link is in a frozen plaquette, or in two active ones.</exception>
    public void Verify(LatticeGeometry lattice)
    {
        var links = PlaquetteTable.Links(lattice);
        var active = ActiveLinks.ToHashSet();
        for (int p = 0; p < lattice.Plaquettes; p++)
        {
            int held = Enumerable.Range(4 * p, 4).Count(i => active.Contains(links[i]));
            bool right = Roles[p] switch { PlaquetteRole.Frozen => held == 0, PlaquetteRole.Active => held == 1, _ => true };
            if (!right) throw new InvalidOperationException($"plaquette {p} with role {Roles[p]} holds {held} active links.");
        }
    }
}
