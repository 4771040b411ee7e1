using LatticeFlow.Fields;

namespace LatticeFlow.Storage;

/// <summary>One observable of a block: values <c>[n, shape…]</c> row-major; an empty shape is one number per configuration.</summary>
public readonly record struct ObservableColumn(double[] Values, int[] Shape)
{
    public int Components => Shape.Aggregate(1, (product, extent) => product * extent);

    public static implicit operator ObservableColumn((double[] Values, int[] Shape) column) => new(column.Values, column.Shape);

    public static implicit operator ObservableColumn(double[] values) => new(values, []);
}

/// <summary>
/// Count configurations with everything known about them; the content of one segment. Configurations are row-major: U(1) angles <c>[n, L_0…, D]</c> in (−pi, pi],
/// SU(N) interleaved real and imaginary parts <c>[n, L_0…, D, N, N, 2]</c>, a scalar <c>[n, L_0…]</c>. All other arrays are <c>[n]</c>: replica and its step, whether the last proposal was taken (0 or 1),
/// S, and per kind of sampler log q, log weight, the work of a trajectory run backwards, delta H.
/// </summary>
public sealed class EnsembleBlock
{
    public required int Count { get; init; }

    /// <summary>The configurations; empty when a block was read without them.</summary>
    public required double[] Field { get; init; }

    /// <summary>The rows whose configurations <see cref="Field"/> holds, ascending; null: all of them.</summary>
    public int[]? FieldRows { get; init; }

    /// <summary>How many of the rows have their configuration.</summary>
    public int FieldCount => FieldRows?.Length ?? Count;

    /// <summary>How <see cref="Field"/> is written, or was: in memory it is always whole.</summary>
    public FieldEncoding Encoding { get; init; }

    /// <summary>The place of the configuration of a row in <see cref="Field"/>; negative where it is not there.</summary>
    public int FieldIndexOf(int row) => FieldRows is null ? row : Math.Max(-1, Array.BinarySearch(FieldRows, row));

    public required long[] Replica { get; init; }
    public required long[] Step { get; init; }
    public required byte[] Accepted { get; init; }
    public required double[] Action { get; init; }
    public double[]? LogQ { get; init; }
    public double[]? LogWeight { get; init; }
    public double[]? ReverseWork { get; init; }
    public double[]? DeltaH { get; init; }
    public OrderedDictionary<string, ObservableColumn> Observables { get; init; } = [];

    /// <summary>Names of the columns, in file order; two segments of one ensemble have the same.</summary>
    internal string Schema
    {
        get
        {
            var names = new List<string>();
            if (LogQ is not null)
                names.Add("log_q");
            if (LogWeight is not null)
                names.Add("log_weight");
            if (ReverseWork is not null)
                names.Add("reverse_work");
            if (DeltaH is not null)
                names.Add("delta_h");
            names.AddRange(Observables.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => $"{column.Key}[{string.Join(",", column.Value.Shape)}]"));
            return string.Join(" ", names);
        }
    }

    /// <summary>Throws ArgumentException when an array does not have the length the header asks for, or (unless told not to look) an angle lies outside (−pi, pi].</summary>
    internal void Validate(EnsembleHeader header, bool requireAngles = true)
    {
        if (Count < 1)
            throw new ArgumentException("a block holds at least one configuration");
        if (FieldRows is { } rows && (rows.Length > 0 && (rows[0] < 0 || rows[^1] >= Count) || rows.Zip(rows.Skip(1)).Any(pair => pair.First >= pair.Second)))
            throw new ArgumentException($"the rows with configurations are ascending numbers below {Count}");
        RequireLength(nameof(Field), Field.LongLength, checked(FieldCount * header.DoublesPerConfiguration));
        if (Encoding.TwoRows && (header.Representation != FieldRepresentation.Matrix || header.MatrixSize != 3))
            throw new ArgumentException($"two rows are of SU(3) matrices, the field is {header.Field}");
        RequireLength(nameof(Replica), Replica.Length, Count);
        RequireLength(nameof(Step), Step.Length, Count);
        RequireLength(nameof(Accepted), Accepted.Length, Count);
        RequireLength(nameof(Action), Action.Length, Count);
        RequireLength(nameof(LogQ), LogQ?.Length ?? Count, Count);
        RequireLength(nameof(LogWeight), LogWeight?.Length ?? Count, Count);
        RequireLength(nameof(ReverseWork), ReverseWork?.Length ?? Count, Count);
        RequireLength(nameof(DeltaH), DeltaH?.Length ?? Count, Count);
        foreach (var (name, column) in Observables)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') || name[0] == '.')
                throw new ArgumentException($"observable name '{name}' may have letters, digits, '_', '-' and '.' only, and does not begin with '.'");
            RequireLength(name, column.Values.LongLength, (long)Count * column.Components);
        }

        if (!requireAngles)
            return;
        if (header.Representation != FieldRepresentation.Angle)
        {
            foreach (double part in Field)
            {
                if (!double.IsFinite(part))
                    throw new ArgumentException(header.HasLinks ? "a link is not finite" : "a number of the field is not finite");
            }

            return;
        }

        foreach (double angle in Field)
        {
            if (!(angle > -Math.PI && angle <= Math.PI))
                throw new ArgumentException($"link angle {angle:R} lies outside (-pi, pi]");
        }
    }

    private static void RequireLength(string name, long actual, long expected)
    {
        if (actual != expected)
            throw new ArgumentException($"{name} has {actual} entries, expected {expected}");
    }
}
