using LatticeFlow.Cli.Configuration;

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
public sealed record RunDirectoriesRequest(IReadOnlyList<string> RunDirectories, IReadOnlyList<Override> Overrides);

/// <summary>Merge the segments of one ensemble of a run (null: of its only one) into one new file.</summary>
public sealed record ExportRequest(string RunDirectory, string? Sample, string Output);

/// <summary>What <c>devices</c> and <c>bench</c> are asked to do.</summary>
/// <param name="Device">As <c>run.device</c>.</param>
/// <param name="Filter">Only what contains this text; null for everything.</param>
public sealed record MachineRequest(string Device, string? Filter);
