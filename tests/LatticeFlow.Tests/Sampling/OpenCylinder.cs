using LatticeFlow.Actions;
using LatticeFlow.Lattice;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>
/// Two-dimensional U(1) with open boundaries in direction 0: plaquettes are independent with density e^{β cos θ}/2π I₀(β), so that
/// configurations can be drawn exactly, by a method that shares nothing with the samplers.
/// </summary>
internal sealed class OpenCylinder(int length, int circumference, double beta) : IExactTarget
{
    public LatticeGeometry Lattice { get; } = new(length, circumference);

    public WilsonAction Action() => new(Lattice, PlaquetteCouplings.Open(Lattice, beta, 0), new Dictionary<string, double> { ["beta"] = beta });

    /// <summary>θ_0 everywhere and θ_1 at x_0 = 0 are uniform; plaquettes then fix θ_1(x + 0) = θ_P − θ_0(x) + θ_0(x + 1) + θ_1(x).</summary>
    public void Draw(Random random, Span<double> links)
    {
        foreach (ref double link in links) link = Uniform(random);
        for (int x = 0; x + 1 < length; x++)
        {
            for (int y = 0; y < circumference; y++)
            {
                int site = Lattice.Site(x, y);
                links[Lattice.Link(Lattice.Neighbour(site, 0), 1)] = Math.IEEERemainder(
                    VonMises(random) - links[Lattice.Link(site, 0)] + links[Lattice.Link(Lattice.Neighbour(site, 1), 0)] + links[Lattice.Link(site, 1)], 2 * Math.PI);
            }
        }
    }

    IAction IExactTarget.Action() => Action();

    /// <summary>The same from exp(−strength · S).</summary>
    public void Draw(Random random, double strength, Span<double> links) => new OpenCylinder(length, circumference, strength * beta).Draw(random, links);

    public double Corner(ReadOnlySpan<double> links) =>
        Math.Cos(links[Lattice.Link(0, 0)] + links[Lattice.Link(Lattice.Neighbour(0, 0), 1)] - links[Lattice.Link(Lattice.Neighbour(0, 1), 0)] - links[Lattice.Link(0, 1)]);

    /// <summary>ln of the density of <see cref="Draw"/> with respect to normalised Haar measure.</summary>
    public double LogDensity(ReadOnlySpan<double> links)
    {
        double sum = 0;
        double logNorm = Math.Log(BesselZero());
        for (int x = 0; x + 1 < length; x++)
        {
            for (int y = 0; y < circumference; y++)
            {
                int site = Lattice.Site(x, y);
                double angle = links[Lattice.Link(site, 0)] + links[Lattice.Link(Lattice.Neighbour(site, 0), 1)] - links[Lattice.Link(Lattice.Neighbour(site, 1), 0)] - links[Lattice.Link(site, 1)];
                sum += (beta * Math.Cos(angle)) - logNorm;
            }
        }

        return sum;
    }

    private static double Uniform(Random random) => Math.PI * (1 - (2 * random.NextDouble()));

    private double VonMises(Random random)
    {
        while (true)
        {
            double angle = Uniform(random);
            if (random.NextDouble() < Math.Exp(beta * (Math.Cos(angle) - 1))) return angle;
        }
    }

    private double BesselZero()
    {
        const int points = 64;
        double sum = 0;
        for (int i = 0; i < points; i++) sum += Math.Exp(beta * Math.Cos(2 * Math.PI * i / points));
        return sum / points;
    }
}

/// <summary>Exact draws at one coupling as proposals for another: a flow with a known density, not a good one.</summary>
internal class CylinderProposals(OpenCylinder cylinder) : IProposalSource
{
    public int Numbers => cylinder.Lattice.Links;

    public virtual void Draw(ulong seed, long firstProposal, int count, Span<double> links, Span<double> logQ)
    {
        for (int i = 0; i < count; i++)
        {
            cylinder.Draw(new Random(Seed.Of(seed, firstProposal + i)), links.Slice(i * Numbers, Numbers));
        }

        LogDensity(links[..(count * Numbers)], logQ);
    }

    public virtual void LogDensity(ReadOnlySpan<double> links, Span<double> logQ)
    {
        for (int i = 0; i < links.Length / Numbers; i++) logQ[i] = cylinder.LogDensity(links.Slice(i * Numbers, Numbers));
    }

    private static class Seed
    {
        // System.HashCode differs from process to process; this one does not.
        public static int Of(ulong seed, long number)
        {
            ulong x = seed + (0x9E3779B97F4A7C15UL * (ulong)(number + 1));
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return (int)(x ^ (x >> 31));
        }
    }
}
