namespace LatticeFlow.Storage;

/// <summary>
/// Makes the manifest of an ensemble again from the segments that are whole, sets aside what is not (nothing is deleted), and draws again what is missing between whole segments: from the state of the
/// segment before, compared with the hash where one is known, and with the segment after it in any case. Segments missing at the end are left to a resumed run.
/// Everything is found out before anything is changed; where a gap cannot be closed, nothing is. Throws <see cref="StorageException"/>.
/// </summary>
public static class EnsembleRepair
{
    /// <summary>Repairs a folder; a sentence for each thing that was done, none where all was well.</summary>
    public static IReadOnlyList<string> Run(string folder, ISegmentSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var guard = DirectoryLock.Acquire(folder, ".writer.lock");
        var drawn = new Dictionary<int, string>();
        try
        {
            var work = new Work(folder, source, drawn);
            var entries = work.Plan(SegmentInspection.All(folder, source));
            return work.Do(entries);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileWriting(folder, cause, checkpointExists: true);
        }
        finally
        {
            foreach (string temporary in drawn.Values)
                AtomicFile.Discard(temporary);
        }
    }

    private sealed class Work(string folder, ISegmentSource source, Dictionary<int, string> drawn)
    {
        private readonly List<string> done = [];
        private readonly List<SegmentInspection> kept = [];
        private readonly List<SegmentInspection> bad = [];

        /// <summary>The lines of the new manifest; what was drawn again lies in temporary files.</summary>
        public List<ManifestEntry> Plan(IReadOnlyList<SegmentInspection> segments)
        {
            var entries = new List<ManifestEntry>();
            long next = 0;
            int last = segments.Where(segment => segment.Found is not null).Select(segment => segment.Number).DefaultIfEmpty(-1).Max();
            foreach (var segment in segments)
            {
                if (segment.Fault is not null)
                    bad.Add(segment);
                if (segment.Number > last)
                    continue;
                if (segment.Found is not { } found)
                    found = Redraw(segments, segment, next);
                else if (found.First == next)
                    kept.Add(segment);
                else
                    throw new StorageException(segment.Path!, $"holds configurations from number {found.First} on where number {next} follows", "Move it away, and repair again");
                entries.Add(found);
                next += found.Count;
            }

            foreach (var segment in segments.Where(segment => segment.Number > last && segment.Known is not null))
                done.Add($"{segment.Name} is {(segment.Fault is null ? "missing" : "damaged")} at the end: --resume draws it again");
            return entries;
        }

        public List<string> Do(List<ManifestEntry> entries)
        {
            foreach (var segment in bad)
                done.Add($"set aside {segment.Name}, which {segment.Fault}, as {EnsembleRecovery.SetAside(Path.Combine(folder, segment.Name), "corrupt")}");
            foreach (var segment in kept.Where(segment => Path.GetFileName(segment.Path) != segment.Name))
            {
                File.Move(segment.Path!, Path.Combine(folder, segment.Name), overwrite: false);
                done.Add($"took back {segment.Name} from {Path.GetFileName(segment.Path)}");
            }

            foreach (var (number, temporary) in drawn)
                File.Move(temporary, Path.Combine(folder, Manifest.SegmentName(number)), overwrite: false);
            AtomicFile.FlushDirectory(folder);
            WriteManifest(entries);
            return done;
        }

        private ManifestEntry Redraw(IReadOnlyList<SegmentInspection> segments, SegmentInspection missing, long first)
        {
            int number = missing.Number;
            var before = number == 0 ? (SegmentInspection?)null : segments[number - 1];
            var after = segments.Skip(number + 1).First(segment => segment.Found is not null);
            int count = missing.Known?.Count ?? (after.Number == number + 1 ? checked((int)(after.Found!.First - first)) : source.CountAt(first));
            if (count < 1)
                throw new StorageException(Path.Combine(folder, missing.Name), "is missing, and the segment after it leaves no room for it", "Restore it from a copy");
            var (block, state) = source.Draw(number == 0 ? null : ReadState(before!, number - 1), count);

            // Under the header of a neighbour, whose build, device and length may be others, the file itself may come out again.
            string temporary = AtomicFile.TemporaryPath(Path.Combine(folder, missing.Name));
            var (bytes, hash, same) = (0L, "", false);
            var neighbours = new[] { before?.Path, after.Path, segments.First(segment => segment.Path is not null && segment.Found is not null).Path }.OfType<string>().Distinct().Select(ReadHeader);
            foreach (var header in neighbours.SelectMany(neighbour => source.Configurations.Select(text => neighbour with { Config = text }).Prepend(neighbour)))
            {
                (bytes, hash) = Write(temporary, header, block, state, number);
                same = missing.Known is { } known && known.Sha256 == hash;
                if (same || missing.Known is null)
                    break;
            }

            if (!same)
            {
                if (after.Number == number + 1 && !source.Continues(Read(temporary, ReadState), ReadBlock(after)))
                {
                    throw new StorageException(
                        Path.Combine(folder, missing.Name), $"is {(missing.Fault is null ? "missing" : "damaged")} and cannot be drawn again: {after.Name} does not follow from what this program draws on this device",
                        "Repair it on the device and with the version that drew it, or restore the segment from a copy");
                }

                (bytes, hash) = Write(temporary, source.Header, block, state, number);
            }

            done.Add($"drew {missing.Name} again, {count} configurations: " + (same ? "its hash is the one that the manifest knows"
                : missing.Known is null ? "its hash was not known; what follows it comes out of it bit for bit"
                : "its hash is another than the manifest knows (another build or device wrote it); what follows it comes out of it bit for bit"));
            return new(missing.Name, first, count, bytes, hash, state.RngCounter, EnsembleWriter.MeanPlaquette(block));
        }

        private (long Bytes, string Hash) Write(string temporary, EnsembleHeader header, EnsembleBlock block, ChainState state, int number)
        {
            drawn[number] = temporary;
            return EnsembleWriter.WriteTemporary(temporary, header, block, state);
        }

        private void WriteManifest(List<ManifestEntry> entries)
        {
            string path = Manifest.PathIn(folder);
            string text = string.Concat(entries.Select(Manifest.Render));
            if (File.Exists(path))
            {
                if (File.ReadAllText(path) == text)
                    return;
                done.Add($"set aside the manifest as {EnsembleRecovery.SetAside(path, "old")}");
            }

            AtomicFile.WriteText(path, text);
            done.Add($"wrote a manifest of {entries.Count} segments with {entries.Sum(entry => (long)entry.Count)} configurations");
        }

        private ChainState ReadState(SegmentInspection segment, int number)
            => Read(drawn.TryGetValue(number, out string? temporary) ? temporary : segment.Path!, ReadState);

        private static ChainState ReadState(Hdf5Source file) => SegmentFile.ReadState(file, HeaderAttributes.Read(file));

        private static EnsembleHeader ReadHeader(string path) => Read(path, HeaderAttributes.Read);

        private static EnsembleBlock ReadBlock(SegmentInspection segment) => Read(segment.Path!, file => SegmentFile.Read(file, HeaderAttributes.Read(file), segment.Found!.Count, withField: true));

        private static T Read<T>(string path, Func<Hdf5Source, T> read)
        {
            using var file = Hdf5Source.Open(path, HashedStream.Open(path));
            return read(file);
        }
    }
}
