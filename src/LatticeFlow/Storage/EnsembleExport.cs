using System.Runtime.CompilerServices;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Merges the segments of an ensemble into one HDF5 file of the same layout (<c>/links</c> or <c>/field</c>, <c>/chain</c>, <c>/observables</c>, root attributes; no sampler state), one segment in
/// memory at a time, and reads such a file back. The file carries its own hash in its user block, which other HDF5 software skips.
/// </summary>
public static class EnsembleExport
{
    private const string Container = "ensemble";

    /// <summary>Writes <paramref name="path"/> atomically; refuses to replace an existing file (exit code 2).</summary>
    public static void Write(EnsembleReader ensemble, string path)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        Write(EnsembleColumns.Open(ensemble.Folder), path);
    }

    /// <summary>As above; observables that were measured afterwards are among the others.</summary>
    public static void Write(EnsembleColumns columnsOfAll, string path)
    {
        ArgumentNullException.ThrowIfNull(columnsOfAll);
        var ensemble = columnsOfAll.Segments;
        if (File.Exists(path))
            throw new StorageException(path, "exists already", "Choose another name", StorageException.Unusable);
        ulong count = checked((ulong)ensemble.Count);
        // The last segment knows how much the run was asked for in the end.
        var header = ensemble.Header with { Config = ensemble.ReadHeader(ensemble.Segments.Count - 1).Config };
        var file = SegmentFile.Describe(header);
        var chain = new H5Group();
        var observables = new H5Group();
        file["chain"] = chain;
        file["observables"] = observables;
        var deferred = new DeferredData();
        var columns = new List<Action<FileStream, EnsembleBlock, long>>();
        void Declare<T>(H5Group group, string place, string name, int[] shape, Func<EnsembleBlock, T[]?> select)
            where T : unmanaged
        {
            group[name] = new H5Dataset<Memory<T>>(fileDims: [count, .. shape.Select(extent => (ulong)extent)]);
            long row = shape.Aggregate(1L, (product, extent) => product * extent);
            columns.Add((stream, block, first) =>
            {
                if (select(block) is not T[] values || values.Length != block.Count * row)
                    throw new StorageException(path, $"segments differ in column '{name}'", "Export an ensemble that was written by one run");
                deferred.Write<T>(stream, $"{place}/{name}", first * row * Unsafe.SizeOf<T>(), values);
            });
        }

        var sample = ensemble.ReadSegment(0, withField: false);
        Declare(chain, "chain", "replica", [], block => block.Replica);
        Declare(chain, "chain", "step", [], block => block.Step);
        Declare(chain, "chain", "accepted", [], block => block.Accepted);
        Declare(chain, "chain", "action", [], block => block.Action);
        if (sample.LogQ is not null)
            Declare(chain, "chain", "log_q", [], block => block.LogQ);
        if (sample.LogWeight is not null)
            Declare(chain, "chain", "log_weight", [], block => block.LogWeight);
        if (sample.ReverseWork is not null)
            Declare(chain, "chain", "reverse_work", [], block => block.ReverseWork);
        if (sample.DeltaH is not null)
            Declare(chain, "chain", "delta_h", [], block => block.DeltaH);
        foreach (var (name, column) in sample.Observables)
            Declare(observables, "observables", name, column.Shape, block => block.Observables.TryGetValue(name, out var values) ? values.Values : null);
        int segment = 0;
        foreach (string name in columnsOfAll.Measured)
            Declare(observables, "observables", name, columnsOfAll.Observables[name], _ => columnsOfAll.ReadMeasured(segment, name).Values);

        var (configurations, encoding) = (checked((int)count), sample.Encoding);
        if (sample.FieldRows is not null)
        {
            configurations = 0;
            foreach (var block in ensemble.Blocks(withField: false))
            {
                configurations += block.FieldCount;
                encoding = block.FieldCount > 0 ? block.Encoding : encoding;
            }
        }

        if (sample.FieldRows is not null)
            Declare(chain, "chain", "stored", [], SegmentFile.StoredColumn);
        if (configurations > 0)
            file[header.Dataset] = SegmentFile.Annotate(FieldDataset.Declare(header, encoding, configurations), header);
        HashedFile.Write(path, Container, file, stream =>
        {
            long first = 0, written = 0;
            foreach (var block in ensemble.Blocks())
            {
                if (block.FieldCount > 0)
                {
                    if (block.Encoding != encoding)
                        throw new StorageException(path, "segments differ in how their configurations are stored", "Export an ensemble that was written by one run");
                    FieldDataset.Write(stream, deferred.Place(stream, header.Dataset).Offset + (written * encoding.Numbers(header) * encoding.BytesOfNumber), header, block);
                    written += block.FieldCount;
                }

                foreach (var write in columns)
                    write(stream, block, first);
                first += block.Count;
                segment++;
            }
        });
    }

    /// <summary>Reads an exported file whole, after checking its hash.</summary>
    public static (EnsembleHeader Header, EnsembleBlock Block) Read(string path, bool withField = true)
    {
        using var source = HashedFile.Open(path, Container);
        var header = HeaderAttributes.Read(source);
        ulong[] rows = source.Shape("/chain/step");
        if (rows.Length != 1 || rows[0] is 0 or > int.MaxValue)
            throw new StorageException(path, "has no configurations", "Export it again");
        return (header, SegmentFile.Read(source, header, (int)rows[0], withField));
    }
}
