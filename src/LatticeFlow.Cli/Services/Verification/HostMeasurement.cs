using System.Numerics;
using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Interchange;
using LatticeFlow.Lattice;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>
/// S, mean plaquette, topological charge and distance from the group of one stored configuration by plain loops over the lattice: slow, and sharing nothing with the kernels that they check.
/// </summary>
/// <param name="Action">S = −Σ_P β_P (1/N) Re tr P − Σ_R β'_R (1/N) Re tr R.</param>
/// <param name="Plaquette">The mean of (1/N) Re tr P.</param>
/// <param name="Charge">Q = Σ_P arg(P)/2π of U(1); 0 for SU(N).</param>
/// <param name="Defect">The largest |(U U†)_ij − δ_ij| or |det U − 1| of a link of SU(N); 0 for U(1), whose angles are in the group.</param>
public readonly record struct HostMeasurement(double Action, double Plaquette, double Charge, double Defect)
{
    /// <summary>Measures links as they are stored, <c>[link]</c> of U(1) or <c>[link][row][column][2]</c>.</summary>
    public static HostMeasurement Of(GaugeGroup group, LoopCouplings couplings, double[] links) => group == GaugeGroup.U1 ? OfAngles(couplings, links) : OfMatrices(group, couplings, links);

    private static HostMeasurement OfAngles(LoopCouplings couplings, double[] links)
    {
        var lattice = couplings.Lattice;
        double action = 0, cosines = 0, flux = 0;
        ForEachPlane(couplings, (site, plane, beta, betaOfRectangles) =>
        {
            var (mu, nu) = lattice.Planes[plane];
            var angle = Angle(site, [(mu, 1), (nu, 1), (mu, -1), (nu, -1)]);
            action -= beta * Math.Cos(angle);
            cosines += Math.Cos(angle);
            flux += Math.IEEERemainder(angle, 2 * Math.PI);
            if (betaOfRectangles != 0) action -= betaOfRectangles * (Math.Cos(Angle(site, Long(mu, nu))) + Math.Cos(Angle(site, Wide(mu, nu))));
        });
        return new(action, cosines / lattice.Plaquettes, flux / (2 * Math.PI), 0);

        double Angle(int site, ReadOnlySpan<(int Mu, int Sign)> path)
        {
            double sum = 0;
            foreach (var (mu, sign) in path)
            {
                if (sign < 0) site = lattice.Neighbour(site, mu, -1);
                sum += sign * links[lattice.Link(site, mu)];
                if (sign > 0) site = lattice.Neighbour(site, mu);
            }
            return sum;
        }
    }

    private static HostMeasurement OfMatrices(GaugeGroup group, LoopCouplings couplings, double[] links)
    {
        var (lattice, n) = (couplings.Lattice, group.Order);
        var product = new Complex[n, n];
        var next = new Complex[n, n];
        var numbers = group.StoredNumbers;
        double action = 0, traces = 0;
        ForEachPlane(couplings, (site, plane, beta, betaOfRectangles) =>
        {
            var (mu, nu) = lattice.Planes[plane];
            var trace = Trace(site, [(mu, 1), (nu, 1), (mu, -1), (nu, -1)]);
            action -= beta * trace;
            traces += trace;
            if (betaOfRectangles != 0) action -= betaOfRectangles * (Trace(site, Long(mu, nu)) + Trace(site, Wide(mu, nu)));
        });
        var (unitarity, determinant) = GaugeMeasurement.LargestDefects(new GaugeConfiguration(lattice, n, links));
        return new(action, traces / lattice.Plaquettes, 0, Math.Max(unitarity, determinant));

        // (1/N) Re tr of the links along a closed path.
        double Trace(int site, ReadOnlySpan<(int Mu, int Sign)> path)
        {
            for (var i = 0; i < n * n; i++) product[i / n, i % n] = i % (n + 1) == 0 ? 1 : 0;
            foreach (var (mu, sign) in path)
            {
                if (sign < 0) site = lattice.Neighbour(site, mu, -1);
                Multiply(links.AsSpan(lattice.Link(site, mu) * numbers, numbers), sign < 0);
                (product, next) = (next, product);
                if (sign > 0) site = lattice.Neighbour(site, mu);
            }
            double trace = 0;
            for (var i = 0; i < n; i++) trace += product[i, i].Real;
            return trace / n;
        }

        void Multiply(ReadOnlySpan<double> link, bool adjoint)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    Complex sum = 0;
                    for (var k = 0; k < n; k++)
                    {
                        var entry = 2 * (adjoint ? (j * n) + k : (k * n) + j);
                        sum += product[i, k] * new Complex(link[entry], adjoint ? -link[entry + 1] : link[entry + 1]);
                    }
                    next[i, j] = sum;
                }
            }
        }
    }

    private static (int Mu, int Sign)[] Long(int mu, int nu) => [(mu, 1), (mu, 1), (nu, 1), (mu, -1), (mu, -1), (nu, -1)];

    private static (int Mu, int Sign)[] Wide(int mu, int nu) => [(mu, 1), (nu, 1), (nu, 1), (mu, -1), (nu, -1), (nu, -1)];

    private static void ForEachPlane(LoopCouplings couplings, Action<int, int, double, double> use)
    {
        var lattice = couplings.Lattice;
        for (var site = 0; site < lattice.Volume; site++)
        {
            for (var plane = 0; plane < lattice.Planes.Count; plane++) use(site, plane, couplings.Plaquettes[lattice.Plaquette(site, plane)], couplings.Rectangles[plane]);
        }
    }
}
