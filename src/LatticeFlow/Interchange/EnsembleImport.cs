using System.IO.Hashing;
using System.Runtime.InteropServices;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Gauge files of one lattice to an ensemble with the sampler "import": replica and step as <see cref="ChainPlan"/> finds them, observables <c>plaquette</c> and <c>link_trace</c> recomputed from the
/// links. Where each row comes from stands in <c>/state/sources</c> as JSON. The target appears whole or not at all; an existing one is refused with exit code 2. Several imports may work at once.
/// </summary>
public static class EnsembleImport
{
    public const string Sampler = "import";
    public const string Sources = "sources";

    /// <summary>Links of a segment in memory, in bytes, unless one configuration takes more.</summary>
    private const long SegmentBytes = 1L << 26;

    /// <summary>Writes <c>directory/ensemble/import</c>.</summary>
    public static ImportedEnsemble ToDirectory(string directory, IReadOnlyList<string> files, ImportSettings settings, ITaskProgress? progress = null, CancellationToken stop = default)
        => Staged(directory, staging =>
        {
            string run = staging.At("run");
            var imported = Append(Path.Join(run, "ensemble", Sampler), files, settings, staging, progress, stop);
            StagingDirectory.Publish(run, directory);
            return imported;
        });

    /// <summary>Writes one HDF5 file that <see cref="EnsembleExport.Read"/> reads.</summary>
    public static ImportedEnsemble ToFile(string path, IReadOnlyList<string> files, ImportSettings settings, ITaskProgress? progress = null, CancellationToken stop = default)
        => Staged(path, staging =>
        {
            string segments = staging.At("segments"), merged = staging.At("merged.h5");
            var imported = Append(segments, files, settings, staging, progress, stop);
            EnsembleExport.Write(EnsembleReader.Open(segments), merged);
            StagingDirectory.RequireFree(path);
            File.Move(merged, path, overwrite: false);
            AtomicFile.FlushDirectory(StagingDirectory.ParentOf(path));
            return imported;
        });

    private static ImportedEnsemble Staged(string target, Func<StagingDirectory, ImportedEnsemble> work)
    {
        StagingDirectory.RequireFree(target);
        using var staging = StagingDirectory.For(target);
        try
        {
            return work(staging);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            StagingDirectory.RequireFree(target);
            throw StorageException.WhileWriting(target, cause);
        }
    }

    private static ImportedEnsemble Append(string folder, IReadOnlyList<string> files, ImportSettings settings, StagingDirectory staging, ITaskProgress? progress, CancellationToken stop)
    {
        if (files.Count == 0)
            throw new ArgumentException("at least one file is imported", nameof(files));
        var plan = ChainPlan.Of(ImportSources.Find(files, settings, staging, stop), settings.Replicas, settings.Numbers);
        var imported = new List<ImportedFile>();
        var block = new ImportBlock(settings.Beta);
        var copies = new HashSet<UInt128>();
        EnsembleWriter? writer = null;
        try
        {
            foreach (var place in plan.Places)
            {
                stop.ThrowIfCancellationRequested();
                var source = place.Source;
                var file = ImportSources.Named(source.Path, source.Name, () => source.Format.Read(source.Path, settings.Reading, source.Entry));
                var configuration = file.Configuration;
                if (imported is [var first, ..] && (first.N != configuration.N || !first.Lattice.Equals(configuration.Lattice)))
                {
                    throw new StorageException(
                        source.Name, $"is {GaugeDescription.Of(configuration.N, configuration.Lattice)}, the files before are {GaugeDescription.Of(first.N, first.Lattice)}", "Import one lattice at a time",
                        StorageException.Unusable);
                }

                writer ??= EnsembleWriter.Create(folder, Header(configuration, settings.Beta));
                copies.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(configuration.Links.AsSpan())));
                block.Add(place, file);
                imported.Add(new(source.Described, source.Format.Name, configuration.Lattice, configuration.N, file.Precision, file.Plaquette, file.LinkTrace, place.Replica, place.Step, file.Warnings));
                if (block.Bytes >= SegmentBytes || imported.Count == plan.Places.Count)
                    block.Flush(writer);
                progress?.Report(imported.Count, ("plaquette", file.Plaquette));
            }
        }
        finally
        {
            writer?.Dispose();
        }

        int same = imported.Count - copies.Count;
        string[] repeated = same == 0 ? [] : [$"{same} of {imported.Count} configurations hold the links of another one to the bit: rejected proposals, or copies"];
        return new(imported, [.. plan.Warnings, .. repeated]);
    }

    private static EnsembleHeader Header(GaugeConfiguration configuration, double? beta)
    {
        var (version, commit) = Provenance.OfThisBuild();
        return new()
        {
            Field = configuration.Group,
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
}
