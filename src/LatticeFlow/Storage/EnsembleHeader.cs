using System.Globalization;

namespace LatticeFlow.Storage;

/// <summary>How links are stored: U(1) as angles, SU(N) as matrices.</summary>
public enum LinkRepresentation
{
    /// <summary>float64 <c>[n, L_0…, D]</c>, theta in (−pi, pi], U = exp(i theta).</summary>
    Angle,

    /// <summary>{r, i} float64 <c>[n, L_0…, D, N, N]</c>; in memory interleaved real and imaginary parts.</summary>
    Matrix,
}

/// <summary>
/// Full provenance of an ensemble; every segment carries it as root attributes. <see cref="Extents"/> are the lattice lengths L_0 … L_{D−1} in sites,
/// <see cref="ActionParameters"/> bare couplings (<c>beta</c>, …), <see cref="Config"/> the resolved TOML text.
/// </summary>
public sealed record EnsembleHeader
{
    public const int Format = 1;

    public required string Group { get; init; }
    public required int[] Extents { get; init; }
    public required string Action { get; init; }
    public required IReadOnlyDictionary<string, double> ActionParameters { get; init; }
    public required string Sampler { get; init; }
    public required ulong Seed { get; init; }
    public string Rng { get; init; } = "philox4x32-10";
    public required string Precision { get; init; }
    public required string Device { get; init; }
    public required string Version { get; init; }
    public required string Commit { get; init; }
    public required string Config { get; init; }

    public int Dimensions => Extents.Length;

    /// <summary>Angle for U1, Matrix for SU&lt;N&gt;.</summary>
    public LinkRepresentation Representation => MatrixSize == 1 ? LinkRepresentation.Angle : LinkRepresentation.Matrix;

    /// <summary>N of SU(N), 1 for U(1). Throws ArgumentException for a group that is neither.</summary>
    public int MatrixSize
    {
        get
        {
            if (Group == "U1")
                return 1;
            if (Group.StartsWith("SU", StringComparison.Ordinal)
                && int.TryParse(Group.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 2 and <= 64)
            {
                return n;
            }

            throw new ArgumentException($"group '{Group}' has no storage layout: U1 and SU2 … SU64 have");
        }
    }

    /// <summary>Shape of <c>/links</c> for n configurations, as HDF5 sees it (a matrix entry is one compound element).</summary>
    public ulong[] LinkShape(int configurations)
    {
        var shape = new List<ulong> { (ulong)configurations };
        shape.AddRange(Extents.Select(extent => (ulong)extent));
        shape.Add((ulong)Dimensions);
        if (Representation == LinkRepresentation.Matrix)
            shape.AddRange([(ulong)MatrixSize, (ulong)MatrixSize]);
        return [.. shape];
    }

    /// <summary>Doubles in one configuration: V·D angles, or 2·V·D·N² real and imaginary parts.</summary>
    public long DoublesPerConfiguration
    {
        get
        {
            long count = Dimensions;
            foreach (int extent in Extents)
                count = checked(count * extent);
            return Representation == LinkRepresentation.Angle ? count : checked(2 * count * MatrixSize * MatrixSize);
        }
    }

    /// <summary>Name of the first field in which two headers describe different ensembles, or null. Device, version and commit may differ: a run may move.</summary>
    public string? FirstDifference(EnsembleHeader other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Group != other.Group)
            return "group";
        if (!Extents.AsSpan().SequenceEqual(other.Extents))
            return "extents";
        if (Action != other.Action)
            return "action";
        if (Sampler != other.Sampler)
            return "sampler";
        if (Seed != other.Seed)
            return "seed";
        if (Rng != other.Rng)
            return "rng";
        if (Precision != other.Precision)
            return "precision";
        foreach (string name in ActionParameters.Keys.Union(other.ActionParameters.Keys))
        {
            if (!ActionParameters.TryGetValue(name, out double mine) || !other.ActionParameters.TryGetValue(name, out double theirs) || mine != theirs)
                return name;
        }

        return Config == other.Config ? null : "config";
    }

    /// <summary>Throws ArgumentException for a header that cannot be stored.</summary>
    internal void Validate()
    {
        if (Extents.Length is < 1 or > 8 || Extents.Any(extent => extent is < 1 or > 1 << 20))
            throw new ArgumentException($"extents [{string.Join(", ", Extents)}]: 1 to 8 lattice lengths of at least 1 are needed");
        _ = MatrixSize;
        foreach (string name in ActionParameters.Keys)
        {
            if (HeaderAttributes.Reserved.Contains(name))
                throw new ArgumentException($"action parameter '{name}' has the name of a header field");
        }
    }
}
