using System.Numerics;
using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>
/// Two-dimensional SU(N) with open boundaries in direction 0: plaquettes are independent with density ∝ e^{(β/N) Re tr P}, drawn by rejection from Haar measure.
/// </summary>
internal sealed class OpenGroupCylinder(GaugeGroup group, int length, int circumference, double beta) : IExactTarget
{
    public LatticeGeometry Lattice { get; } = new(length, circumference);

    public IAction Action() => new WilsonAction(Lattice, PlaquetteCouplings.Open(Lattice, beta, 0), new Dictionary<string, double> { ["beta"] = beta }, group);

    /// <summary>U_0 everywhere and U_1 at x_0 = 0 are Haar; plaquettes then fix U_1(x + 0) = U_0(x)† P U_1(x) U_0(x + 1).</summary>
    public void Draw(Random random, double strength, Span<double> links)
    {
        int order = group.Order;
        int size = order * order;
        Span<Complex> all = new Complex[Lattice.Links * size];
        Span<Complex> plaquette = stackalloc Complex[size];
        Span<Complex> product = stackalloc Complex[size];
        for (int link = 0; link < Lattice.Links; link++) HostLinks.Haar(random, order, all.Slice(link * size, size));
        for (int x = 0; x + 1 < length; x++)
        {
            for (int y = 0; y < circumference; y++)
            {
                int site = Lattice.Site(x, y);
                do HostLinks.Haar(random, order, plaquette);
                while (random.NextDouble() >= Math.Exp(strength * beta * ((HostLinks.RealTrace(order, plaquette) / order) - 1)));
                var end = Link(all, Lattice.Neighbour(site, 0), 1, size);
                HostLinks.Multiply(order, Link(all, site, 0, size), true, plaquette, false, end);
                HostLinks.Multiply(order, end, false, Link(all, site, 1, size), false, product);
                HostLinks.Multiply(order, product, false, Link(all, Lattice.Neighbour(site, 1), 0, size), false, end);
            }
        }

        Span<double> matrix = stackalloc double[2 * size];
        for (int link = 0; link < Lattice.Links; link++)
        {
            for (int i = 0; i < size; i++) (matrix[2 * i], matrix[(2 * i) + 1]) = (all[(link * size) + i].Real, all[(link * size) + i].Imaginary);
            group.FromMatrix(matrix, links.Slice(link * group.Components, group.Components));
        }
    }

    public double Corner(ReadOnlySpan<double> links)
    {
        int order = group.Order;
        int size = order * order;
        Span<Complex> loop = stackalloc Complex[4 * size];
        Span<double> matrix = stackalloc double[2 * size];
        Span<int> corners = [Lattice.Link(0, 0), Lattice.Link(Lattice.Neighbour(0, 0), 1), Lattice.Link(Lattice.Neighbour(0, 1), 0), Lattice.Link(0, 1)];
        for (int k = 0; k < 4; k++)
        {
            group.ToMatrix(links.Slice(corners[k] * group.Components, group.Components), matrix);
            for (int i = 0; i < size; i++) loop[(k * size) + i] = new(matrix[2 * i], matrix[(2 * i) + 1]);
        }

        Span<Complex> ahead = stackalloc Complex[size];
        Span<Complex> behind = stackalloc Complex[size];
        Span<Complex> plaquette = stackalloc Complex[size];
        HostLinks.Multiply(order, loop[..size], false, loop.Slice(size, size), false, ahead);
        HostLinks.Multiply(order, loop[(3 * size)..], false, loop.Slice(2 * size, size), false, behind);
        HostLinks.Multiply(order, ahead, false, behind, true, plaquette);
        return HostLinks.RealTrace(order, plaquette);
    }

    private Span<Complex> Link(Span<Complex> all, int site, int mu, int size) => all.Slice(Lattice.Link(site, mu) * size, size);
}
