using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>Which run <c>run</c>, <c>train</c> and <c>sample</c> work on, and with which configuration: one that is given or, where a run goes on, its own.</summary>
internal static class ConfiguredRequest
{
    /// <summary>The request of a command line.</summary>
    /// <exception cref="UserErrorException">Neither a configuration nor a run to go on with was given, or two runs.</exception>
    /// <exception cref="ConfigurationException">The configuration is wrong.</exception>
    public static RunRequest Of(string? config, string? runDirectory, bool resume, IReadOnlyList<Override> overrides)
    {
        if (config is not null && ConfigurationFile.IsRun(config))
        {
            if (!resume) throw new UserErrorException("is the directory of a run") { File = config, Remedy = "add --resume to go on with it, or give a configuration" };
            if (runDirectory is not null && Path.GetFullPath(Path.TrimEndingDirectorySeparator(runDirectory)) != Path.GetFullPath(Path.TrimEndingDirectorySeparator(config)))
                throw new UserErrorException("is another run than the one to go on with") { File = config, Key = $"--run-dir {runDirectory}", Remedy = "give one of them" };
            (config, runDirectory) = (null, config);
        }
        if (config is null)
        {
            if (!resume || runDirectory is null) throw new UserErrorException("is missing") { Key = "CONFIG", Remedy = "give a configuration such as configs/quickstart.toml, or --run-dir DIR --resume to go on with a run" };
            return new(ConfigurationFile.OfRun(runDirectory, overrides), runDirectory, Resume: true);
        }
        var file = ConfigurationFile.Load(config, overrides);
        return new(file, runDirectory ?? Path.Join("runs", file.Configuration.Run.Name), resume);
    }
}
