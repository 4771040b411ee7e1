using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>A run directory held by this process, with the device and the theory: what training, sampling and analysis work on.</summary>
public sealed class RunSession : IDisposable
{
    private readonly MetricsLog? _metrics;

    private RunSession(RunDirectory directory, ComputeDevice device, RunConfiguration configuration, string resolved, CommandContext context, bool writes, bool namesObservables = false)
    {
        NamesObservables = namesObservables;
        Directory = directory;
        Device = device;
        Configuration = configuration;
        Resolved = resolved;
        Context = context;
        Lattice = new([.. configuration.Theory.Extents]);
        Action = ActionRegistry.Create(Lattice, configuration.Theory.Field, configuration.Theory.Action.Description);
        _metrics = writes ? directory.OpenMetrics() : null;
    }

    public RunDirectory Directory { get; }

    public ComputeDevice Device { get; }

    public RunConfiguration Configuration { get; }

    /// <summary>The text of <c>resolved.toml</c>.</summary>
    public string Resolved { get; }

    public CommandContext Context { get; }

    public LatticeGeometry Lattice { get; }

    public IAction Action { get; }

    /// <summary>Whether the observables of the analysis were asked for by name on the command line: then nothing else is analysed.</summary>
    public bool NamesObservables { get; }

    /// <summary>Whether the run is held, and may be written; else it is only looked at.</summary>
    public bool Writes => _metrics is not null;

    public MetricsLog Metrics => _metrics ?? throw new InvalidOperationException("the run is only looked at: nothing may be written to it.");

    public Compute.Precision Precision => Configuration.Run.Precision == Cli.Configuration.Precision.Double ? Compute.Precision.Double : Compute.Precision.Single;

    /// <summary>Wall time from one checkpoint to the next.</summary>
    public TimeSpan CheckpointInterval => TimeSpan.FromSeconds(Configuration.Run.CheckpointSeconds);

    /// <summary>A seed of the run for one use.</summary>
    public ulong Seed(string purpose, string name = "") => DerivedSeed.Of((ulong)Configuration.Run.Seed, purpose, name);

    /// <summary>
    /// Does <paramref name="work"/> in the run directory of a request, and records how it ended. An absent device or an impossible flow is found out
    /// before anything is written. <paramref name="mayGoOn"/> says of an existing run whether it may be continued without <c>--resume</c>.
    /// </summary>
    public static int Use(RunRequest request, CommandContext context, Func<string, bool> mayGoOn, Func<RunSession, int> work)
    {
        MergedRun.RefuseToGoOn(request.RunDirectory);
        FlowStage.Check(request.Configuration, request.RunDirectory);
        MemoryEstimate.Check(request.Configuration, request.File.Path, new MemoryLimit());
        DiskEstimate.Check(request.Configuration, request.File.Path, request.RunDirectory, path => FileSystem.Of(path).Free);
        using var device = DeviceCatalog.Open(request.Configuration.Run.Device, request.Configuration.Run.Threads);
        var (resolved, grown) = Resolve(request);
        var (version, commit) = Provenance.OfThisBuild();
        var provenance = new Provenance
        {
            Version = version,
            Commit = commit,
            CommandLine = Provenance.Quoted(Environment.GetCommandLineArgs()),
            Device = device.Name,
            Isa = InstructionSet.Best().Name,
            Seed = (ulong)request.Configuration.Run.Seed,
            Overrides = [.. request.File.Overrides.Select(item => $"{item.Path}={item.Value}")],
        };
        var resume = request.Resume || mayGoOn(request.RunDirectory);
        if (resume) RunGrowth.Check(request, grown);
        using var directory = ExistingRun.Store(request.RunDirectory, () => RunDirectory.Open(request.RunDirectory, request.File.Text, resolved, provenance, resume));
        var code = ExitCode.InternalError;
        try
        {
            code = Hold(directory, device, request.Configuration, resolved, context, session =>
            {
                if (Moved(directory, provenance) is { } moved) context.Log.Warning(moved);
                foreach (var growth in directory.Grown) context.Log.Information($"{directory.Path}: {growth.Key} grows from {growth.From} to {growth.To}");
                return work(session);
            }, draws: true);
        }
        catch (Exception exception)
        {
            code = CommandLine.CodeOf(exception, context.Stop);
            throw;
        }
        finally
        {
            Finish(directory, code, context.Log);
        }
        return code;
    }

    /// <summary>Does <paramref name="work"/> in an existing run, of which the provenance stays what it is: that of the data.</summary>
    public static int Use(string runDirectory, IReadOnlyList<Override> overrides, CommandContext context, Func<RunSession, int> work)
    {
        var configuration = ExistingRun.Configuration(runDirectory, overrides);
        using var device = DeviceCatalog.Open(configuration.Run.Device, configuration.Run.Threads);
        using var directory = ExistingRun.Store(runDirectory, () => RunDirectory.OpenExisting(runDirectory));
        return Hold(directory, device, configuration, directory.ResolvedText(), context, work, Names(overrides));
    }

    /// <summary>As above; a run at work, or one that may not be written, is only looked at, and <paramref name="work"/> is told why nothing can be written.</summary>
    public static int UseOrLook(string runDirectory, IReadOnlyList<Override> overrides, CommandContext context, Func<RunSession, string?, int> work)
    {
        RunDirectory? held = null;
        string? reason = null;
        try
        {
            held = ExistingRun.Store(runDirectory, () => RunDirectory.OpenExisting(runDirectory));
        }
        catch (StorageException exception) when (exception.ExitCode == StorageException.Unusable && !exception.IsDiskFull)
        {
            reason = exception.What;
        }
        if (held is null) return Look(runDirectory, overrides, context, session => work(session, reason));
        using (held)
        {
            var configuration = ExistingRun.Configuration(runDirectory, overrides);
            using var device = DeviceCatalog.Open(configuration.Run.Device, configuration.Run.Threads);
            return Hold(held, device, configuration, held.ResolvedText(), context, session => work(session, null), Names(overrides));
        }
    }

    /// <summary>Looks at an existing run: nothing is held and nothing is written, so that it may be a read-only copy, or a run at work.</summary>
    public static T Look<T>(string runDirectory, IReadOnlyList<Override> overrides, CommandContext context, Func<RunSession, T> work)
    {
        var configuration = ExistingRun.Configuration(runDirectory, overrides);
        using var device = DeviceCatalog.Open(configuration.Run.Device, configuration.Run.Threads);
        using var directory = RunDirectory.OpenToRead(runDirectory);
        using var session = new RunSession(directory, device, configuration, directory.ResolvedText(), context, writes: false, Names(overrides));
        return work(session);
    }

    private static bool Names(IReadOnlyList<Override> overrides) => overrides.Any(item => item.Path == "analyze.observables");

    public void Dispose() => _metrics?.Dispose();

    private static int Hold(
        RunDirectory directory, ComputeDevice device, RunConfiguration configuration, string resolved, CommandContext context, Func<RunSession, int> work, bool namesObservables = false, bool draws = false)
    {
        context.Log.AttachFile(directory.LogPath);
        if (directory.StaleHolder is { } holder) context.Log.Warning($"{directory.Path}: {holder} ended without releasing it; going on from what it stored");
        if (directory.ProvenanceFault is { } fault) context.Log.Warning($"{directory.Path}: {fault}");
        return ExistingRun.Store(directory.Path, () =>
        {
            using var session = new RunSession(directory, device, configuration, resolved, context, writes: true, namesObservables);
            context.Log.Information($"{directory.Path} on {device.Name}, {RunSettings.Precisions.Text(configuration.Run.Precision)}{(draws ? $": {RunSize.Words(directory, configuration)}" : "")}");
            return work(session);
        });
    }

    /// <summary>Sums and elementary functions are rounded differently by another device or another width of lanes, and a chain is sensitive to its last bit.</summary>
    private static string? Moved(RunDirectory directory, Provenance now)
    {
        if (directory.Before is not { } before) return null;
        var (kind, kindBefore) = (now.Device.Split(' ')[0], before.Device.Split(' ')[0]);
        if (kind == kindBefore && now.Isa == before.Isa) return null;
        return $"{directory.Path}: was computed on {before.Device} ({before.Isa}) and goes on on {now.Device} ({now.Isa}): as exact as before, but not bit for bit what it would have been there";
    }

    private static void Finish(RunDirectory directory, int code, Log log)
    {
        try
        {
            directory.Finish(code);
        }
        catch (StorageException exception)
        {
            // The end of the story is not worth hiding why it ended.
            log.Warning(exception.Message);
        }
    }

    /// <summary>
    /// The text of <c>resolved.toml</c>, and the keys of which an existing run is asked for more. A run may move to another device, and be saved more or less often: those keys are kept as it was started with. So is the text
    /// of a run of an earlier version, which lacks keys of this one, where these have their defaults.
    /// </summary>
    internal static (string Text, IReadOnlyList<Growth> Grown) Resolve(RunRequest request)
    {
        var path = Path.Join(request.RunDirectory, "resolved.toml");
        if (!File.Exists(path)) return (request.Configuration.ToToml(), []);
        var before = ExistingRun.Configuration(request.RunDirectory, []);
        var portable = request.Configuration with { Run = request.Configuration.Run with { Device = before.Run.Device, Threads = before.Run.Threads, CheckpointSeconds = before.Run.CheckpointSeconds } };
        var now = portable.ToToml();
        var (grown, difference) = ResolvedConfiguration.Compare(before.ToToml(), now);
        return difference is null ? (ResolvedConfiguration.With(File.ReadAllText(path), grown), grown) : (now, grown);
    }
}
