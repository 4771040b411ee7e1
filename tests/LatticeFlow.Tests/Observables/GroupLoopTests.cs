using System.Numerics;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>Wilson and Polyakov loops of links of any group are the means of (1/N) tr that their definitions say, where lanes are replicas and where they are sub-lattices.</summary>
public class GroupLoopTests
{
    // Means of numbers of order 1, added in another order.
    private const double RoundingTolerance = 1e-12;

    [Theory]
    [InlineData("U1", false)]
    [InlineData("SU2", false)]
    [InlineData("SU3", false)]
    [InlineData("SU4", false)]
    [InlineData("U1", true)]
    [InlineData("SU2", true)]
    [InlineData("SU3", true)]
    public void Loops_are_the_means_that_the_definitions_say(string name, bool split)
    {
        if (split && Compute.Cpu.InstructionSet.Best().Name == "scalar") return;
        foreach (int[] extents in split ? new int[][] { [8, 4], [4, 6, 8] } : [[3, 4], [2, 3, 4], [3, 2, 2, 2]])
        {
            var lattice = new LatticeGeometry(extents);
            var field = MatrixField.Random(lattice, GaugeGroup.Named(name), 41, 1);
            double[][] values = FieldBench.Measure(
                field, split, "plaquette", "wilson_loop_2x2", "wilson_loop_3x1", "wilson_loop_temporal_1x2", "wilson_loop_temporal_2x1", "wilson_loop_temporal_1x1", "polyakov_re", "polyakov_im", "polyakov_abs", "polyakov_projected");
            Assert.Equal(Loop(field, 1, 1, false), values[0][0], RoundingTolerance);
            Assert.Equal(Loop(field, 2, 2, false), values[1][0], RoundingTolerance);
            Assert.Equal(Loop(field, 3, 1, false), values[2][0], RoundingTolerance);
            Assert.Equal(Loop(field, 1, 2, true), values[3][0], RoundingTolerance);
            Assert.Equal(Loop(field, 2, 1, true), values[4][0], RoundingTolerance);
            Assert.Equal(Loop(field, 1, 1, true), values[5][0], RoundingTolerance);
            for (int mu = 0; mu < lattice.Dimensions; mu++)
            {
                var line = Polyakov(field, mu);
                Assert.Equal(line.Real, values[6][mu], RoundingTolerance);
                Assert.Equal(line.Imaginary, values[7][mu], RoundingTolerance);
                Assert.Equal(line.Magnitude, values[8][mu], RoundingTolerance);
                int order = field.Group.Order;
                double projected = order == 1 ? line.Magnitude : Enumerable.Range(0, order).Max(k => (line * Complex.FromPolarCoordinates(1, 2 * Math.PI * k / order)).Real);
                Assert.Equal(projected, values[9][mu], RoundingTolerance);
            }
        }
    }

    // R steps along one direction, T along another: all ordered pairs, or those with T along direction 0.
    private static double Loop(MatrixField field, int r, int t, bool temporal)
    {
        double sum = 0;
        int loops = 0;
        for (int site = 0; site < field.Lattice.Volume; site++)
        {
            for (int m = 1; m <= field.Lattice.Dimensions; m++)
            {
                for (int n = 1; n <= field.Lattice.Dimensions; n++)
                {
                    if (m == n || (temporal && n != 1)) continue;
                    int[] steps = [.. Enumerable.Repeat(m, r), .. Enumerable.Repeat(n, t), .. Enumerable.Repeat(-m, r), .. Enumerable.Repeat(-n, t)];
                    sum += field.Path(site, steps).Trace.Real;
                    loops++;
                }
            }
        }

        return sum / loops / field.Group.Order;
    }

    private static Complex Polyakov(MatrixField field, int mu)
    {
        int[] line = [.. Enumerable.Repeat(mu + 1, field.Lattice.Extents[mu])];
        var traces = Enumerable.Range(0, field.Lattice.Volume).Where(site => field.Lattice.Coordinate(site, mu) == 0).Select(site => field.Path(site, line).Trace).ToArray();
        return traces.Aggregate(Complex.Zero, (sum, trace) => sum + trace) / traces.Length / field.Group.Order;
    }
}
