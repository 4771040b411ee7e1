using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>S is the number that its definition says, term by term with plain matrices: β/N, the anisotropy, c0 and c1 of all groups.</summary>
public class ActionDefinitionTests
{
    // A few hundred terms of order β, added in another order.
    private const double RoundingTolerance = 1e-11;
    private const double Beta = 1.9;
    private const double Anisotropy = 1.6;

    [Theory]
    [InlineData("U1")]
    [InlineData("SU2")]
    [InlineData("SU3")]
    [InlineData("SU4")]
    public void Actions_are_what_their_definitions_say(string name)
    {
        var group = GaugeGroup.Named(name);
        foreach (int[] extents in new int[][] { [3, 4], [2, 3, 4], [3, 2, 1, 2] })
        {
            var lattice = new LatticeGeometry(extents);
            var field = MatrixField.Random(lattice, group, 31, 1);
            double Wilson(double xi) => Sum(field, xi, Beta, 0);
            double Improved(double xi, double c1) => Sum(field, xi, Beta * (1 - (8 * c1)), Beta * c1);
            Check(new WilsonAction(lattice, group, Beta), Wilson(1));
            Check(new WilsonAction(lattice, group, Beta, Anisotropy), Wilson(Anisotropy));
            Check(new RectangleAction(lattice, group, Beta, RectangleAction.Iwasaki), Improved(1, -0.331));
            Check(new RectangleAction(lattice, group, Beta, RectangleAction.Symanzik, Anisotropy), Improved(Anisotropy, -1.0 / 12));
            Check(
                new SumAction(new RectangleAction(lattice, group, Beta, RectangleAction.Dbw2, Anisotropy), new WilsonAction(lattice, group, Beta)),
                Improved(Anisotropy, -1.4088) + Wilson(1));

            void Check(IAction action, double expected)
            {
                using var device = CpuDevices.Best();
                using var evaluator = ActionEvaluator.Create(device, action, 1);
                double[] values = [0];
                evaluator.Evaluate(field.Numbers, values);
                Assert.Equal(expected, values[0], RoundingTolerance);
            }
        }
    }

    // −(1/N) Σ_x Σ_{μ<ν} f_μν [β0 Re tr P_μν + β1 (Re tr R_2×1 + Re tr R_1×2)], f = ξ where μ = 0, else 1/ξ.
    private static double Sum(MatrixField field, double xi, double beta0, double beta1)
    {
        double sum = 0;
        for (int site = 0; site < field.Lattice.Volume; site++)
        {
            for (int m = 1; m <= field.Lattice.Dimensions; m++)
            {
                for (int n = m + 1; n <= field.Lattice.Dimensions; n++)
                {
                    double plaquette = field.Path(site, m, n, -m, -n).Trace.Real;
                    double rectangles = field.Path(site, m, m, n, -m, -m, -n).Trace.Real + field.Path(site, m, n, n, -m, -n, -n).Trace.Real;
                    sum -= (m == 1 ? xi : 1 / xi) * ((beta0 * plaquette) + (beta1 * rectangles));
                }
            }
        }

        return sum / field.Group.Order;
    }
}
