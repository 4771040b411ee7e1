using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>Who measured the values of a file, with what and when.</summary>
public sealed record MeasurementOrigin(string Version, string Commit, string Device, string Isa, string CommandLine);

/// <summary>
/// A file of measured values (format 1): <c>/chain/replica</c>, <c>/chain/step</c> and <c>/observables/&lt;name&gt;</c> as in a segment; root attributes <c>kind</c> = <c>measurement</c>, <c>segment</c> and
/// <c>segment_sha256</c> of the segment that was measured, and the origin.
/// </summary>
internal static class MeasurementFile
{
    private const string Kind = "measurement";

    public static void Write(FileStream target, ManifestEntry segment, MeasurementOrigin origin, MeasuredBlock block)
    {
        var deferred = new DeferredData();
        var file = new H5File();
        file.Attributes["format"] = (long)EnsembleHeader.Format;
        file.Attributes["kind"] = Kind;
        file.Attributes["segment"] = segment.File;
        file.Attributes["segment_sha256"] = segment.Sha256;
        file.Attributes["precision"] = "double";
        file.Attributes["version"] = origin.Version;
        file.Attributes["commit"] = origin.Commit;
        file.Attributes["device"] = origin.Device;
        file.Attributes["isa"] = origin.Isa;
        file.Attributes["command_line"] = origin.CommandLine;
        if (block.Replica.Length > 0)
        {
            file["chain"] = new H5Group { ["replica"] = block.Replica, ["step"] = block.Step };
            var observables = new H5Group();
            foreach (var (name, column) in block.Observables)
                observables[name] = deferred.Dataset($"observables/{name}", column.Values, SegmentFile.ColumnShape(block.Replica.Length, column.Shape));
            file["observables"] = observables;
        }

        file.Write(target, SegmentFile.Options());
        deferred.Fill(target);
    }

    /// <summary>Opens the file of a manifest line after its hash was found right, and checks that it says the same of itself.</summary>
    public static Hdf5Source Open(string folder, MeasurementEntry entry, bool verify)
    {
        var source = Hdf5Source.Open(HashedStream.OpenVerified(folder, new(entry.File, 0, entry.Count, entry.Bytes, entry.Sha256, 0, null), verify));
        try
        {
            if (source.Attribute<long>("format") != EnsembleHeader.Format || source.TextAttribute("kind") != Kind || source.TextAttribute("segment") != entry.Segment || source.TextAttribute("segment_sha256") != entry.SegmentSha256)
                throw new StorageException(source.Path, $"is not the file of values of {entry.Segment} that the manifest says", $"Remove {folder} and run latticeflow measure again");
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}

/// <summary>The measured values of the configurations of one segment, in the order of its rows.</summary>
public sealed record MeasuredBlock(long[] Replica, long[] Step, OrderedDictionary<string, ObservableColumn> Observables);
