using LatticeFlow.Cli.Commands;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>repair</c>: makes the manifests of a run again, and draws again what is missing within its ensembles; see <see cref="EnsembleRepair"/>.</summary>
public sealed class RepairCommand : ICommandBody<RunDirectoriesRequest>
{
    public int Execute(RunDirectoriesRequest request, CommandContext context)
    {
        foreach (var directory in request.RunDirectories)
        {
            if (!File.Exists(Path.Join(directory, "resolved.toml")) && Directory.Exists(Path.Join(directory, "ensemble")))
                throw new UserErrorException("has no resolved.toml, as an imported ensemble: there is no chain that could draw anything again") { File = directory, Remedy = "import its files again, or restore resolved.toml from a copy" };
            if (MergedRun.IsAt(directory)) throw new UserErrorException("is a merged run: there is no chain that could draw anything again") { File = directory, Remedy = "merge its runs again, or restore it from a copy" };
            RunSession.Use(directory, request.Overrides, context, session => Repair(session, context));
        }
        return ExitCode.Done;
    }

    private static int Repair(RunSession session, CommandContext context)
    {
        List<string> lines = [];
        foreach (var sample in session.Configuration.Samples)
        {
            var folder = ExistingRun.Ensemble(session.Directory.Path, sample.Name);
            if (!Directory.Exists(folder)) continue;
            var done = EnsembleRepair.Run(folder, new SampleSource(session, sample));
            lines.AddRange(done.Count == 0 ? [$"{sample.Name}: nothing to repair"] : done.Select(line => $"{sample.Name}: {line}"));
            foreach (var line in done) session.Context.Log.Information($"{sample.Name}: {line}");
        }
        Results.Write(context, "repairs", lines);
        return ExitCode.Done;
    }
}
