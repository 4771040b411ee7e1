using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>How gauge files are made an ensemble.</summary>
public sealed record ImportSettings
{
    /// <summary>Null: each file by its first bytes.</summary>
    public IGaugeFileFormat? Format { get; init; }

    public GaugeReadSettings Reading { get; init; } = new();

    /// <summary>Coupling of Wilson's action, with which S = −(β/N) Σ Re tr P is stored; null: the action is unknown and S is stored as NaN.</summary>
    public double? Beta { get; init; }
}

/// <summary>One file that was imported.</summary>
public sealed record ImportedFile(string Path, string Format, LatticeGeometry Lattice, int N, Precision Precision, double Plaquette, double LinkTrace, IReadOnlyList<string> Warnings);

/// <summary>
/// Gauge files of one lattice, in the order given, to an ensemble with the sampler "import": replica 0, step = number of the file, observables <c>plaquette</c> and <c>link_trace</c>
/// recomputed from the links. Where each row comes from stands in <c>/state/sources</c> as JSON. The target appears whole or not at all; an existing one is refused with exit code 2.
/// </summary>
public static class EnsembleImport
{
    public const string Sampler = "import";
    public const string Sources = "sources";

    /// <summary>Links of a segment in memory, in bytes, unless one configuration takes more.</summary>
    private const long SegmentBytes = 1L << 26;

    /// <summary>Writes <c>directory/ensemble/import</c>.</summary>
    public static IReadOnlyList<ImportedFile> ToDirectory(string directory, IReadOnlyList<string> files, ImportSettings settings, ITaskProgress? progress = null, CancellationToken stop = default)
        => Staged(directory, staging =>
        {
            var imported = Append(Path.Join(staging, "ensemble", Sampler), files, settings, progress, stop);
            if (Directory.Exists(directory))
                Directory.Delete(directory);
            Directory.Move(staging, directory);
            AtomicFile.FlushDirectory(Parent(directory));
            return imported;
        });

    /// <summary>Writes one HDF5 file that <see cref="EnsembleExport.Read"/> reads.</summary>
    public static IReadOnlyList<ImportedFile> ToFile(string path, IReadOnlyList<string> files, ImportSettings settings, ITaskProgress? progress = null, CancellationToken stop = default)
        => Staged(path, staging =>
        {
            var imported = Append(staging, files, settings, progress, stop);
            EnsembleExport.Write(EnsembleReader.Open(staging), path);
            return imported;
        });

    private static IReadOnlyList<ImportedFile> Staged(string target, Func<string, IReadOnlyList<ImportedFile>> work)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new StorageException(target, "exists already", "Choose another name", StorageException.Unusable);
        string staging = Path.Join(Parent(target), $".{Path.GetFileName(Path.TrimEndingDirectorySeparator(target))}.importing");
        if (Directory.Exists(staging))
            throw new StorageException(staging, "is there: another import is running, or was killed", "Wait for it, or delete the directory", StorageException.Unusable);
        try
        {
            return work(staging);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileWriting(target, cause);
        }
        finally
        {
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    private static List<ImportedFile> Append(string folder, IReadOnlyList<string> files, ImportSettings settings, ITaskProgress? progress, CancellationToken stop)
    {
        if (files.Count == 0)
            throw new ArgumentException("at least one file is imported", nameof(files));
        var imported = new List<ImportedFile>();
        var block = new ImportBlock(settings.Beta);
        EnsembleWriter? writer = null;
        try
        {
            foreach (string path in files)
            {
                stop.ThrowIfCancellationRequested();
                var format = settings.Format ?? GaugeFileFormats.Detect(path);
                var file = format.Read(path, settings.Reading);
                var configuration = file.Configuration;
                if (imported is [var first, ..] && (first.N != configuration.N || !first.Lattice.Equals(configuration.Lattice)))
                {
                    throw new StorageException(
                        path, $"is {Describe(configuration.N, configuration.Lattice)}, the files before are {Describe(first.N, first.Lattice)}", "Import one lattice at a time", StorageException.Unusable);
                }

                writer ??= EnsembleWriter.Create(folder, Header(configuration, settings.Beta));
                block.Add(path, format.Name, file);
                imported.Add(new(path, format.Name, configuration.Lattice, configuration.N, file.Precision, file.Plaquette, file.LinkTrace, file.Warnings));
                if (block.Bytes >= SegmentBytes || imported.Count == files.Count)
                    block.Flush(writer);
                progress?.Report(imported.Count, ("plaquette", file.Plaquette));
            }
        }
        finally
        {
            writer?.Dispose();
        }

        return imported;
    }

    private static EnsembleHeader Header(GaugeConfiguration configuration, double? beta)
    {
        var (version, commit) = Provenance.OfThisBuild();
        return new()
        {
            Field = $"SU{configuration.N}",
            Extents = [.. configuration.Lattice.Extents],
            Action = beta is null ? "unknown" : "wilson",
            ActionParameters = beta is { } value ? new Dictionary<string, double> { ["beta"] = value } : [],
            Sampler = Sampler,
            Seed = 0,
            Rng = "none",
            Precision = "double",
            Device = "none",
            Version = version,
            Commit = commit,
            Config = "# Imported from gauge files of other codes: /state/sources of each segment names them.\n",
        };
    }

    private static string Describe(int n, LatticeGeometry lattice) => $"SU({n}) on {string.Join("x", ForeignOrder.Extents(lattice))} (x, y, z, t)";

    private static string Parent(string path) => Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(path))) ?? "/";

    /// <summary>Rows of the segment that is being filled.</summary>
    private sealed class ImportBlock(double? beta)
    {
        private readonly List<GaugeFile> files = [];
        private readonly JsonArray sources = [];
        private long stored;

        public long Bytes => files.Sum(file => file.Configuration.Links.LongLength * sizeof(double));

        public void Add(string path, string format, GaugeFile file)
        {
            files.Add(file);
            sources.Add((JsonNode)new JsonObject
            {
                ["step"] = stored + files.Count - 1,
                ["file"] = Path.GetFileName(path),
                ["format"] = format,
                ["precision"] = file.Precision == Precision.Double ? "double" : "float",
                ["properties"] = new JsonObject(file.Properties.Select(property => KeyValuePair.Create<string, JsonNode?>(property.Key, property.Value))),
            });
        }

        public void Flush(EnsembleWriter writer)
        {
            double[] plaquettes = [.. files.Select(file => file.Plaquette)];
            var block = new EnsembleBlock
            {
                Count = files.Count,
                Field = files.Count == 1 ? files[0].Configuration.Links : [.. files.SelectMany(file => file.Configuration.Links)],
                Replica = new long[files.Count],
                Step = [.. Enumerable.Range(0, files.Count).Select(row => stored + row)],
                Accepted = [.. Enumerable.Repeat((byte)1, files.Count)],
                Action = [.. files.Select(file => beta is { } value ? -value * file.Plaquette * file.Configuration.Lattice.Plaquettes : double.NaN)],
                Observables = { ["plaquette"] = plaquettes, ["link_trace"] = files.Select(file => file.LinkTrace).ToArray() },
            };
            string text = sources.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
            writer.Append(block, new ChainState { RngCounter = 0, Sections = new StateSections().Set(Sources, text) });
            stored += files.Count;
            files.Clear();
            sources.Clear();
        }
    }
}
