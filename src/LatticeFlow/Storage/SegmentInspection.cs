namespace LatticeFlow.Storage;

/// <summary>One segment of an ensemble as a repair finds it: the file that is it, or why none is.</summary>
/// <param name="Number">Its place in the ensemble.</param>
/// <param name="Known">Its line of the manifest, or null.</param>
/// <param name="Path">The file that holds it: under its own name, or one that was set aside; null where there is none.</param>
/// <param name="Found">The line that the file gives; null where there is none.</param>
/// <param name="Fault">What is wrong with the file under its name; null where nothing is, or where it is missing.</param>
internal sealed record SegmentInspection(int Number, ManifestEntry? Known, string? Path, ManifestEntry? Found, string? Fault)
{
    public string Name => Manifest.SegmentName(Number);

    /// <summary>Looks at all segments of a folder that there are or were.</summary>
    public static IReadOnlyList<SegmentInspection> All(string folder, ISegmentSource source)
    {
        var known = Manifest.LoadWhatIsWhole(folder);
        string[] names = [.. Directory.EnumerateFiles(folder, "seg-*.h5*").Select(path => System.IO.Path.GetFileName(path))];
        int count = Math.Max(known.Keys.DefaultIfEmpty(-1).Max(), names.Select(NumberOf).DefaultIfEmpty(-1).Max()) + 1;
        return [.. Enumerable.Range(0, count).Select(number => Of(folder, number, known.GetValueOrDefault(number), source, names))];
    }

    private static SegmentInspection Of(string folder, int number, ManifestEntry? known, ISegmentSource source, string[] names)
    {
        string name = Manifest.SegmentName(number);
        string? fault = null;
        // What was found damaged once is not believed without its hash.
        foreach (string candidate in names.Where(other => other == name || (other.StartsWith(name + ".", StringComparison.Ordinal) && (known is not null || !other.Contains(".corrupt", StringComparison.Ordinal)))).OrderBy(other => other.Length).ThenBy(other => other, StringComparer.Ordinal))
        {
            string path = System.IO.Path.Combine(folder, candidate);
            try
            {
                return new(number, known, path, Read(path, number, known, source), fault);
            }
            catch (StorageException exception) when (exception.ExitCode == StorageException.Corrupt)
            {
                if (candidate == name)
                    fault = exception.What;
            }
        }

        return new(number, known, null, null, fault);
    }

    /// <summary>The manifest line of a file that is whole: with the hash that is known or, where none is, readable to the last number and of this ensemble.</summary>
    private static ManifestEntry Read(string path, int number, ManifestEntry? known, ISegmentSource source)
    {
        var stream = HashedStream.Open(path);
        string hash;
        try
        {
            hash = HashedStream.Sha256(stream);
            if (known is not null && (hash != known.Sha256 || stream.Length != known.Bytes))
                throw new StorageException(path, "does not have the SHA-256 that the manifest says", "It is set aside");
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        long bytes = stream.Length;
        using var file = Hdf5Source.Open(path, stream);
        var header = HeaderAttributes.Read(file);
        if (header.FirstDifference(source.Header) is string field)
            throw new StorageException(path, $"belongs to another ensemble: '{field}' differs", "It is set aside");
        ulong[] rows = file.Shape("/chain/step");
        if (rows.Length != 1 || rows[0] is 0 or > int.MaxValue)
            throw new StorageException(path, "has no configurations", "It is set aside");
        int count = (int)rows[0];
        var block = SegmentFile.Read(file, header, count, withField: true);
        try
        {
            block.Validate(header);
        }
        catch (ArgumentException exception)
        {
            throw new StorageException(path, exception.Message, "It is set aside", StorageException.Corrupt, exception);
        }

        var state = SegmentFile.ReadState(file, header);
        return new(Manifest.SegmentName(number), source.PositionOf(block.Replica[0], block.Step[0]), count, bytes, hash, state.RngCounter, EnsembleWriter.MeanPlaquette(block));
    }

    private static int NumberOf(string name) => name.Length >= 10 && int.TryParse(name.AsSpan(4, 6), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : -1;
}
