using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LatticeFlow.Storage;

/// <summary>
/// Adds files of values to a measured set, one a segment, each whole and in the manifest or not there. One process at a time measures an ensemble; a run may draw it, and others may read it, meanwhile.
/// Throws <see cref="StorageException"/>.
/// </summary>
public sealed class MeasurementWriter : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string ensemble;
    private readonly DirectoryLock guard;

    private MeasurementWriter(string ensemble, DirectoryLock guard)
    {
        this.ensemble = ensemble;
        this.guard = guard;
    }

    /// <summary>Takes the measurements of an ensemble; exit code 2 where they cannot be written, or another process measures.</summary>
    public static MeasurementWriter Open(string ensemble)
    {
        string root = MeasurementSet.FolderOf(ensemble);
        try
        {
            AtomicFile.CreateDirectory(root);
            return new(ensemble, DirectoryLock.Acquire(root, ".writer.lock"));
        }
        catch (Exception cause)
        {
            throw Unwritable(root, cause);
        }
    }

    /// <summary>Begins a set of these observables, under the next free number.</summary>
    public MeasurementSet Begin(IReadOnlyList<string> observables, Provenance provenance)
    {
        string root = MeasurementSet.FolderOf(ensemble);
        try
        {
            int number = Directory.EnumerateDirectories(root, "set-*").Select(NumberOf).DefaultIfEmpty(0).Max() + 1;
            string folder = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"set-{number:D3}"));
            AtomicFile.CreateDirectory(folder);
            var description = new JsonObject
            {
                ["format"] = EnsembleHeader.Format,
                ["observables"] = new JsonArray([.. observables.Select(name => JsonValue.Create(name))]),
                ["begun"] = provenance.ToJson(),
            };
            AtomicFile.WriteText(Path.Combine(folder, MeasurementSet.SetFile), description.ToJsonString(Indented) + "\n");
            return MeasurementSet.Open(folder);
        }
        catch (Exception cause)
        {
            throw Unwritable(root, cause);
        }
    }

    /// <summary>Stores what was measured on a segment.</summary>
    /// <exception cref="ArgumentException">The block does not have the observables of the set, or the rows of the segment.</exception>
    public void Append(MeasurementSet set, ManifestEntry segment, MeasurementOrigin origin, MeasuredBlock block)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(block);
        if (!set.Observables.SequenceEqual(block.Observables.Keys))
            throw new ArgumentException($"the set has {string.Join(", ", set.Observables)}, the block {string.Join(", ", block.Observables.Keys)}", nameof(block));
        if (block.Replica.Length > segment.Count || block.Step.Length != block.Replica.Length || block.Observables.Values.Any(column => column.Values.Length != block.Replica.Length * column.Components))
            throw new ArgumentException($"the block does not have rows of the {segment.Count} of the segment", nameof(block));
        try
        {
            guard.RequireHeld();
            var (entries, end) = MeasurementManifest.Load(set.Folder);
            string name = MeasurementManifest.FileOf(entries.Count), path = Path.Combine(set.Folder, name), temporary = AtomicFile.TemporaryPath(path);

            // What a process that was killed left behind its last line.
            File.Delete(path);
            try
            {
                var (bytes, hash) = WriteTemporary(temporary, segment, origin, block);
                File.Move(temporary, path, overwrite: false);
                AtomicFile.FlushDirectory(set.Folder);
                MeasurementManifest.Append(set.Folder, new(name, segment.File, segment.Sha256, block.Replica.Length, bytes, hash), ref end);
            }
            finally
            {
                AtomicFile.Discard(temporary);
            }
        }
        catch (Exception cause)
        {
            throw Unwritable(set.Folder, cause);
        }
    }

    public void Dispose() => guard.Dispose();

    private static (long Bytes, string Hash) WriteTemporary(string temporary, ManifestEntry segment, MeasurementOrigin origin, MeasuredBlock block)
    {
        using var stream = AtomicFile.CreateAnew(temporary);
        MeasurementFile.Write(stream, segment, origin, block);
        stream.Flush(flushToDisk: true);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return (stream.Length, HashedStream.Sha256(stream));
    }

    // Files that are complete stay, so that a full disk is a stop and not a loss.
    private static Exception Unwritable(string folder, Exception cause)
    {
        var failure = StorageException.WhileWriting(folder, cause, checkpointExists: true);
        return failure is { ExitCode: StorageException.Unusable, IsDiskFull: false } && failure.File == folder
            ? new StorageException(folder, failure.What, "Values are stored beside the segments: make the directory writable, or measure a copy of it", StorageException.Unusable, cause)
            : failure;
    }

    /// <summary>The number of a set by the name of its folder; 0 of a name with none, or with more than six digits.</summary>
    internal static int NumberOf(string folder) =>
        Path.GetFileName(folder) is ['s', 'e', 't', '-', .. { Length: <= 6 } digits] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
