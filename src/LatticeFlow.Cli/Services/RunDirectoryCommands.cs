using LatticeFlow.Cli.Commands;

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
            return ImportedRun.IsAt(directory)
                ? ImportedRun.Analyze(directory, request.Overrides, context)
                : RunSession.Use(directory, request.Overrides, context, AnalysisStage.Run);
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
