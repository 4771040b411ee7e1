using LatticeFlow.Cli.Commands;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Flows;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary><c>verify</c>: a line a check with the figure and its tolerance; exit code 4 where data are corrupt, else 3 where a check failed.</summary>
public sealed class VerifyCommand : ICommandBody<RunDirectoriesRequest>
{
    public int Execute(RunDirectoriesRequest request, CommandContext context) => request.RunDirectories.Max(directory =>
    {
        if (ImportedRun.IsAt(directory))
        {
            ImportedRun.RefuseOverrides(directory, request.Overrides);
            var imported = new Checklist(context.Output, context.Json);
            ImportedChecks.Run(directory, imported);
            imported.Finish(directory);
            return imported.ExitCode;
        }
        var configuration = ExistingRun.Configuration(directory, request.Overrides);
        using var device = DeviceCatalog.Open(configuration.Run.Device, configuration.Run.Threads);
        var run = new VerifiedRun(directory, configuration, device);
        var list = new Checklist(context.Output, context.Json);
        FlowModel? flow = null;
        if (configuration.Flow is { } settings)
        {
            list.Group("flow: checkpoint", () =>
            {
                var model = run.Configuration.NewFlow();
                FlowCheckpoint.Read(FlowStage.Newest(directory), model);
                list.Passed("flow: checkpoint", $"{model.Layers.Count} layers, {model.Parameters.Length} parameters");
                flow = model;
                new FlowChecks(run, list).Run(model);
            });
        }
        foreach (var sample in configuration.Samples)
        {
            context.Stop.Token.ThrowIfCancellationRequested();
            if (!ExistingRun.HasEnsemble(directory, sample.Name))
            {
                context.Log.Warning($"{sample.Name}: nothing is stored yet");
                continue;
            }
            new EnsembleChecks(run, list).Run(sample, flow);
            new SamplerChecks(run, list).Run(sample, flow);
        }
        list.Finish(directory);
        return list.ExitCode;
    });
}
