using LatticeFlow.Lattice;

namespace LatticeFlow.Interchange;

/// <summary>
/// The links of one configuration in host memory, sites and directions numbered as in <see cref="LatticeGeometry"/>: of SU(N) <c>[site][mu][row][column][2]</c>, real part before imaginary part, of
/// U(1) (N = 1) the angles <c>[site][mu]</c> in (−pi, pi]. Direction 0 is time and direction D − 1 is x; see <see cref="ForeignOrder"/>.
/// </summary>
public sealed class GaugeConfiguration
{
    /// <summary>Takes over <paramref name="links"/>: 2·V·D·N² numbers, V·D of U(1).</summary>
    /// <exception cref="ArgumentException">N is below 1, or the array does not have that length.</exception>
    public GaugeConfiguration(LatticeGeometry lattice, int n, double[] links)
    {
        ArgumentNullException.ThrowIfNull(lattice);
        ArgumentNullException.ThrowIfNull(links);
        if (n < 1)
            throw new ArgumentException($"SU({n}): N is at least 2, or 1 for U(1)", nameof(n));
        long expected = (n == 1 ? 1L : 2L * n * n) * lattice.Links;
        if (links.LongLength != expected)
            throw new ArgumentException($"{links.LongLength} numbers, but {(n == 1 ? "U(1)" : $"SU({n})")} on {lattice} has {expected}", nameof(links));
        Lattice = lattice;
        N = n;
        Links = links;
    }

    public LatticeGeometry Lattice { get; }

    public int N { get; }

    public double[] Links { get; }

    /// <summary>As ensembles name it: <c>U1</c> or <c>SU</c>N.</summary>
    public string Group => N == 1 ? "U1" : $"SU{N}";

    /// <summary>2N², 1 of U(1).</summary>
    public int NumbersPerLink => N == 1 ? 1 : 2 * N * N;

    /// <summary>U_μ(x) as <c>[row][column][2]</c>, of U(1) its angle.</summary>
    public ReadOnlySpan<double> Link(int site, int mu) => Links.AsSpan(Lattice.Link(site, mu) * NumbersPerLink, NumbersPerLink);
}
