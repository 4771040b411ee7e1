using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>How much of an ensemble is there, against what its configuration asks for, and whether what is missing was drawn once.</summary>
/// <param name="Sample">Name of the ensemble.</param>
/// <param name="Inventory">What its folder holds.</param>
/// <param name="Expected">Configurations that the run asks for.</param>
/// <param name="Recorded">Segments that <c>metrics.jsonl</c> says were stored.</param>
public sealed record EnsembleProgress(string Sample, EnsembleInventory Inventory, long Expected, long Recorded)
{
    public const string Remedy = "latticeflow repair makes the manifest again from the segments";

    public bool IsComplete => Inventory.Count == Expected && !Inventory.IsTorn && Inventory.Unlisted.Count == 0;

    /// <summary>Whether segments were stored that the manifest does not list: they are lost to every reader.</summary>
    public bool IsLost => Inventory.Unlisted.Count > 0 || Recorded > Inventory.Listed.Count;

    /// <summary>The numbers, and what is wrong with them.</summary>
    public string Words
    {
        get
        {
            var numbers = $"{Inventory.Count} of {Expected} configurations are stored";
            if (!Inventory.HasManifest && Inventory.Unlisted.Count > 0) return $"{numbers}: manifest.jsonl is missing although {Count(Inventory.Unlisted.Count)} there; {Remedy}";
            if (Inventory.Unlisted.Count > 0) return $"{numbers}: {Count(Inventory.Unlisted.Count)} there that manifest.jsonl does not list, from {Inventory.Unlisted[0]}; {Remedy}";
            if (Recorded > Inventory.Listed.Count) return $"{numbers}: {Recorded} segments were stored (metrics.jsonl) and manifest.jsonl lists {Inventory.Listed.Count}; restore the others from a copy, or draw them again with --resume";
            if (Inventory.Count > Expected) return $"{numbers}: more than the run asks for";
            if (Inventory.IsTorn) return $"{numbers}: manifest.jsonl ends with half a line; {Remedy}";
            return IsComplete ? numbers : $"{numbers}: the run is not finished; go on with --resume";
        }
    }

    public static EnsembleProgress Of(string runDirectory, SampleSettings sample) => new(
        sample.Name, EnsembleInventory.Of(ExistingRun.Ensemble(runDirectory, sample.Name)), sample.Configurations, ExistingRun.RecordedSegments(runDirectory, sample.Name));

    /// <summary>A sentence for each ensemble that is not whole.</summary>
    public static IReadOnlyList<string> Lacks(string runDirectory, RunConfiguration configuration)
        => [.. configuration.Samples.Select(sample => Of(runDirectory, sample)).Where(progress => !progress.IsComplete).Select(progress => $"{progress.Sample}: {progress.Words}")];

    private static string Count(int segments) => segments == 1 ? "1 segment is" : $"{segments} segments are";
}
