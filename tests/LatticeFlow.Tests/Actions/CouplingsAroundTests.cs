using LatticeFlow.Actions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>Which plaquettes feel a link: from the link to its plaquettes, where the program goes from each plaquette to its links.</summary>
public class CouplingsAroundTests
{
    public static TheoryData<int[]> Extents => [[4, 3], [2, 5], [2, 2], [3, 2, 4], [3, 2, 2, 3]];

    [Theory]
    [MemberData(nameof(Extents))]
    public void Around_a_link_are_the_plaquettes_that_begin_at_it_and_beside_it(int[] extents)
    {
        var lattice = new LatticeGeometry(extents);
        double[] all = [.. Enumerable.Range(0, lattice.Plaquettes).Select(p => 1.0 + p)];
        var couplings = LoopCouplings.OfPlaquettes(lattice, all);
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                var expected = new double[lattice.Plaquettes];
                for (int plane = 0; plane < lattice.Planes.Count; plane++)
                {
                    var (first, second) = lattice.Planes[plane];
                    if (first != mu && second != mu) continue;
                    foreach (int p in new[] { lattice.Plaquette(site, plane), lattice.Plaquette(lattice.Neighbour(site, first == mu ? second : first, -1), plane) }) expected[p] = all[p];
                }

                int link = lattice.Link(site, mu);
                Assert.Equal(expected, couplings.Around(one => one == link).Plaquettes);
                Assert.Equal(2 * (lattice.Dimensions - 1), expected.Count(beta => beta != 0));
            }
        }
    }

    [Fact]
    public void Around_no_link_is_nothing_and_around_all_is_everything()
    {
        var couplings = LoopCouplings.OfPlaquettes(new(3, 4), Enumerable.Range(0, 12).Select(p => 1.0 + p).ToArray());
        Assert.All(couplings.Around(_ => false).Plaquettes, beta => Assert.Equal(0, beta));
        Assert.Equal(couplings.Plaquettes, couplings.Around(_ => true).Plaquettes);
    }
}
