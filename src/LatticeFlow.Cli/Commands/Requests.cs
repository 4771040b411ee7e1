using LatticeFlow.Cli.Configuration;
using LatticeFlow.Interchange;

namespace LatticeFlow.Cli.Commands;

/// <summary>What <c>run</c>, <c>train</c> and <c>sample</c> are asked to do.</summary>
/// <param name="File">The configuration, checked, with the overrides applied.</param>
/// <param name="RunDirectory">Where results go: <c>--run-dir</c>, else <c>runs/&lt;name&gt;</c>.</param>
/// <param name="Resume">Go on with the run in that directory; without it an existing run is refused.</param>
public sealed record RunRequest(ConfigurationFile File, string RunDirectory, bool Resume)
{
    public RunConfiguration Configuration => File.Configuration;
}

/// <summary>What <c>analyze</c>, <c>verify</c> and <c>report</c> are asked to do with finished or unfinished runs.</summary>
/// <param name="RunDirectories">At least one.</param>
/// <param name="Overrides">Values that take the place of those in the run's own <c>resolved.toml</c>.</param>
/// <param name="Output">Directory for <c>analysis.json</c> and <c>report.html</c>; null: the run.</param>
public sealed record RunDirectoriesRequest(IReadOnlyList<string> RunDirectories, IReadOnlyList<Override> Overrides, string? Output = null)
{
    /// <summary>Formulas and fits beside those of the configuration.</summary>
    public FormulaRequest Formulas { get; init; } = new([], []);
}


/// <summary>Look at a run: once, or every <paramref name="Interval"/> as long as it is at work.</summary>
public sealed record WatchRequest(string RunDirectory, TimeSpan? Interval);

/// <summary>Measure observables on the stored configurations of ensembles.</summary>
/// <param name="RunDirectories">Runs, directories made by <c>import</c>, or folders with segments; at least one.</param>
/// <param name="Observables">Names; none: those of the sets that are there, on what was stored since.</param>
/// <param name="Sample">Which ensemble of each run; null: all.</param>
/// <param name="Device">As <c>run.device</c>; null: that of the run.</param>
public sealed record MeasureRequest(IReadOnlyList<string> RunDirectories, IReadOnlyList<string> Observables, string? Sample, string? Device);

/// <summary>What <c>--derive</c> and <c>--fit</c> ask for.</summary>
public sealed record FormulaRequest(IReadOnlyList<string> Derive, IReadOnlyList<string> Fit)
{
    /// <summary>Overrides by which they stand behind others.</summary>
    public IEnumerable<Override> Behind(IEnumerable<string> derive, IEnumerable<string> fit)
    {
        if (Derive.Count > 0) yield return Joined("derive", derive, Derive);
        if (Fit.Count > 0) yield return Joined("fit", fit, Fit);
    }

    private static Override Joined(string key, IEnumerable<string> before, IReadOnlyList<string> added)
        => new($"analyze.{key}", $"[{string.Join(", ", before.Concat(added).Select(TomlText.Quote))}]", new($"--{key}"));
}

/// <summary>What <c>verify</c> is asked to do.</summary>
/// <param name="RunDirectories">At least one.</param>
/// <param name="Overrides">As for <c>analyze</c>.</param>
/// <param name="All">Recompute every configuration, and not a subsample.</param>
public sealed record VerifyRequest(IReadOnlyList<string> RunDirectories, IReadOnlyList<Override> Overrides, bool All);

/// <summary>Write the configurations of one ensemble in a format.</summary>
/// <param name="Source">A run, a directory made by <c>import</c>, a folder with segments, or an HDF5 file that <c>export</c> or <c>import</c> wrote.</param>
/// <param name="Sample">Which of its ensembles; null: the only one.</param>
/// <param name="Output">The new file for <c>hdf5</c>, else the directory that gets a file for each configuration.</param>
public sealed record ExportRequest(string Source, string? Sample, string Output)
{
    /// <summary>The format of gauge files; null: one HDF5 file.</summary>
    public IGaugeFileFormat? Format { get; init; }

    /// <summary>The format of series; null: configurations are written.</summary>
    public ISeriesFormat? Series { get; init; }

    /// <summary>Observables of series to write; empty: all.</summary>
    public IReadOnlyList<string> Observables { get; init; } = [];

    public GaugeWriteSettings Writing { get; init; } = new();

    /// <summary>Running numbers of the configurations to write; empty: all.</summary>
    public IReadOnlyList<long> Configurations { get; init; } = [];
}

/// <summary>Read gauge files of one lattice into a new ensemble: an HDF5 file where <c>To</c> ends with .h5 or .hdf5, else a directory.</summary>
public sealed record ImportRequest(IReadOnlyList<string> Files, string To, ImportSettings Settings);

/// <summary>What <c>devices</c> and <c>bench</c> are asked to do.</summary>
/// <param name="Device">As <c>run.device</c>.</param>
/// <param name="Filter">Only what contains this text; null for everything.</param>
public sealed record MachineRequest(string Device, string? Filter);

/// <summary>Write a configuration of a theory.</summary>
public sealed record InitRequest
{
    public required Fields.FieldType Field { get; init; }

    /// <summary>Null: the usual ones.</summary>
    public IReadOnlyList<long>? Extents { get; init; }

    /// <summary>Kind of the action; null: the usual one of the field.</summary>
    public string? Action { get; init; }

    /// <summary>Parameters of the action by name; those that are not there have the usual values.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>();

    public bool Flow { get; init; }

    /// <summary>Null: made of the theory.</summary>
    public string? Name { get; init; }

    /// <summary>A new file; null: standard output.</summary>
    public string? Output { get; init; }
}

/// <summary>Look at this machine, and at the file system on which <paramref name="Directory"/> is or would be.</summary>
public sealed record DoctorRequest(string Directory, string Device);

/// <summary>Say what <paramref name="Command"/> would do with a request, and write nothing.</summary>
public sealed record DryRunRequest(string Command, RunRequest Run);
