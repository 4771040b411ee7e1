using LatticeFlow.Fields;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>The layout of a segment (format 1) in both directions: header, block and state to an HDF5 file and back.</summary>
internal static class SegmentFile
{
    private const string AngleAxes = "configuration, lattice directions 0 to D-1, link direction";
    private const string MatrixAxes = "configuration, lattice directions 0 to D-1, link direction, row, column";
    private const string RealAxes = "configuration, lattice directions 0 to D-1";
    private const string StoredRows = "/chain/stored";
    private static readonly string[] ChainColumns = ["log_q", "log_weight", "reverse_work", "delta_h"];

    /// <summary>Compact datasets would be lost in deferred writes and buy nothing: everything is contiguous.</summary>
    public static H5WriteOptions Options(ulong userBlock = 0)
        => new(UserBlockSize: userBlock, PreferCompactDatasetLayout: false, IncludeStructFields: true, IncludeStructProperties: false);

    public static void Write(FileStream target, EnsembleHeader header, EnsembleBlock block, ChainState state)
    {
        var deferred = new DeferredData();
        Compose(header, block, state, deferred).Write(target, Options());
        deferred.Fill(target);
    }

    /// <summary>The content of a segment; large arrays are left to <paramref name="deferred"/>.</summary>
    public static H5File Compose(EnsembleHeader header, EnsembleBlock block, ChainState state, DeferredData deferred)
    {
        var file = Describe(header);
        if (block.FieldCount > 0)
            file[header.Dataset] = Annotate(FieldDataset.Of(header, block, deferred), header);
        file["chain"] = ChainGroup(block);
        var observables = new H5Group();
        foreach (var (name, column) in block.Observables)
            observables[name] = deferred.Dataset($"observables/{name}", column.Values, ColumnShape(block.Count, column.Shape));
        file["observables"] = observables;
        var group = SectionGroup("state", state.Sections, deferred);
        group.Attributes["rng_counter"] = state.RngCounter;
        if (state.FieldRows > 0)
            group.Attributes["field_rows"] = (long)state.FieldRows;
        file["state"] = group;
        return file;
    }

    public static H5File Describe(EnsembleHeader header)
    {
        var file = new H5File();
        HeaderAttributes.Write(header, file);
        return file;
    }

    public static H5Dataset Annotate(H5Dataset field, EnsembleHeader header)
    {
        (field.Attributes["axes"], field.Attributes["representation"]) = header.Representation switch
        {
            FieldRepresentation.Angle => (AngleAxes, "angle"),
            FieldRepresentation.Matrix => (MatrixAxes, "matrix"),
            _ => (RealAxes, "real"),
        };
        return field;
    }

    public static ulong[] ColumnShape(int count, int[] shape) => [(ulong)count, .. shape.Select(extent => (ulong)extent)];

    public static H5Group SectionGroup(string path, StateSections sections, DeferredData deferred)
    {
        var group = new H5Group();
        foreach (string name in sections.Names)
        {
            sections.TryGet(name, out object? value);
            string place = $"{path}/{name}";
            group[name] = value switch
            {
                double[] numbers => deferred.Dataset(place, numbers, [(ulong)numbers.Length]),
                float[] numbers => deferred.Dataset(place, numbers, [(ulong)numbers.Length]),
                long[] numbers => deferred.Dataset(place, numbers, [(ulong)numbers.Length]),
                byte[] bytes => deferred.Dataset(place, bytes, [(ulong)bytes.Length]),
                _ => value!,
            };
        }

        return group;
    }

    public static void ReadSections(Hdf5Source source, string group, StateSections into)
    {
        foreach (string name in source.Children(group))
            source.Guard(() => into.Put(name, source.ReadSection($"{group}/{name}")));
    }

    /// <summary>The state of the sampler, with the configurations that it leaves to the rows of the segment.</summary>
    public static ChainState ReadState(Hdf5Source source, EnsembleHeader header)
    {
        var sections = new StateSections { Origin = source.Path };
        ReadSections(source, "/state", sections);
        long rows = source.HasAttribute("field_rows", "/state") ? source.Attribute<long>("field_rows", "/state") : 0;
        if (rows > 0)
            sections.Put(StateSections.LastRows, source.ReadLastRows("/" + header.Dataset, rows));
        return new() { RngCounter = source.Attribute<ulong>("rng_counter", "/state"), FieldRows = (int)rows, Sections = sections };
    }

    /// <summary>Reads n configurations; every dataset must have the shape that the header and n imply.</summary>
    public static EnsembleBlock Read(Hdf5Source source, EnsembleHeader header, int count, bool withField)
    {
        ulong[] column = [(ulong)count];
        int[]? rows = ReadFieldRows(source, count);
        int configurations = rows?.Length ?? count;
        var encoding = configurations == 0 ? FieldEncoding.Exact : FieldDataset.EncodingOf(source, header);
        var block = new EnsembleBlock
        {
            Count = count,
            Field = withField && configurations > 0 ? FieldDataset.Read(source, header, encoding, configurations) : [],
            FieldRows = rows,
            Encoding = encoding,
            Replica = source.Read<long>("/chain/replica", H5DataTypeClass.FixedPoint, column),
            Step = source.Read<long>("/chain/step", H5DataTypeClass.FixedPoint, column),
            Accepted = source.Read<byte>("/chain/accepted", H5DataTypeClass.FixedPoint, column),
            Action = source.Read<double>("/chain/action", H5DataTypeClass.FloatingPoint, column),
            LogQ = Optional(source, "/chain/log_q", column),
            LogWeight = Optional(source, "/chain/log_weight", column),
            ReverseWork = Optional(source, "/chain/reverse_work", column),
            DeltaH = Optional(source, "/chain/delta_h", column),
        };
        foreach (string name in source.Children("/observables"))
            block.Observables[name] = ReadObservable(source, name, count);
        return block;
    }

    /// <summary>The rows that have their configuration; null: all.</summary>
    public static int[]? ReadFieldRows(Hdf5Source source, int count)
    {
        if (!source.Exists(StoredRows))
            return null;
        byte[] stored = source.Read<byte>(StoredRows, H5DataTypeClass.FixedPoint, [(ulong)count]);
        return [.. Enumerable.Range(0, count).Where(row => stored[row] != 0)];
    }

    /// <summary>Which rows have their configuration, 0 or 1 a row.</summary>
    public static byte[] StoredColumn(EnsembleBlock block)
    {
        var stored = new byte[block.Count];
        foreach (int row in block.FieldRows ?? [.. Enumerable.Range(0, block.Count)])
            stored[row] = 1;
        return stored;
    }

    /// <summary>One column as doubles: a name under /chain or under /observables, the latter with its shape.</summary>
    public static ObservableColumn ReadColumn(Hdf5Source source, string name, int count)
    {
        ulong[] column = [(ulong)count];
        return name switch
        {
            "accepted" => Array.ConvertAll(source.Read<byte>("/chain/accepted", H5DataTypeClass.FixedPoint, column), flag => (double)flag),
            "action" => source.Read<double>("/chain/action", H5DataTypeClass.FloatingPoint, column),
            _ when ChainColumns.Contains(name) => source.Read<double>("/chain/" + name, H5DataTypeClass.FloatingPoint, column),
            _ => ReadObservable(source, name, count),
        };
    }

    private static ObservableColumn ReadObservable(Hdf5Source source, string name, int count)
    {
        string path = "/observables/" + name;
        if (!source.Exists(path))
            throw new StorageException(source.Path, $"has no column '{name}'", $"It has: action accepted {string.Join(" ", source.Children("/observables"))}");
        ulong[] shape = source.Shape(path);
        if (shape.Length is < 1 or > 16 || shape[0] != (ulong)count || shape.Any(extent => extent > int.MaxValue))
            throw new StorageException(source.Path, $"dataset {path} does not have {count} rows", "Restore the file from a copy");
        return new(source.Read<double>(path, H5DataTypeClass.FloatingPoint, shape), Array.ConvertAll(shape[1..], extent => (int)extent));
    }

    private static double[]? Optional(Hdf5Source source, string name, ulong[] shape)
        => source.Exists(name) ? source.Read<double>(name, H5DataTypeClass.FloatingPoint, shape) : null;

    private static H5Group ChainGroup(EnsembleBlock block)
    {
        var group = new H5Group
        {
            ["replica"] = block.Replica,
            ["step"] = block.Step,
            ["accepted"] = block.Accepted,
            ["action"] = block.Action,
        };
        if (block.FieldRows is not null)
            group["stored"] = StoredColumn(block);
        if (block.LogQ is not null)
            group["log_q"] = block.LogQ;
        if (block.LogWeight is not null)
            group["log_weight"] = block.LogWeight;
        if (block.ReverseWork is not null)
            group["reverse_work"] = block.ReverseWork;
        if (block.DeltaH is not null)
            group["delta_h"] = block.DeltaH;
        return group;
    }
}
