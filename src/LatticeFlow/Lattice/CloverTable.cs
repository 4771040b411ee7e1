using LatticeFlow.Kernels.Groups;

namespace LatticeFlow.Lattice;

/// <summary>The links of the four plaquettes of every plane that begin and end at a site, in the order that <see cref="FieldStrength{TLink, T}.Leaves"/> says.</summary>
public static class CloverTable
{
    private const int EntriesOfPlane = 16;

    /// <summary>Entries of stencil tables, <c>[site][plane][4][4]</c>.</summary>
    public static int[] Leaves(LatticeLayout layout)
    {
        var lattice = layout.OfLane;
        var table = new List<int>(lattice.Plaquettes * EntriesOfPlane);
        for (int site = 0; site < lattice.Volume; site++)
        {
            foreach (var (mu, nu) in lattice.Planes)
            {
                int Link(int direction, int stepsMu, int stepsNu) =>
                    layout.LinkEntry(layout.Move(layout.Move(new(site, 0), mu, stepsMu), nu, stepsNu), direction);
                table.AddRange(
                [
                    Link(mu, 0, 0), Link(nu, 1, 0), Link(nu, 0, 0), Link(mu, 0, 1),
                    Link(nu, 0, 0), Link(mu, -1, 1), Link(nu, -1, 0), Link(mu, -1, 0),
                    Link(nu, -1, -1), Link(mu, -1, 0), Link(mu, -1, -1), Link(nu, 0, -1),
                    Link(nu, 0, -1), Link(mu, 0, -1), Link(nu, 1, -1), Link(mu, 0, 0),
                ]);
            }
        }

        return [.. table];
    }
}
