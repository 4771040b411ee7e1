using LatticeFlow.Actions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>
/// Two-dimensional U(1) on a torus, drawn exactly: all plaquettes but the last are independent with density e^{β cos θ}, the last closes the sum and is accepted with e^{β(cos θ − 1)}. A random gauge and random Polyakov loops make links of it.
/// </summary>
internal sealed class ClosedTorus(int length0, int length1, double beta) : IExactTarget
{
    public LatticeGeometry Lattice { get; } = new(length0, length1);

    public IAction Action() => new WilsonAction(Lattice, beta);

    public void Draw(Random random, double strength, Span<double> links)
    {
        double coupling = strength * beta;
        var plaquettes = new double[Lattice.Volume];
        do
        {
            double sum = 0;
            for (int p = 0; p < plaquettes.Length - 1; p++) sum += plaquettes[p] = VonMises(random, coupling);
            plaquettes[^1] = -sum;
        }
        while (random.NextDouble() >= Math.Exp(coupling * (Math.Cos(plaquettes[^1]) - 1)));

        // θ_1(x_0, x_1) = Σ of the plaquettes at smaller x_0 and the same x_1; θ_0 at the last x_0 takes what is left of whole columns.
        double columns = 0, loop0 = Angle(random), loop1 = Angle(random);
        for (int y = 0; y < length1; y++)
        {
            double along = 0;
            for (int x = 0; x < length0; x++)
            {
                int site = Lattice.Site(x, y);
                links[Lattice.Link(site, 0)] = x == length0 - 1 ? loop0 - columns : 0;
                links[Lattice.Link(site, 1)] = along + (y == length1 - 1 ? loop1 : 0);
                along += plaquettes[site];
            }

            columns += along;
        }

        var gauge = new double[Lattice.Volume];
        for (int site = 0; site < gauge.Length; site++) gauge[site] = Angle(random);
        for (int site = 0; site < gauge.Length; site++)
        {
            for (int mu = 0; mu < 2; mu++)
            {
                int link = Lattice.Link(site, mu);
                links[link] = Math.IEEERemainder(links[link] + gauge[site] - gauge[Lattice.Neighbour(site, mu)], 2 * Math.PI);
            }
        }
    }

    /// <summary>Q, rounded, and a little of the plaquette at the origin that tells configurations of one charge apart.</summary>
    public double Corner(ReadOnlySpan<double> links)
    {
        double sum = 0;
        for (int site = 0; site < Lattice.Volume; site++) sum += Math.IEEERemainder(Plaquette(links, site), 2 * Math.PI);
        return Math.Round(sum / (2 * Math.PI)) + (0.1 * Math.Cos(Plaquette(links, 0)));
    }

    private double Plaquette(ReadOnlySpan<double> links, int site) =>
        links[Lattice.Link(site, 0)] + links[Lattice.Link(Lattice.Neighbour(site, 0), 1)] - links[Lattice.Link(Lattice.Neighbour(site, 1), 0)] - links[Lattice.Link(site, 1)];

    private static double Angle(Random random) => Math.PI * (1 - (2 * random.NextDouble()));

    private static double VonMises(Random random, double kappa)
    {
        while (true)
        {
            double angle = Angle(random);
            if (random.NextDouble() < Math.Exp(kappa * (Math.Cos(angle) - 1))) return angle;
        }
    }
}
