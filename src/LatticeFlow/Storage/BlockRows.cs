namespace LatticeFlow.Storage;

/// <summary>Rows of blocks: some of one, and those of two behind one another.</summary>
public static class BlockRows
{
    /// <summary>The rows of a block with these numbers, in that order, which is ascending; the block itself where they are all of it.</summary>
    public static EnsembleBlock Take(EnsembleBlock block, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Length == block.Count)
            return block;
        var observables = new OrderedDictionary<string, ObservableColumn>();
        foreach (var (name, column) in block.Observables)
            observables[name] = new(Pick(column.Values, rows, column.Components), column.Shape);
        return new()
        {
            Count = rows.Length,
            Field = block.Field.Length == 0 ? [] : Pick(block.Field, [.. rows.Select(block.FieldIndexOf).Where(index => index >= 0)], block.Field.Length / block.FieldCount),
            FieldRows = block.FieldRows is null ? null : [.. Enumerable.Range(0, rows.Length).Where(i => block.FieldIndexOf(rows[i]) >= 0)],
            Encoding = block.Encoding,
            Replica = Pick(block.Replica, rows),
            Step = Pick(block.Step, rows),
            Accepted = Pick(block.Accepted, rows),
            Action = Pick(block.Action, rows),
            LogQ = block.LogQ is { } logQ ? Pick(logQ, rows) : null,
            LogWeight = block.LogWeight is { } weight ? Pick(weight, rows) : null,
            ReverseWork = block.ReverseWork is { } reverse ? Pick(reverse, rows) : null,
            DeltaH = block.DeltaH is { } deltaH ? Pick(deltaH, rows) : null,
            Observables = observables,
        };
    }

    /// <summary><paramref name="count"/> rows from <paramref name="first"/> on.</summary>
    public static EnsembleBlock Slice(EnsembleBlock block, int first, int count) => Take(block, [.. Enumerable.Range(first, count)]);

    /// <summary>The rows of one block and then those of another with the same columns.</summary>
    public static EnsembleBlock Join(EnsembleBlock a, EnsembleBlock b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var observables = new OrderedDictionary<string, ObservableColumn>();
        foreach (var (name, column) in a.Observables)
            observables[name] = new([.. column.Values, .. b.Observables[name].Values], column.Shape);
        return new()
        {
            Count = a.Count + b.Count,
            Field = [.. a.Field, .. b.Field],
            FieldRows = a.FieldRows is null && b.FieldRows is null ? null : [.. Rows(a), .. Rows(b).Select(row => row + a.Count)],
            Encoding = a.FieldCount > 0 ? a.Encoding : b.Encoding,
            Replica = [.. a.Replica, .. b.Replica],
            Step = [.. a.Step, .. b.Step],
            Accepted = [.. a.Accepted, .. b.Accepted],
            Action = [.. a.Action, .. b.Action],
            LogQ = Both(a.LogQ, b.LogQ),
            LogWeight = Both(a.LogWeight, b.LogWeight),
            ReverseWork = Both(a.ReverseWork, b.ReverseWork),
            DeltaH = Both(a.DeltaH, b.DeltaH),
            Observables = observables,
        };
    }

    /// <summary>The rows that have their configuration.</summary>
    public static int[] Rows(EnsembleBlock block) => block.FieldRows ?? [.. Enumerable.Range(0, block.Count)];

    /// <summary>The block as it is read after it was written: with the configurations rounded as its encoding rounds them.</summary>
    public static EnsembleBlock AsRead(EnsembleBlock block, EnsembleHeader header)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (block.Encoding.IsExact)
            return block;
        return new()
        {
            Count = block.Count,
            Field = FieldCodec.AsRead(block.Field, header, block.Encoding),
            FieldRows = block.FieldRows,
            Encoding = block.Encoding,
            Replica = block.Replica,
            Step = block.Step,
            Accepted = block.Accepted,
            Action = block.Action,
            LogQ = block.LogQ,
            LogWeight = block.LogWeight,
            ReverseWork = block.ReverseWork,
            DeltaH = block.DeltaH,
            Observables = block.Observables,
        };
    }

    /// <summary>The same of configurations alone.</summary>
    public static double[] AsRead(double[] field, EnsembleHeader header, FieldEncoding encoding) => FieldCodec.AsRead(field, header, encoding);

    private static double[]? Both(double[]? a, double[]? b) => a is null || b is null ? null : [.. a, .. b];

    private static T[] Pick<T>(T[] values, int[] rows, int components = 1)
    {
        var picked = new T[(long)rows.Length * components];
        for (int i = 0; i < rows.Length; i++)
            Array.Copy(values, (long)rows[i] * components, picked, (long)i * components, components);
        return picked;
    }
}
