using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>What a run takes, in words: room on the disk, memory and, once its speed was measured, time.</summary>
public static class RunSize
{
    /// <summary>The time that the chains of a run still need at the speed that it had so far; null where nothing was measured, or nothing is left.</summary>
    public static TimeSpan? Left(RunDirectory directory, RunConfiguration configuration)
    {
        double seconds = 0;
        foreach (var sample in configuration.Samples)
        {
            var stored = EnsembleInventory.Of(ExistingRun.Ensemble(directory.Path, sample.Name)).Count;
            if (stored >= sample.Configurations) continue;
            var taken = ExistingRun.SamplingSeconds(directory, sample.Name, stored);
            if (stored == 0 || taken <= 0) return null;
            seconds += taken / stored * (sample.Configurations - stored);
        }
        return seconds > 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>What is known of an open run.</summary>
    public static string Words(RunDirectory directory, RunConfiguration configuration)
        => DiskEstimate.Words(configuration) + (Left(directory, configuration) is { } left ? $", {ProgressText.Duration(left)} of sampling left at the speed so far" : "");
}
