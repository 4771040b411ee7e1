using LatticeFlow.Cli.Commands;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>analyze</c>: every run in turn; the worst exit code is the command's.</summary>
public sealed class AnalyzeCommand : ICommandBody<RunDirectoriesRequest>
{
    public int Execute(RunDirectoriesRequest request, CommandContext context)
    {
        if (context.Json && request.RunDirectories.Count > 1) throw new UserErrorException("one JSON document describes one run: give one run directory") { Key = "--json" };
        return request.RunDirectories.Max(directory =>
        {
            if (request.RunDirectories.Count > 1) context.Output.WriteLine($"{directory}:");
            return RunSession.Use(directory, request.Overrides, context, AnalysisStage.Run);
        });
    }
}

/// <summary><c>report</c>.</summary>
public sealed class ReportCommand : ICommandBody<RunDirectoriesRequest>
{
    public int Execute(RunDirectoriesRequest request, CommandContext context)
    {
        foreach (var directory in request.RunDirectories)
        {
            ReportStage.Render(directory);
        }
        Results.Write(context, "reports", [.. request.RunDirectories.Select(directory => Path.Join(directory, "report.html"))]);
        return ExitCode.Done;
    }
}

/// <summary><c>export</c>.</summary>
public sealed class ExportCommand : ICommandBody<ExportRequest>
{
    public int Execute(ExportRequest request, CommandContext context)
    {
        var samples = ExistingRun.Configuration(request.RunDirectory, []).Samples.Select(sample => sample.Name).ToArray();
        var name = request.Sample ?? (samples.Length == 1 ? samples[0] : null);
        if (name is null || !samples.Contains(name))
        {
            throw new UserErrorException(name is null ? $"the run has {samples.Length} samples" : $"the run has no sample \"{name}\"")
            {
                File = request.RunDirectory,
                Key = "--sample",
                Remedy = samples.Length == 0 ? "there is nothing to export" : $"choose one of {string.Join(", ", samples)}",
            };
        }
        EnsembleExport.Write(EnsembleReader.Open(ExistingRun.Ensemble(request.RunDirectory, name)), request.Output);
        Results.Write(context, "ensemble", request.Output);
        return ExitCode.Done;
    }
}
