using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Whether what a run is asked for beyond what it was started with goes on from what is there: only then is it what a run would be that had asked for it from the start.</summary>
public static class RunGrowth
{
    /// <summary>Refuses a longer training whose steps up to here would have been others, and one whose flow has been sampled already.</summary>
    /// <exception cref="UserErrorException">It cannot go on.</exception>
    public static void Check(RunRequest request, IReadOnlyList<Growth> grown)
    {
        if (!grown.Any(growth => growth.Key == ResolvedConfiguration.TrainSteps && growth.To > growth.From)) return;
        var directory = request.RunDirectory;
        if (request.Configuration.Train?.Schedule.Kind == ScheduleKind.Cosine)
        {
            throw new UserErrorException("the learning rate goes down along a cosine over all steps: of a longer training every step up to here would have been another")
            {
                File = directory,
                Key = ResolvedConfiguration.TrainSteps,
                Remedy = $"start another run with flow.checkpoint = \"{directory}\"",
            };
        }
        string[] drawn = [.. request.Configuration.Samples.Where(sample => sample.Transition.UsesFlow && HasBegun(directory, sample)).Select(sample => sample.Name)];
        if (drawn.Length == 0) return;
        throw new UserErrorException($"the flow would change under {(drawn.Length == 1 ? "an ensemble that has" : "ensembles that have")} been drawn with it as it is: {string.Join(", ", drawn)}")
        {
            File = directory,
            Key = ResolvedConfiguration.TrainSteps,
            Remedy = $"start another run with flow.checkpoint = \"{directory}\", or move {string.Join(" and ", drawn.Select(name => ExistingRun.Ensemble(directory, name)))} away",
        };
    }

    // In thermalization, too: the state of the chain is one of the flow.
    private static bool HasBegun(string directory, SampleSettings sample)
    {
        var folder = ExistingRun.Ensemble(directory, sample.Name);
        return Directory.Exists(folder) && (Directory.EnumerateFiles(folder, "seg-*").Any() || File.Exists(Path.Join(folder, UnfinishedSegment.FileName)));
    }
}
