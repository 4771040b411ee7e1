using System.Globalization;
using LatticeFlow.Fields;

namespace LatticeFlow.Storage;

/// <summary>
/// Full provenance of an ensemble; every segment carries it as root attributes. <see cref="Extents"/> are the lattice lengths L_0 … L_{D−1} in sites,
/// <see cref="ActionParameters"/> bare couplings (<c>beta</c>, …), <see cref="Config"/> the resolved TOML text.
/// </summary>
public sealed record EnsembleHeader
{
    public const int Format = 1;

    /// <summary>What the configurations are made of: a gauge group, as <c>SU3</c> (root attribute <c>group</c>), or <c>scalar</c> (root attribute <c>field</c>).</summary>
    public required string Field { get; init; }
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

    /// <summary>Angle for U1, Matrix for SU&lt;N&gt;, Real for a scalar. Throws ArgumentException for a field that is none of them.</summary>
    public FieldRepresentation Representation =>
        Field == FieldType.Scalar.Name ? FieldRepresentation.Real : MatrixSize == 1 ? FieldRepresentation.Angle : FieldRepresentation.Matrix;

    /// <summary>Whether configurations are links; else a site holds one number.</summary>
    public bool HasLinks => Representation != FieldRepresentation.Real;

    /// <summary>The dataset of the configurations: <c>links</c>, or <c>field</c>.</summary>
    public string Dataset => HasLinks ? "links" : "field";

    /// <summary>N of SU(N), 1 for U(1). Throws ArgumentException for a field that is neither.</summary>
    public int MatrixSize
    {
        get
        {
            if (Field == "U1")
                return 1;
            if (Field.StartsWith("SU", StringComparison.Ordinal)
                && int.TryParse(Field.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 2 and <= 64)
            {
                return n;
            }

            throw new ArgumentException($"field '{Field}' has no storage layout: U1, SU2 … SU64 and {FieldType.Scalar} have");
        }
    }

    /// <summary>Shape of the dataset for n configurations, as HDF5 sees it (a matrix entry is one compound element).</summary>
    public ulong[] FieldShape(int configurations)
    {
        var shape = new List<ulong> { (ulong)configurations };
        shape.AddRange(Extents.Select(extent => (ulong)extent));
        if (HasLinks)
            shape.Add((ulong)Dimensions);
        if (Representation == FieldRepresentation.Matrix)
            shape.AddRange([(ulong)MatrixSize, (ulong)MatrixSize]);
        return [.. shape];
    }

    /// <summary>Doubles in one configuration: V·D angles, 2·V·D·N² real and imaginary parts, or V real numbers.</summary>
    public long DoublesPerConfiguration
    {
        get
        {
            long count = HasLinks ? Dimensions : 1;
            foreach (int extent in Extents)
                count = checked(count * extent);
            return Representation == FieldRepresentation.Matrix ? checked(2 * count * MatrixSize * MatrixSize) : count;
        }
    }

    /// <summary>
    /// Name of the first field in which two headers describe different ensembles, or null. Device, version and commit may differ: a run may move. So may the number of configurations that the resolved
    /// configuration asks for: a run may grow.
    /// </summary>
    public string? FirstDifference(EnsembleHeader other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Field != other.Field)
            return HasLinks ? "group" : "field";
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

        return ResolvedConfiguration.AreOfOneRun(Config, other.Config) ? null : "config";
    }

    /// <summary>Throws ArgumentException for a header that cannot be stored.</summary>
    internal void Validate()
    {
        if (Extents.Length is < 1 or > 8 || Extents.Any(extent => extent is < 1 or > 1 << 20))
            throw new ArgumentException($"extents [{string.Join(", ", Extents)}]: 1 to 8 lattice lengths of at least 1 are needed");
        _ = Representation;
        foreach (string name in ActionParameters.Keys)
        {
            if (HeaderAttributes.Reserved.Contains(name))
                throw new ArgumentException($"action parameter '{name}' has the name of a header field");
        }
    }
}
