using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;

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
            return Analyze(directory, With(request, directory), request.Output, context);
        });
    }

    /// <summary>With an output elsewhere the run is neither held nor written.</summary>
    private static int Analyze(string directory, IReadOnlyList<Override> overrides, string? output, CommandContext context)
    {
        if (ImportedRun.IsAt(directory)) return ImportedRun.Analyze(directory, overrides, output, context);
        if (output is not null)
        {
            var target = AnalysisFiles.Directory(output);
            return RunSession.Look(directory, overrides, context, session => AnalysisStage.Run(session, target));
        }
        return RunSession.UseOrLook(directory, overrides, context, (session, reason) =>
        {
            if (reason is not null) context.Log.Warning(NotWritten(directory, reason));
            return AnalysisStage.Run(session);
        });
    }

    internal static string NotWritten(string directory, string reason) => $"{directory}: {reason}: nothing is written there; --output DIR takes analysis.json and report.html";

    private static IReadOnlyList<Override> With(RunDirectoriesRequest request, string directory)
    {
        var formulas = request.Formulas;
        if (formulas.Derive.Count + formulas.Fit.Count == 0) return request.Overrides;
        if (ImportedRun.IsAt(directory)) return [.. request.Overrides, .. formulas.Behind([], [])];
        var analyze = ExistingRun.Configuration(directory, request.Overrides).Analyze;
        return [.. request.Overrides, .. formulas.Behind(analyze.Derive, analyze.Fit)];
    }
}

/// <summary><c>report</c>.</summary>
public sealed class ReportCommand : ICommandBody<RunDirectoriesRequest>
{
    public int Execute(RunDirectoriesRequest request, CommandContext context)
    {
        Results.Write(context, "reports", [.. request.RunDirectories.Select(directory => ReportStage.Render(directory, request.Output, context))]);
        return ExitCode.Done;
    }
}
