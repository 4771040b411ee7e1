using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>
/// Whether <c>resolved.toml</c> is what <c>config.toml</c> and the overrides of the command line give. Values of keys that <c>config.toml</c> does not have are defaults: they are compared where the
/// run was made by this commit, another may have others. What the run was asked for later stands in the provenance of its lives.
/// </summary>
public sealed class ConfigurationChecks(VerifiedRun run, Checklist list)
{
    private const string Name = "resolved.toml";

    public void Run() => list.Group(Name, () =>
    {
        var config = run.Session.Directory.ConfigPath;
        if (!File.Exists(config))
        {
            list.Corrupt(Name, "cannot be compared: config.toml is missing. Restore it from a copy");
            return;
        }
        var provenance = RunProvenance.Of(run.Session.Directory).CarriedOut(run.Session.Directory.ResolvedText());
        var given = Load(config, provenance.Overrides ?? []);
        list.Unless(Name, Difference(given, provenance) ?? SeedDifference(provenance), "the same as config.toml and the overrides of the command line give" + Grown(provenance));
    });

    private static ConfigurationFile Load(string path, IReadOnlyList<Override> overrides)
    {
        try
        {
            return ConfigurationFile.Load(path, overrides);
        }
        catch (ConfigurationException exception)
        {
            throw new StorageException(path, $"cannot be read ({exception.Errors[0].Message})", "Restore it from a copy", StorageException.Corrupt, exception);
        }
    }

    private string? Difference(ConfigurationFile given, RunProvenance provenance)
    {
        // Read again and written again, so that neither spelling nor the order of keys counts.
        string[] expected = provenance.WithGrowth(given.Configuration.ToToml()).Split('\n'), found = ExistingRun.Configuration(run.Path, []).ToToml().Split('\n');
        var sameBuild = provenance.Commit == Provenance.OfThisBuild().Commit;
        for (var line = 0; line < Math.Max(expected.Length, found.Length); line++)
        {
            string before = line < expected.Length ? expected[line] : "(nothing)", now = line < found.Length ? found[line] : "(nothing)";
            if (before == now) continue;
            var key = now.Split('=')[0].Trim();
            if (!sameBuild && !given.Text.Contains(key, StringComparison.Ordinal)) continue;
            // Runs of earlier versions recorded no overrides, only the command line.
            if (provenance.Overrides is null && (provenance.CommandLine?.Contains(key, StringComparison.Ordinal) ?? true)) continue;
            return $"says '{now.Trim()}' where config.toml and the command line give '{before.Trim()}'";
        }
        return null;
    }

    private static string Grown(RunProvenance provenance)
        => !provenance.Grown.Any() ? "" : $", grown to {string.Join(", ", provenance.Grown.GroupBy(growth => growth.Key).Select(group => $"{group.Key} = {group.Last().To} from {group.First().From}"))}";

    private string? SeedDifference(RunProvenance provenance) => provenance.Seed is { } seed && seed != (ulong)run.Configuration.Run.Seed
        ? $"says seed = {run.Configuration.Run.Seed} where provenance.json says {seed}"
        : null;
}
