using LatticeFlow.Cli.Configuration;
using LatticeFlow.Reports;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// What makes an analysis fail (exit code 3) rather than warn: limits so wide that chance hardly reaches them, a pull of 5 once in 1.7 million. Which of the checks do is said by <c>analyze.fail_on</c>.
/// </summary>
public static class Verdict
{
    public const double LargestPull = 5;

    /// <summary>In relation to what converged chains of the same length reach.</summary>
    public const double LargestRHat = 1.1;

    /// <summary>
    /// Means that are zero by a symmetry which chains need not restore: in the confined phase Re P wanders between the centre's images for as long as there are, and nothing else depends on it. Their R̂ is a warning.
    /// </summary>
    private static readonly string[] _zeroBySymmetry = ["polyakov_re", "polyakov_im"];

    /// <summary>One sentence for each failure; none when all is well.</summary>
    public static IReadOnlyList<string> Failures(AnalysisDocument document, IReadOnlyCollection<FailureKind> failOn)
        => [.. Findings(document, failOn).Select(failure => failure.Text)];

    /// <summary>The same with its places.</summary>
    public static IReadOnlyList<Finding> Findings(AnalysisDocument document, IReadOnlyCollection<FailureKind> failOn)
        => [.. All(document).Where(failure => failOn.Contains(failure.Kind)).Select(failure => failure.Finding)];

    private static IEnumerable<(FailureKind Kind, Finding Finding)> All(AnalysisDocument document)
    {
        foreach (var reason in document.Flow?.VerdictReasons ?? []) yield return (FailureKind.Flow, new(null, null, $"flow: {reason}"));
        foreach (var (name, ensemble) in document.Ensembles)
        {
            if (document.Flow is { Verdict: FlowVerdict.Failed } flow && ensemble.OfFlowAlone) yield return (FailureKind.Flow, new(name, null, Biased(name, flow.Target)));
            if (ensemble.SectorChanges is { Frozen: true })
                yield return (FailureKind.FrozenCharge, new(name, null, $"{name}: the topological charge never changed: the chains are frozen in the sectors that they started in"));
            if (ensemble is { MeanExpMinusDeltaH: { } mean, MeanExpMinusDeltaHError: { } error } && EnsembleAnalysis.CanJudgeExpMinusDeltaH(ensemble) && Math.Abs(EnsembleAnalysis.Pull(mean, error, 1) ?? 0) > LargestPull)
                yield return (FailureKind.ExpMinusDeltaH, new(name, null, FormattableString.Invariant($"{name}: <exp(-dH)> = {mean:G6} is {Math.Abs((mean - 1) / error):F1} sigma from 1")));
            foreach (var at in ensemble.Theta)
            {
                foreach (var (observable, result) in at.Observables.Prepend(new("average sign", at.AverageSign)))
                {
                    if (Math.Abs(result.Pull ?? 0) > LargestPull)
                        yield return (FailureKind.Pull, new(name, $"theta = {at.Theta}, {observable}", FormattableString.Invariant($"{name}, theta = {at.Theta}, {observable}: {Math.Abs(result.Pull!.Value):F1} sigma from the exact result")));
                }
            }
            foreach (var (observable, result) in ensemble.Observables)
            {
                if (Math.Abs(result.Pull ?? 0) > LargestPull)
                    yield return (FailureKind.Pull, new(name, observable, FormattableString.Invariant($"{name}, {observable}: {Math.Abs(result.Pull!.Value):F1} sigma from the exact result")));
                if (HasNotMixed(result) && !_zeroBySymmetry.Any(symmetric => observable == symmetric || observable.StartsWith(symmetric + "_", StringComparison.Ordinal)))
                    yield return (FailureKind.RHat, new(name, observable, FormattableString.Invariant($"{name}, {observable}: not converged, R-hat = {(result.RHat is { } value ? $"{value:F2}" : "infinite")}")));
            }
        }
    }

    // An infinite R-hat (chains that never move) is stored as null and stands in the warnings alone.
    private static bool HasNotMixed(ObservableDocument result)
        => result.RHat > LargestRHat * (result.RHatExpected ?? 1) || (result.RHat is null && result.Warnings.Any(warning => warning.Contains("R-hat", StringComparison.Ordinal)));

    /// <summary>What is wrong with a chain of the proposals of a flow that misses part of the target, as far as configurations of the target tell.</summary>
    private static string Biased(string name, FlowTargetDocument? target)
    {
        string[] off = [.. (target?.Bias ?? new Dictionary<string, FlowBiasDocument>()).Select(pair => $"{pair.Key} by at least {ValueWithError.Format(pair.Value.Bias, pair.Value.Error)}")];
        var where = target is null ? "in which quantities is not known without an ensemble of another sampler: add one, or a mixture with heatbath or hmc"
            : off.Length == 0 ? $"by less than {target.Configurations} configurations of the target ({target.Source}) resolve"
            : string.Join(", ", off);
        return $"{name}: a chain of the proposals of this flow alone is biased: {where}";
    }
}
