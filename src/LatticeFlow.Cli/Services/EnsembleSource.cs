using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>A stored ensemble, wherever it is: in a run, in a directory made by <c>import</c>, in a folder of segments, or in one HDF5 file.</summary>
public sealed class EnsembleSource
{
    private readonly EnsembleBlock? _whole;

    private EnsembleSource(string name, EnsembleReader segments)
    {
        Name = name;
        Segments = segments;
        Header = segments.Header;
        Count = segments.Count;
    }

    private EnsembleSource(string name, EnsembleHeader header, EnsembleBlock whole)
    {
        Name = name;
        _whole = whole;
        Header = header;
        Count = whole.Count;
    }

    /// <summary>Of the sample or of the file without its ending.</summary>
    public string Name { get; }

    public EnsembleHeader Header { get; }

    /// <summary>Configurations.</summary>
    public long Count { get; }

    /// <summary>Null where the ensemble is one file.</summary>
    public EnsembleReader? Segments { get; }

    /// <summary>The series of the ensemble, of observables that are named or of all.</summary>
    public SeriesData Series(string path, IReadOnlyList<string> observables)
    {
        if (_whole is not null) return SeriesData.Of(Name, path, Header, _whole, observables);
        // What was measured on some rows alone is written with these.
        var columns = EnsembleColumns.Open(Segments!.Folder);
        var some = observables.Any(name => !columns.Observables.ContainsKey(name)) ? columns.OfConfigurations : null;
        return SeriesData.Of(Name, some is not null && observables.All(some.Observables.ContainsKey) ? some : columns, observables);
    }

    /// <summary>The blocks in order, one in memory at a time.</summary>
    public IEnumerable<EnsembleBlock> Blocks(bool withField = true) => _whole is not null ? [_whole] : Segments!.Blocks(withField);

    /// <exception cref="UserErrorException">Nothing is there, or the sample is not clear.</exception>
    /// <exception cref="StorageException">It is damaged (exit code 4).</exception>
    public static EnsembleSource Find(string path, string? sample, bool withField = true)
    {
        if (File.Exists(path))
        {
            if (sample is not null) throw new UserErrorException("an HDF5 file holds one ensemble") { File = path, Key = "--sample", Remedy = "leave it out" };
            var (header, block) = EnsembleExport.Read(path, withField);
            return new(Path.GetFileNameWithoutExtension(path), header, block);
        }
        if (!ImportedRun.IsAt(path) && File.Exists(Path.Join(path, "manifest.jsonl")))
            return new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), EnsembleReader.Open(path));
        var samples = ImportedRun.IsAt(path) ? ImportedRun.Samples(path) : ExistingRun.Configuration(path, []).Samples.Select(entry => entry.Name).ToArray();
        var name = sample ?? (samples.Count == 1 ? samples[0] : null);
        if (name is null || !samples.Contains(name))
        {
            throw new UserErrorException(name is null ? $"the run has {samples.Count} samples" : $"the run has no sample \"{name}\"")
            {
                File = path,
                Key = "--sample",
                Remedy = samples.Count == 0 ? "there is nothing to export" : $"choose one of {string.Join(", ", samples)}",
            };
        }
        return new(name, EnsembleReader.Open(ExistingRun.Ensemble(path, name)));
    }
}
