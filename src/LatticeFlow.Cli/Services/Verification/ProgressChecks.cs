using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether an ensemble is as large as the run asks for, and whether segments are there that no reader sees.</summary>
public sealed class ProgressChecks(VerifiedRun run, Checklist list)
{
    /// <summary>Whether there is something to go on with.</summary>
    public bool Run(SampleSettings sample)
    {
        var some = false;
        var name = $"{sample.Name}: configurations";
        list.Group(name, () =>
        {
            var progress = EnsembleProgress.Of(run.Path, sample);
            some = progress.Inventory.Listed.Count > 0;
            if (progress.IsComplete) list.Passed(name, progress.Words);
            else if (progress.IsLost) list.Corrupt(name, progress.Words);
            else list.Failed(name, progress.Words);
        });
        return some;
    }
}
