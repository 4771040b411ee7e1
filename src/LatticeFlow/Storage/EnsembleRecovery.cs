namespace LatticeFlow.Storage;

/// <summary>
/// Brings an ensemble folder back to its last consistent state after a crash. What is damaged or unlisted is renamed (<c>.corrupt</c>, <c>.unlisted</c>); deleted are
/// only temporary files, and an unlisted segment once its bit-for-bit repetition is in the manifest. The caller holds the folder's lock.
/// </summary>
internal static class EnsembleRecovery
{
    /// <summary>
    /// Returns the good manifest lines and a sentence a repair. Throws StorageException (exit code 4) when a segment is bad but a later one is good, when more than one
    /// segment is listed and none is good, or when segments exist without a manifest.
    /// </summary>
    public static (List<ManifestEntry> Entries, List<string> Repairs) Repair(string folder)
    {
        var repairs = new List<string>();
        RemoveTemporaries(folder, repairs);
        if (!File.Exists(Manifest.PathIn(folder)))
        {
            if (Directory.EnumerateFiles(folder, "seg-*.h5").Any())
                throw new StorageException(Manifest.PathIn(folder), "is missing although segments exist", "latticeflow repair makes it again from the segments; or restore it from a copy, or move the folder away to start afresh");
            Manifest.CreateEmpty(folder);
        }

        var (entries, ends, torn) = Manifest.Load(folder);
        if (torn)
            repairs.Add("dropped a torn last line of the manifest");
        int good = CountGood(folder, entries);
        foreach (var entry in entries.Skip(good))
        {
            string path = Path.Combine(folder, entry.File);
            repairs.Add(File.Exists(path) ? $"set aside damaged {entry.File} as {SetAside(path, "corrupt")}" : $"{entry.File} is missing and will be repeated");
        }

        if (torn || good < entries.Count)
            Manifest.Truncate(folder, good == 0 ? 0 : ends[good - 1]);
        entries.RemoveRange(good, entries.Count - good);
        SetAsideUnlisted(folder, entries, repairs);
        AtomicFile.FlushDirectory(folder);
        return (entries, repairs);
    }

    /// <summary>Deletes the set-aside copy of a segment that has now been written again with the same content. Another content (another device, say) is kept.</summary>
    public static void DropRepeated(string path, long bytes, string hash)
    {
        string copy = path + ".unlisted";
        if (!File.Exists(copy) || new FileInfo(copy).Length != bytes)
            return;
        bool same;
        using (var stream = new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.Read))
            same = HashedStream.Sha256(stream) == hash;
        if (same)
            File.Delete(copy);
    }

    private static int CountGood(string folder, List<ManifestEntry> entries)
    {
        StorageException? firstFault = null;
        int good = 0;
        for (int index = 0; index < entries.Count; index++)
        {
            try
            {
                HashedStream.OpenVerified(folder, entries[index]).Dispose();
            }
            catch (StorageException fault) when (fault.ExitCode == StorageException.Corrupt)
            {
                firstFault ??= fault;
                continue;
            }

            if (firstFault is not null)
            {
                throw new StorageException(
                    firstFault.File, $"{firstFault.What}, but later segments are good", "latticeflow repair draws it again from the segment before; or restore it from a copy", StorageException.Corrupt, firstFault);
            }

            good++;
        }

        if (good == 0 && entries.Count > 1)
        {
            throw new StorageException(
                Manifest.PathIn(folder), $"lists {entries.Count} segments and none of them is good", "Manifest and segments do not belong together: restore them from a copy", StorageException.Corrupt, firstFault);
        }

        return good;
    }

    private static void RemoveTemporaries(string folder, List<string> repairs)
    {
        foreach (string path in Directory.EnumerateFiles(folder, ".*.tmp").ToArray())
        {
            File.Delete(path);
            repairs.Add($"removed unfinished {Path.GetFileName(path)}");
        }
    }

    private static void SetAsideUnlisted(string folder, List<ManifestEntry> entries, List<string> repairs)
    {
        var listed = entries.Select(entry => entry.File).ToHashSet();
        foreach (string path in Directory.EnumerateFiles(folder, "seg-*.h5").Where(path => !listed.Contains(Path.GetFileName(path))).ToArray())
            repairs.Add($"set aside {Path.GetFileName(path)}, which the manifest does not list, as {SetAside(path, "unlisted")}");
    }

    /// <summary>Renames a file to one that is free, and returns the new name.</summary>
    public static string SetAside(string path, string ending)
    {
        for (int number = 0; ; number++)
        {
            string target = number == 0 ? $"{path}.{ending}" : $"{path}.{ending}-{number}";
            if (!File.Exists(target))
            {
                File.Move(path, target);
                return Path.GetFileName(target);
            }
        }
    }
}
