using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// <c>merge</c>: ensembles of one theory and sampler, drawn with different seeds, become replicas of one. Replicas are numbered anew, run after run; where each comes from stands in <c>merged.json</c> and, as JSON, in
/// <c>/state/origins</c> of every segment. Everything is compared before anything is written, and the new directory appears whole or not at all.
/// </summary>
public sealed class MergeCommand : ICommandBody<MergeRequest>
{
    public const string Origins = "origins";

    public int Execute(MergeRequest request, CommandContext context)
    {
        if (request.RunDirectories.Count < 2) throw new UserErrorException("takes two runs at least") { Key = "merge", Remedy = "give them" };
        StagingDirectory.RequireFree(request.To);
        MergeSource[] sources = [.. request.RunDirectories.Select(directory => MergeSource.Open(directory, request.Sample))];
        for (var i = 1; i < sources.Length; i++)
        {
            for (var j = 0; j < i; j++) sources[i].RequireSame(sources[j]);
        }
        var origins = Plan(sources);
        var configuration = sources[0].Configuration is null ? null : Merged(sources, origins, request.To);
        using var staging = StagingDirectory.For(request.To);
        var run = staging.At("run");
        try
        {
            if (configuration is null) AtomicFile.CreateDirectory(run);
            else Begin(run, sources, configuration);
            new MergedRun(MergedRun.CurrentFormat, origins).Write(run);
            Copy(run, sources, origins, configuration, context);
            StagingDirectory.Publish(run, request.To);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileWriting(request.To, cause);
        }
        Results.Write(context, "run", request.To);
        return ExitCode.Done;
    }

    private static MergedOrigin[] Plan(MergeSource[] sources)
    {
        List<MergedOrigin> origins = [];
        foreach (var sample in sources[0].Samples)
        {
            int replica = 0;
            long row = 0;
            foreach (var source in sources)
            {
                var (reader, replicas) = (source.Readers[sample], source.Replicas(sample));
                var devices = Enumerable.Range(0, reader.Segments.Count).Select(segment => reader.ReadHeader(segment).Device).Distinct();
                origins.Add(new(sample, Path.GetFullPath(source.Directory), source.Configuration is { } run ? (ulong)run.Run.Seed : null, replicas, replica, row, reader.Count, source.ManifestHash(sample), [.. devices]));
                replica += replicas.Count;
                row += reader.Count;
            }
        }
        return [.. origins];
    }

    /// <summary>The configuration of the first run with all replicas, read back so that every command can read it.</summary>
    private static RunConfiguration Merged(MergeSource[] sources, MergedOrigin[] origins, string to)
    {
        var first = sources[0].Configuration!;
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(to)));
        var merged = first with
        {
            Run = first.Run with { Name = RunSettings.SafeFileName().IsMatch(name) ? name : first.Run.Name },
            Samples = [.. first.Samples.Where(sample => sources[0].Samples.Contains(sample.Name)).Select(sample =>
            {
                MergedOrigin[] parts = [.. origins.Where(origin => origin.Sample == sample.Name)];
                var replicas = parts.Sum(origin => origin.Replicas.Count);
                return sample with { Configurations = checked((int)parts.Sum(origin => origin.Rows)), Replicas = replicas, Segment = Math.Max(sample.Segment, replicas) };
            })],
        };
        try
        {
            return ConfigurationReader.Read(merged.ToToml(), "the merged run", []);
        }
        catch (ConfigurationException exception)
        {
            throw new UserErrorException($"cannot be described as one run: {exception.Errors[0].Message}", inner: exception) { File = to, Remedy = "merge fewer runs" };
        }
    }

    private static void Begin(string run, MergeSource[] sources, RunConfiguration configuration)
    {
        var (version, commit) = Provenance.OfThisBuild();
        var provenance = new Provenance
        {
            Version = version,
            Commit = commit,
            CommandLine = Provenance.Quoted(Environment.GetCommandLineArgs()),
            Device = "none",
            Isa = InstructionSet.Best().Name,
            Seed = (ulong)configuration.Run.Seed,
        };
        var text = configuration.ToToml();
        using (var directory = RunDirectory.Open(run, $"# Merged from {string.Join(", ", sources.Select(source => Path.GetFullPath(source.Directory)))}: see merged.json.\n{text}", text, provenance, resume: false))
            directory.Finish(ExitCode.Done);
        if (configuration.Flow is null) return;
        var (flows, target) = (Path.Join(sources[0].Directory, "flow"), Path.Join(run, "flow"));
        Directory.CreateDirectory(target);
        foreach (var name in new[] { "newest.h5", "best.h5", "trained.h5" }.Where(name => File.Exists(Path.Join(flows, name)))) File.Copy(Path.Join(flows, name), Path.Join(target, name));
    }

    private static void Copy(string run, MergeSource[] sources, MergedOrigin[] origins, RunConfiguration? configuration, CommandContext context)
    {
        var config = configuration?.ToToml();
        using var metrics = configuration is null ? null : new MetricsLog(Path.Join(run, "metrics.jsonl"));
        context.Progress.Run("merge", origins.Sum(origin => origin.Rows), progress =>
        {
            long done = 0;
            foreach (var sample in sources[0].Samples)
            {
                var (header, copies) = (sources[0].Readers[sample].Header, new Dictionary<UInt128, int>());
                if (config is not null) header = header with { Config = config };
                using var writer = EnsembleWriter.Create(ExistingRun.Ensemble(run, sample), header);
                for (var number = 0; number < sources.Length; number++)
                {
                    var (reader, origin) = (sources[number].Readers[sample], origins.Where(origin => origin.Sample == sample).ElementAt(number));
                    var numbers = origin.Replicas.Select((replica, i) => (replica, New: (long)origin.FirstReplica + i)).ToDictionary(pair => pair.replica, pair => pair.New);
                    foreach (var line in metrics is null ? [] : ExistingRun.SegmentRecords(sources[number].Directory, sample, reader.Segments.Count))
                    {
                        line["segment"] = writer.NextSegment + (int)ExistingRun.Number(line, "segment");
                        metrics!.Append(line);
                    }
                    for (var segment = 0; segment < reader.Segments.Count; segment++)
                    {
                        context.Stop.Token.ThrowIfCancellationRequested();
                        var (block, drawn) = (reader.ReadSegment(segment), reader.ReadHeader(segment));
                        for (var row = 0; row < block.Count; row++) block.Replica[row] = numbers[block.Replica[row]];
                        Count(copies, block, number);
                        writer.AppendDrawnWith(header with { Device = drawn.Device, Version = drawn.Version, Commit = drawn.Commit }, block, State(origin, reader, segment, numbers));
                        progress.Report(done += block.Count);
                    }
                }
                if (copies.Values.Count(origin => origin < 0) is > 0 and var same)
                    context.Log.Warning($"{sample}: {same} configurations are in several of the runs, to the bit: a common start, or one run under two names");
            }
            return true;
        });
    }

    // In which run a configuration was seen; −1 in several.
    private static void Count(Dictionary<UInt128, int> copies, EnsembleBlock block, int origin)
    {
        var numbers = block.FieldCount == 0 ? 0 : block.Field.Length / block.FieldCount;
        for (var i = 0; i < block.FieldCount; i++)
        {
            var hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(block.Field.AsSpan(i * numbers, numbers)));
            if (!copies.TryAdd(hash, origin) && copies[hash] != origin) copies[hash] = -1;
        }
    }

    private static ChainState State(MergedOrigin origin, EnsembleReader reader, int segment, Dictionary<long, long> numbers)
    {
        var entry = reader.Segments[segment];
        var text = new JsonObject
        {
            ["run"] = origin.Run,
            ["seed"] = origin.Seed,
            ["segment"] = entry.File,
            ["sha256"] = entry.Sha256,
            ["manifest_sha256"] = origin.ManifestSha256,
            ["replicas"] = new JsonArray([.. numbers.Select(pair => new JsonObject { ["from"] = pair.Key, ["to"] = pair.Value })]),
        };
        var sections = new StateSections().Set(Origins, text.ToJsonString());
        if (origin.Seed is null && reader.ReadState(segment).Sections is var imported && imported.Has(EnsembleImport.Sources))
        {
            var files = JsonNode.Parse(imported.GetText(EnsembleImport.Sources)) as JsonArray ?? [];
            foreach (var file in files.OfType<JsonObject>().Where(file => file["replica"] is JsonValue)) file["replica"] = numbers[(long)file["replica"]!];
            sections.Set(EnsembleImport.Sources, files.ToJsonString());
        }
        return new() { RngCounter = entry.RngCounter, Sections = sections };
    }
}
