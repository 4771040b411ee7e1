using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>The body of a command: does what the request says and returns one of <see cref="ExitCode"/>.</summary>
public interface ICommandBody<in TRequest>
{
    /// <summary>
    /// Data goes to <see cref="CommandContext.Output"/>, everything else to the log. A loop that sees
    /// <see cref="StopSignal.IsRequested"/> writes its checkpoint and returns <see cref="ExitCode.Stopped"/>.
    /// </summary>
    /// <exception cref="UserErrorException">Something the user can do something about.</exception>
    int Execute(TRequest request, CommandContext context);
}

/// <summary>The bodies this build has. A command whose body is null says that it is not available and ends with exit code 2.</summary>
public sealed record CommandServices
{
    public ICommandBody<RunRequest>? Run { get; init; }

    /// <summary>Of <c>run --sweep</c>.</summary>
    public ICommandBody<SweepRequest>? Sweep { get; init; }

    public ICommandBody<RunRequest>? Train { get; init; }

    public ICommandBody<RunRequest>? Sample { get; init; }

    public ICommandBody<ExtendRequest>? Extend { get; init; }

    public ICommandBody<MergeRequest>? Merge { get; init; }

    /// <summary>Of <c>--dry-run</c>.</summary>
    public ICommandBody<DryRunRequest>? DryRun { get; init; }

    public ICommandBody<InitRequest>? Init { get; init; }

    public ICommandBody<DoctorRequest>? Doctor { get; init; }

    /// <summary>Of <c>validate</c>: refuses a configuration that names a file which cannot be used.</summary>
    public Action<RunConfiguration>? CheckFiles { get; init; }

    public ICommandBody<RunDirectoriesRequest>? Analyze { get; init; }

    /// <summary>Of <c>analyze</c> with files.</summary>
    public ICommandBody<SeriesRequest>? AnalyzeSeries { get; init; }

    public ICommandBody<WatchRequest>? Watch { get; init; }

    public ICommandBody<MeasureRequest>? Measure { get; init; }

    public ICommandBody<CompareRequest>? Compare { get; init; }

    public ICommandBody<VerifyRequest>? Verify { get; init; }

    public ICommandBody<RunDirectoriesRequest>? Repair { get; init; }

    public ICommandBody<RunDirectoriesRequest>? Report { get; init; }

    public ICommandBody<ExportRequest>? Export { get; init; }

    public ICommandBody<ImportRequest>? Import { get; init; }

    public ICommandBody<MachineRequest>? Devices { get; init; }

    public ICommandBody<MachineRequest>? Bench { get; init; }
}

/// <summary>
/// What every command body is handed: where to write data (and nothing else), where to log, how to show progress, what to watch, and
/// whether data is to be written as JSON.
/// </summary>
public sealed record CommandContext(TextWriter Output, Log Log, IProgressDisplay Progress, StopSignal Stop, bool Json);
