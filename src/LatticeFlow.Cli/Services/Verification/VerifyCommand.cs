using LatticeFlow.Cli.Commands;
using LatticeFlow.Flows;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary><c>verify</c>: a line a check with the figure and its tolerance; exit code 4 where data are corrupt, else 3 where a check failed.</summary>
public sealed class VerifyCommand : ICommandBody<VerifyRequest>
{
    public int Execute(VerifyRequest request, CommandContext context) => request.RunDirectories.Max(directory =>
    {
        var list = new Checklist(context.Output, context.Json);
        if (ImportedRun.IsAt(directory))
        {
            ImportedRun.RefuseOverrides(directory, request.Overrides);
            ImportedChecks.Run(directory, list, request.All, context.Stop);
            if (MergedRun.At(directory) is { } merged) MergedChecks.Run(directory, merged, list, context.Stop.Token);
        }
        else
        {
            RunSession.Look(directory, request.Overrides, context, session =>
            {
                Check(new(session, request.All), list);
                return ExitCode.Done;
            });
        }
        list.Finish(directory);
        return list.ExitCode;
    });

    private static void Check(VerifiedRun run, Checklist list)
    {
        if (run.Merged is null) new ConfigurationChecks(run, list).Run();
        else MergedChecks.Run(run.Path, run.Merged, list, run.Session.Context.Stop.Token);
        FlowModel? flow = null;
        if (run.Configuration.Flow is not null)
        {
            list.Group("flow: checkpoint", () =>
            {
                var model = run.Configuration.NewFlow();
                FlowCheckpoint.Read(FlowStage.Newest(run.Path), model);
                list.Passed("flow: checkpoint", $"{model.Layers.Count} layers, {model.Parameters.Length} parameters");
                flow = model;
                new FlowChecks(run, list).Run(model);
            });
        }
        foreach (var sample in run.Configuration.Samples)
        {
            run.Session.Context.Stop.Token.ThrowIfCancellationRequested();
            if (!new ProgressChecks(run, list).Run(sample)) continue;
            new EnsembleChecks(run, list).Run(sample, flow);
            MeasurementChecks.Run(sample.Name, () => StoredEnsemble.At(run.Path, sample.Name)[0], list, run.All, run.Session.Context.Stop);
            new SamplerChecks(run, list).Run(sample, flow);
            new RepeatChecks(run, list).Run(sample, flow);
        }
        new AnalysisChecks(run, list).Run(flow);
    }
}
