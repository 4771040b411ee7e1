namespace LatticeFlow.Storage;

/// <summary>
/// Appends write-once segments to <c>ensemble/&lt;sampler&gt;/</c>. The sampler's state is stored inside the segment whose last configuration it follows, so that one rename
/// makes both visible: there is no moment at which the data and the checkpoint disagree. A segment counts once its line is in the manifest; on resume everything after
/// the last good line is set aside and the run continues from the state in that segment, which repeats the lost steps bit for bit.
/// Throws <see cref="StorageException"/>; after a failed <see cref="Append"/> the writer refuses further blocks, and what was stored before is complete.
/// </summary>
public sealed class EnsembleWriter : IDisposable
{
    private readonly string folder;
    private readonly EnsembleHeader header;
    private readonly DirectoryLock guard;
    private ManifestEnd? manifest;
    private string? schema;
    private bool faulted;

    private EnsembleWriter(string folder, EnsembleHeader header, DirectoryLock guard)
    {
        this.folder = folder;
        this.header = header;
        this.guard = guard;
    }

    /// <summary>Number of the segment that <see cref="Append"/> writes next.</summary>
    public int NextSegment { get; private set; }

    /// <summary>Configurations stored so far.</summary>
    public long Count { get; private set; }

    /// <summary>State after the last stored configuration; null while nothing is stored, and after <see cref="ForgetState"/>.</summary>
    public ChainState? State { get; private set; }

    /// <summary>What opening had to repair, one sentence each.</summary>
    public IReadOnlyList<string> Repairs { get; private set; } = [];

    /// <summary>Opens an empty or new folder; exit code 2 when it already holds an ensemble.</summary>
    public static EnsembleWriter Create(string folder, EnsembleHeader header)
    {
        var writer = Open(folder, header);
        if (writer.Count == 0 && !Directory.EnumerateFiles(folder, "seg-*").Any())
            return writer;
        writer.Dispose();
        throw new StorageException(folder, $"already holds {writer.Count} configurations", "Continue with --resume or choose another run", StorageException.Unusable);
    }

    /// <summary>Opens a folder after a crash or a stop (or a new one), repairs it, and checks that it holds the same ensemble as the header says.</summary>
    public static EnsembleWriter Resume(string folder, EnsembleHeader header) => Open(folder, header);

    /// <summary>Stores a block and the state after it durably. Throws ArgumentException for arrays that do not fit the header, before anything is written.</summary>
    public void Append(EnsembleBlock block, ChainState state) => AppendDrawnWith(header, block, state);

    /// <summary>As above, for a block that another build or device drew, whose header says so.</summary>
    public void AppendDrawnWith(EnsembleHeader drawnWith, EnsembleBlock block, ChainState state)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(drawnWith);
        if (drawnWith.FirstDifference(header) is string field)
            throw new ArgumentException($"the block is of another ensemble: '{field}' differs");
        ArgumentNullException.ThrowIfNull(state);
        if (faulted)
            throw new InvalidOperationException("this writer failed before: open the folder again with Resume");
        block.Validate(header);
        if (schema is not null && block.Schema != schema)
            throw new ArgumentException($"block has columns '{block.Schema}', the ensemble has '{schema}'");
        string name = Manifest.SegmentName(NextSegment);
        string path = Path.Combine(folder, name);
        string temporary = AtomicFile.TemporaryPath(path);
        faulted = true;
        try
        {
            guard.RequireHeld();
            manifest!.Check();
            var (bytes, hash) = WriteTemporary(temporary, drawnWith, block, state);
            File.Move(temporary, path, overwrite: false);
            AtomicFile.FlushDirectory(folder);
            manifest.Append(new(name, Count, block.Count, bytes, hash, state.RngCounter, MeanPlaquette(block)));
            EnsembleRecovery.DropRepeated(path, bytes, hash);
        }
        catch (Exception cause)
        {
            AtomicFile.Discard(temporary);
            throw StorageException.WhileWriting(path, cause, checkpointExists: Count > 0);
        }

        faulted = false;
        schema = block.Schema;
        NextSegment++;
        Count += block.Count;
        State = state;
    }

    /// <summary>Lets go of <see cref="State"/>, which may hold configurations, once the sampler has continued from it.</summary>
    public void ForgetState() => State = null;

    public void Dispose() => guard.Dispose();

    private static EnsembleWriter Open(string folder, EnsembleHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        header.Validate();
        DirectoryLock guard;
        try
        {
            AtomicFile.CreateDirectory(folder);
            guard = DirectoryLock.Acquire(folder, ".writer.lock", guarded: true);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileWriting(folder, cause);
        }

        var writer = new EnsembleWriter(folder, header, guard);
        try
        {
            writer.Restore();
            return writer;
        }
        catch (Exception cause)
        {
            guard.Dispose();
            throw StorageException.WhileWriting(folder, cause);
        }
    }

    private void Restore()
    {
        var (entries, repairs) = EnsembleRecovery.Repair(folder);
        Repairs = repairs;
        manifest = new ManifestEnd(folder, entries);
        if (entries.Count == 0)
            return;
        var last = entries[^1];
        string path = Path.Combine(folder, last.File);
        using var source = Hdf5Source.Open(HashedStream.OpenVerified(folder, last));
        var stored = HeaderAttributes.Read(source);
        if (stored.FirstDifference(header) is string field)
            throw new StorageException(path, $"was written with another '{field}'", "Resume with the configuration of the run, or choose another run name", StorageException.Unusable);
        State = SegmentFile.ReadState(source, stored);
        schema = SegmentFile.Read(source, stored, last.Count, withField: false).Schema;
        NextSegment = entries.Count;
        Count = last.First + last.Count;
    }

    internal static (long Bytes, string Hash) WriteTemporary(string temporary, EnsembleHeader header, EnsembleBlock block, ChainState state)
    {
        using var stream = AtomicFile.CreateAnew(temporary);
        SegmentFile.Write(stream, header, block, state);
        stream.Flush(flushToDisk: true);

        // Nothing changes a segment once it is there.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return (stream.Length, HashedStream.Sha256(stream));
    }

    internal static double? MeanPlaquette(EnsembleBlock block)
        => block.Observables.TryGetValue("plaquette", out var column) && column.Components == 1 ? column.Values.Average() : null;
}
