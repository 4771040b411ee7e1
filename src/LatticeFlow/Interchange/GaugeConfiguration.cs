using LatticeFlow.Lattice;

namespace LatticeFlow.Interchange;

/// <summary>
/// The links of one SU(N) configuration in host memory: <c>[site][mu][row][column][2]</c>, real part before imaginary part, sites and directions numbered as in
/// <see cref="LatticeGeometry"/>. Direction 0 is time and direction D − 1 is x; see <see cref="ForeignOrder"/>.
/// </summary>
public sealed class GaugeConfiguration
{
    /// <summary>Takes over <paramref name="links"/>, 2·V·D·N² numbers.</summary>
    /// <exception cref="ArgumentException">N is below 2, or the array does not have that length.</exception>
    public GaugeConfiguration(LatticeGeometry lattice, int n, double[] links)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        ArgumentNullException.ThrowIfNull(links);
        if (n < 2)
            throw new ArgumentException($"SU({n}): N is at least 2", nameof(n));
        if (links.LongLength != 2L * n * n * lattice.Links)
            throw new ArgumentException($"{links.LongLength} numbers, but SU({n}) on {lattice} has {2L * n * n * lattice.Links}", nameof(links));
        Lattice = lattice;
        N = n;
        Links = links;
    }

    public LatticeGeometry Lattice { get; }

    public int N { get; }

    public double[] Links { get; }

    /// <summary>2N².</summary>
    public int NumbersPerLink => 2 * N * N;

    /// <summary>U_μ(x) as <c>[row][column][2]</c>.</summary>
    public ReadOnlySpan<double> Link(int site, int mu) => Links.AsSpan(Lattice.Link(site, mu) * NumbersPerLink, NumbersPerLink);
}
