using System.Text.Json.Nodes;
using LatticeFlow.Actions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// The links of a staple mask of two colours that are near a defect, with all their staples, and the class of the plaquette that each staple closes. Moved are the links of the plaquettes of the defect and, with a margin, those
/// that begin in its box, see <see cref="BoundaryDefect.IsNear"/>.
/// </summary>
/// <param name="Staples">The mask without the defect.</param>
/// <param name="Defect">The defect.</param>
/// <param name="Margin">Sites beyond the ends of the links of the defect that the box has; −1: there is no box.</param>
public sealed record DefectMask(StapleMask Staples, BoundaryDefect Defect, int Margin) : ICouplingMask
{
    /// <summary>A plaquette of the defect, for a link of the defect.</summary>
    public const int Across = 0;

    /// <summary>The same for a link that leads along the boundary: of another direction than the links of the defect.</summary>
    public const int Along = 1;

    /// <summary>The same for a link of the direction of the defect that is beside its edge.</summary>
    public const int Beside = 2;

    /// <summary>Any other plaquette, for a link in the box.</summary>
    public const int Bulk = 3;

    /// <inheritdoc/>
    public int PathsOfOne => Staples.PathsOfOne;

    /// <inheritdoc/>
    public int LoopsOfNode => Staples.LoopsOfNode;

    /// <summary>Classes of plaquettes that move a link; one more, the last, does not.</summary>
    public static int ClassesOf(int margin) => margin < 0 ? Bulk : Bulk + 1;

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["mask"] = "defect", ["staples"] = Staples.Describe(), ["size"] = Defect.Size, ["direction"] = Defect.Direction, ["margin"] = Margin };

    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice) => Staples.Refusal(lattice) ?? (Defect.Problem(lattice.Extents) is { } problem ? $"the defect does not fit: {problem}" : null);

    /// <summary>None: the defect is at one place.</summary>
    public int Period(int direction) => 0;

    /// <inheritdoc/>
    public CouplingPaths On(LatticeGeometry lattice) => Staples.On(lattice, site => Enumerable.Range(0, Staples.PathsOfOne).Any(staple => ClassOf(lattice, site, staple) < ClassesOf(Margin)));

    /// <summary>The class of the plaquette of each staple of each active link, in the order of the paths.</summary>
    public int[] Classes(LatticeGeometry lattice) =>
        [.. On(lattice).Active.SelectMany(one => Enumerable.Range(0, Staples.PathsOfOne).Select(staple => ClassOf(lattice, one.Node, staple)))];

    // Staples are in the order of the catalogue: every direction ν ≠ μ on the side of +ν, then of −ν.
    private int ClassOf(LatticeGeometry lattice, int site, int staple)
    {
        int mu = Staples.Mu, nu = staple / 2;
        if (nu >= mu) nu++;
        int corner = staple % 2 == 0 ? site : lattice.Neighbour(site, nu, -1);
        if (Defect.HasPlaquette(lattice, corner, PlaquetteTable.PlaneOf(lattice, Math.Min(mu, nu), Math.Max(mu, nu)))) return mu != Defect.Direction ? Along : Defect.HasLinkAt(lattice, site) ? Across : Beside;
        return Margin >= 0 && !Defect.IsNear(lattice, site, Margin) ? ClassesOf(Margin) : Bulk;
    }
}
