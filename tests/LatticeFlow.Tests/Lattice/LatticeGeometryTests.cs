using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

public class LatticeGeometryTests
{
    public static TheoryData<int[]> Shapes => [[4, 4], [2, 3], [1, 5], [3, 2, 4], [2, 2, 2, 3]];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Neighbours_are_inverse_to_each_other_and_periodic(int[] extents)
    {
        var lattice = new LatticeGeometry(extents);
        for (int site = 0; site < lattice.Volume; site++)
        {
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                Assert.Equal(site, lattice.Neighbour(lattice.Neighbour(site, mu), mu, -1));
                Assert.Equal(site, lattice.Neighbour(site, mu, extents[mu]));
                Assert.Equal((lattice.Coordinate(site, mu) + 1) % extents[mu], lattice.Coordinate(lattice.Neighbour(site, mu), mu));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_link_is_in_its_plaquettes_with_its_sign(int[] extents)
    {
        var lattice = new LatticeGeometry(extents);
        var ofPlaquette = PlaquetteTable.Links(lattice);
        var ofLink = PlaquetteTable.OfLinks(lattice);
        int perLink = 2 * (lattice.Dimensions - 1);
        var signs = new int[lattice.Links, lattice.Plaquettes];
        for (int p = 0; p < lattice.Plaquettes; p++)
        {
            for (int k = 0; k < 4; k++) signs[ofPlaquette[(4 * p) + k], p] += k < 2 ? 1 : -1;
        }

        for (int link = 0; link < lattice.Links; link++)
        {
            for (int k = 0; k < perLink; k++)
            {
                int entry = ofLink[(link * perLink) + k];
                if (entry >= 0) signs[link, entry]--;
                else signs[link, -1 - entry]++;
            }

            for (int p = 0; p < lattice.Plaquettes; p++) Assert.Equal(0, signs[link, p]);
        }
    }

    [Fact]
    public void Impossible_extents_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LatticeGeometry(8));
        Assert.Throws<ArgumentException>(() => new LatticeGeometry(8, 0));
        Assert.Throws<ArgumentException>(() => new LatticeGeometry(2, 2, 2, 2, 2));
        Assert.Throws<ArgumentException>(() => new LatticeGeometry(65536, 65536));
    }
}
