using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>How two blocks differ.</summary>
public static class StoredRows
{
    /// <summary>The first column in which one of the first rows of <paramref name="stored"/> is not that of <paramref name="made"/> to the bit, in words; null where there is none.</summary>
    public static string? Difference(EnsembleBlock stored, EnsembleBlock made, int rows)
    {
        int[] fields = [.. BlockRows.Rows(stored).Where(row => row < rows)];
        if (!fields.SequenceEqual(BlockRows.Rows(made).Where(row => row < rows))) return "the configurations are those of other rows";
        return Fields()
            ?? Column("replica", stored.Replica, made.Replica) ?? Column("step", stored.Step, made.Step) ?? Column("accepted", stored.Accepted, made.Accepted)
            ?? Column("action", stored.Action, made.Action) ?? Optional("log_q", stored.LogQ, made.LogQ) ?? Optional("log_weight", stored.LogWeight, made.LogWeight)
            ?? Optional("reverse_work", stored.ReverseWork, made.ReverseWork) ?? Optional("delta_h", stored.DeltaH, made.DeltaH) ?? made.Observables.Select(column => Observable(column.Key, column.Value)).FirstOrDefault(fault => fault is not null);

        string? Fields()
        {
            if (fields.Length == 0) return null;
            int ofA = stored.Field.Length / stored.FieldCount, ofB = made.Field.Length / made.FieldCount;
            if (ofA != ofB) return $"field has {ofA} numbers a row, and {ofB}";
            if (stored.Field.AsSpan(0, fields.Length * ofA).SequenceEqual(made.Field.AsSpan(0, fields.Length * ofA))) return null;
            var i = stored.Field.AsSpan(0, fields.Length * ofA).CommonPrefixLength(made.Field.AsSpan(0, fields.Length * ofA));
            return FormattableString.Invariant($"field of row {fields[i / ofA]} is {stored.Field[i]}, and {made.Field[i]} when it is made again");
        }

        string? Observable(string name, ObservableColumn column) => stored.Observables.TryGetValue(name, out var values) && values.Components == column.Components
            ? Column(name, values.Values, column.Values, stored.Count, made.Count)
            : $"there is no column {name} of its shape";

        string? Optional(string name, double[]? a, double[]? b)
            => a is null && b is null ? null : a is null || b is null ? $"column {name} is only in one of them" : Column(name, a, b, stored.Count, made.Count);

        string? Column<T>(string name, T[] a, T[] b, int countOfA = 1, int countOfB = 1)
            where T : struct
        {
            var (ofA, ofB) = countOfA == 1 && countOfB == 1 ? (1, 1) : (a.Length / countOfA, b.Length / countOfB);
            if (ofA != ofB) return $"{name} has {ofA} numbers a row, and {ofB}";
            for (var i = 0; i < rows * ofA; i++)
            {
                // Equals and not ==: a NaN is itself.
                if (!a[i].Equals(b[i])) return FormattableString.Invariant($"{name} of row {i / ofA} is {a[i]}, and {b[i]} when it is made again");
            }
            return null;
        }
    }
}
