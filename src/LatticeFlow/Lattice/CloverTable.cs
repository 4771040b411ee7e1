using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;

namespace LatticeFlow.Lattice;

/// <summary>The links of the four plaquettes of every plane that begin and end at a site, in the order that <see cref="FieldStrength{TLink, T}.Leaves"/> says.</summary>
public static class CloverTable
{
    private const int EntriesOfPlane = 16;

    /// <summary>The table of <see cref="Leaves"/> on a device.</summary>
    public static IndexTable New(ComputeDevice device, LatticeLayout layout) => device.NewTable(layout.OfLane.Plaquettes * EntriesOfPlane, Leaves(layout));

    /// <summary>Entries of stencil tables, <c>[site][plane][4][4]</c>.</summary>
    public static IEnumerable<int> Leaves(LatticeLayout layout)
    {
        var lattice = layout.OfLane;
        for (int site = 0; site < lattice.Volume; site++)
        {
            foreach (var (mu, nu) in lattice.Planes)
            {
                int Link(int direction, int stepsMu, int stepsNu) =>
                    layout.LinkEntry(layout.Move(layout.Move(new(site, 0), mu, stepsMu), nu, stepsNu), direction);
                int[] leaves =
                [
                    Link(mu, 0, 0), Link(nu, 1, 0), Link(nu, 0, 0), Link(mu, 0, 1),
                    Link(nu, 0, 0), Link(mu, -1, 1), Link(nu, -1, 0), Link(mu, -1, 0),
                    Link(nu, -1, -1), Link(mu, -1, 0), Link(mu, -1, -1), Link(nu, 0, -1),
                    Link(nu, 0, -1), Link(mu, 0, -1), Link(nu, 1, -1), Link(mu, 0, 0),
                ];
                foreach (int entry in leaves) yield return entry;
            }
        }
    }
}
