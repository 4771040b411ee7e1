using LatticeFlow.Reports;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// What makes an analysis fail (exit code 3) rather than warn: limits so wide that chance hardly reaches them, a pull of 5 once in 1.7 million.
/// </summary>
public static class Verdict
{
    public const double LargestPull = 5;

    public const double LargestRHat = 1.1;

    /// <summary>One sentence for each failure; none when all is well.</summary>
    public static IReadOnlyList<string> Failures(AnalysisDocument document)
    {
        List<string> failures = [];
        if (document.Flow is { LogZPull: { } flowPull } && Math.Abs(flowPull) > LargestPull)
            failures.Add(FormattableString.Invariant($"flow: ln Z is {Math.Abs(flowPull):F1} sigma from the exact result"));
        foreach (var (name, ensemble) in document.Ensembles)
        {
            if (ensemble is { MeanExpMinusDeltaH: { } mean, MeanExpMinusDeltaHError: { } error } && Math.Abs(EnsembleAnalysis.Pull(mean, error, 1) ?? 0) > LargestPull)
                failures.Add(FormattableString.Invariant($"{name}: <exp(-dH)> = {mean:G6} is {Math.Abs((mean - 1) / error):F1} sigma from 1"));
            foreach (var at in ensemble.Theta)
            {
                foreach (var (observable, result) in at.Observables.Prepend(new("average sign", at.AverageSign)))
                {
                    if (Math.Abs(result.Pull ?? 0) > LargestPull)
                        failures.Add(FormattableString.Invariant($"{name}, theta = {at.Theta}, {observable}: {Math.Abs(result.Pull!.Value):F1} sigma from the exact result"));
                }
            }
            foreach (var (observable, result) in ensemble.Observables)
            {
                if (Math.Abs(result.Pull ?? 0) > LargestPull)
                    failures.Add(FormattableString.Invariant($"{name}, {observable}: {Math.Abs(result.Pull!.Value):F1} sigma from the exact result"));
                // An infinite R-hat (chains that never move) is stored as null and stands in the warnings alone.
                if (result.RHat > LargestRHat || (result.RHat is null && result.Warnings.Any(warning => warning.Contains("R-hat", StringComparison.Ordinal))))
                    failures.Add(FormattableString.Invariant($"{name}, {observable}: not converged, R-hat = {(result.RHat is { } value ? $"{value:F2}" : "infinite")}"));
            }
        }
        return failures;
    }
}
