using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Ensembles of runs that differ in β and in nothing else of their theory, with S/β of every configuration.</summary>
public static class ReweightableRuns
{
    private const string Beta = "theory.action.beta";

    /// <exception cref="UserErrorException">Runs differ in something else, or their action is not β times something.</exception>
    public static IReadOnlyList<ReweightableEnsemble> Load(IReadOnlyList<LoadedRun> runs, string? sampler)
    {
        foreach (var run in runs)
        {
            if (run.Analysis.Theory is not { Beta: > 0 and < double.PositiveInfinity } theory || ActionRegistry.Named(theory.Action) is not { IsLinearInBeta: true })
                throw new UserErrorException("its action is not beta times a sum of loops with beta > 0") { File = run.Directory, Key = "--reweight", Remedy = "leave it out" };
            var other = run.Settings.Where(entry => entry.Key.StartsWith("theory.", StringComparison.Ordinal) && entry.Key != Beta && runs[0].Settings.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => entry.Key).FirstOrDefault();
            if (other is not null) throw new UserErrorException($"differs from {runs[0].Directory} in {other} too: ensembles can be joined that differ in beta alone") { File = run.Directory, Key = "--reweight" };
            if (ImportedRun.IsAt(run.Directory)) throw new UserErrorException("imported ensembles have no stored action") { File = run.Directory, Key = "--reweight", Remedy = "leave it out" };
        }
        ReweightableEnsemble[] ensembles = [.. runs.SelectMany(run => Ensembles(run, sampler))];
        return ensembles.Length > 0 ? ensembles : throw new UserErrorException("there is no ensemble of that name") { Key = "--sampler" };
    }

    private static IEnumerable<ReweightableEnsemble> Ensembles(LoadedRun run, string? sampler)
    {
        var configuration = ExistingRun.Configuration(run.Directory, []);
        using var directory = RunDirectory.OpenToRead(run.Directory);
        List<ReweightableEnsemble> ensembles = [];
        foreach (var series in AnalysisStage.Series(directory, configuration, AnalysedNames.In(run.Analysis)).Where(series => sampler is null || series.Sampler == sampler))
        {
            if (series.Weights is not null) throw new UserErrorException($"the rows of \"{series.Sampler}\" have weights of their own") { File = run.Directory, Key = "--reweight", Remedy = "choose another ensemble with --sampler" };
            var beta = run.Analysis.Theory!.Beta;
            var action = EnsembleColumns.Open(ExistingRun.Ensemble(run.Directory, series.Sampler)).Read("action").Select(replica => replica.Select(value => value / beta).ToArray()).ToArray();
            var discard = run.Analysis.Ensembles[series.Sampler].Discarded;
            ensembles.Add(new(run.Name, beta, series.Without(discard), [.. action.Select(replica => replica[discard..])]));
        }
        return ensembles;
    }
}
