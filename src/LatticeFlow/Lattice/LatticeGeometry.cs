namespace LatticeFlow.Lattice;

/// <summary>
/// A periodic hypercubic lattice with extents L_0 … L_{D−1}, D = 2, 3, 4. Sites are numbered row-major in (x_0, …, x_{D−1}), links
/// U_μ(x) as site·D + μ, plaquettes P_μν(x), μ &lt; ν, as site·D(D−1)/2 + plane.
/// </summary>
public sealed class LatticeGeometry : IEquatable<LatticeGeometry>
{
    private readonly int[] extents;
    private readonly int[] strides;

    /// <summary>The lattice of these extents.</summary>
    /// <exception cref="ArgumentException">Not 2 to 4 extents, one below 1, or more than 2³¹ links.</exception>
    public LatticeGeometry(params int[] extents)
    {
        if (extents.Length is < 2 or > 4) throw new ArgumentException($"{extents.Length} extents: a lattice has 2, 3 or 4.", nameof(extents));
        if (extents.Any(extent => extent < 1)) throw new ArgumentException($"extents {string.Join(" x ", extents)}: every extent is at least 1.", nameof(extents));
        long volume = extents.Aggregate(1L, (product, extent) => Math.Min(int.MaxValue, product * extent));
        if (volume * extents.Length >= int.MaxValue) throw new ArgumentException($"extents {string.Join(" x ", extents)}: too many links for 32-bit indices.", nameof(extents));
        this.extents = [.. extents];
        Volume = (int)volume;
        strides = new int[extents.Length];
        for (int mu = extents.Length - 1, stride = 1; mu >= 0; mu--)
        {
            strides[mu] = stride;
            stride *= extents[mu];
        }

        var planes = new List<(int Mu, int Nu)>();
        for (int mu = 0; mu < Dimensions; mu++)
        {
            for (int nu = mu + 1; nu < Dimensions; nu++) planes.Add((mu, nu));
        }

        Planes = planes;
    }

    /// <summary>L_0 … L_{D−1}.</summary>
    public IReadOnlyList<int> Extents => extents;

    /// <summary>D.</summary>
    public int Dimensions => extents.Length;

    /// <summary>Sites.</summary>
    public int Volume { get; }

    /// <summary>D·V.</summary>
    public int Links => Volume * Dimensions;

    /// <summary>The pairs μ &lt; ν in lexicographic order.</summary>
    public IReadOnlyList<(int Mu, int Nu)> Planes { get; }

    /// <summary>V·D(D−1)/2.</summary>
    public int Plaquettes => Volume * Planes.Count;

    /// <summary>x_μ of a site.</summary>
    public int Coordinate(int site, int mu) => site / strides[mu] % extents[mu];

    /// <summary>The site at these coordinates, taken modulo the extents.</summary>
    public int Site(params ReadOnlySpan<int> coordinates)
    {
        int site = 0;
        for (int mu = 0; mu < Dimensions; mu++) site += Modulo(coordinates[mu], extents[mu]) * strides[mu];
        return site;
    }

    /// <summary>The site <paramref name="steps"/> lattice spacings away from <paramref name="site"/> in direction μ, with periodic boundaries.</summary>
    public int Neighbour(int site, int mu, int steps = 1)
    {
        int x = Coordinate(site, mu);
        return site + ((Modulo(x + steps, extents[mu]) - x) * strides[mu]);
    }

    /// <summary>The number of link U_μ(x).</summary>
    public int Link(int site, int mu) => (site * Dimensions) + mu;

    /// <summary>The number of plaquette P_μν(x), where plane counts <see cref="Planes"/>.</summary>
    public int Plaquette(int site, int plane) => (site * Planes.Count) + plane;

    /// <inheritdoc/>
    public bool Equals(LatticeGeometry? other) => other is not null && extents.AsSpan().SequenceEqual(other.extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LatticeGeometry);

    /// <inheritdoc/>
    public override int GetHashCode() => extents.Aggregate(17, HashCode.Combine);

    /// <summary>As <c>8x8</c>.</summary>
    public override string ToString() => string.Join("x", extents);

    private static int Modulo(int a, int n) => ((a % n) + n) % n;
}
