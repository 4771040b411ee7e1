using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Cli.Services;

/// <summary><c>run</c>: train, sample, analyse; every part goes on from where it is.</summary>
public sealed class RunCommand : ICommandBody<RunRequest>
{
    public int Execute(RunRequest request, CommandContext context) => RunSession.Use(request, context, _ => false, session =>
    {
        if (!TrainingStage.Run(session) || !SamplingStage.Run(session) || context.Stop.IsRequested) return Stopped(session);
        var code = AnalysisStage.Run(session);
        context.Log.Information($"report: {session.Directory.ReportPath}");
        return code;
    });

    internal static int Stopped(RunSession session)
    {
        session.Context.Log.Warning($"stopped after a checkpoint: run again with --run-dir {session.Directory.Path} --resume");
        return ExitCode.Stopped;
    }
}

/// <summary><c>train</c>.</summary>
public sealed class TrainCommand : ICommandBody<RunRequest>
{
    public int Execute(RunRequest request, CommandContext context)
    {
        if (request.Configuration.Flow is null) throw new UserErrorException("there is no [flow] to train") { File = request.File.Path };
        return RunSession.Use(request, context, _ => false, session =>
        {
            if (!TrainingStage.Run(session)) return RunCommand.Stopped(session);
            Results.Write(context, "flow", FlowStage.Newest(session.Directory.Path));
            return ExitCode.Done;
        });
    }
}

/// <summary><c>sample</c>. After <c>train</c> it needs no <c>--resume</c>, because there is no ensemble yet that it could touch.</summary>
public sealed class SampleCommand : ICommandBody<RunRequest>
{
    public int Execute(RunRequest request, CommandContext context)
    {
        if (request.Configuration.Samples.Count == 0) throw new UserErrorException("there is no [[sample]] to draw") { File = request.File.Path };
        return RunSession.Use(request, context, ExistingRun.HasNoEnsemble, session =>
        {
            if (!SamplingStage.Run(session)) return RunCommand.Stopped(session);
            Results.Write(context, "ensembles", [.. session.Configuration.Samples.Select(sample => ExistingRun.Ensemble(session.Directory.Path, sample.Name))]);
            return ExitCode.Done;
        });
    }
}
