using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>What is read first: whether the run can be believed, and its numbers in large figures.</summary>
internal static class ReportHeadline
{
    private const int MostValues = 4;

    // More are folded.
    private const int MostWarnings = 5;

    private static readonly string[] _preferred =
    [
        "plaquette", "phi_squared", EnsembleAnalysis.Susceptibility, "polyakov_abs", DerivedQuantities.FlowT0, ScalarQuantities.BinderCumulant, ScalarQuantities.CorrelationLength, ScalarQuantities.Susceptibility,
        DerivedQuantities.PolyakovSusceptibility, DerivedQuantities.CloverSusceptibility,
    ];

    /// <summary>Failed, passed with warnings, or passed; what failed sentence by sentence. Null where nothing was analysed.</summary>
    public static XElement? Verdict(ReportData data)
    {
        AnalysisDocument analysis = data.Analysis;
        if (analysis.Flow is null && analysis.Ensembles.Count == 0 && data.Failures.Count == 0)
            return null;
        int warnings = analysis.Warnings.Count;
        bool failed = data.Failures.Count > 0;
        string doubts = warnings switch { 0 => "no warning", 1 => "one warning, below", _ => $"{warnings} warnings, below" };
        string verdict = failed ? $"✗ Failed: {(data.Failures.Count == 1 ? "one check" : $"{data.Failures.Count} checks")}" : warnings > 0 || data.Tolerated.Count > 0 ? "⚠ No check failed; there are doubts" : "✓ Every check passed";
        return Tag("section", Class($"verdict {(failed ? "failed" : warnings > 0 || data.Tolerated.Count > 0 ? "doubtful" : "passed")}"), failed ? Is("role", "alert") : null,
            Tag("h2", verdict),
            failed ? Tag("ul", data.Failures.Select(Sentence)) : null,
            data.Tolerated.Count > 0 ? Tag("p", "Would fail, but analyze.fail_on leaves it out:") : null,
            data.Tolerated.Count > 0 ? Tag("ul", data.Tolerated.Select(Sentence)) : null,
            Tag("p", Class("note"), $"{Checks(analysis)}; {doubts}."));
    }

    public static XElement? Cards(ReportData data)
    {
        AnalysisDocument analysis = data.Analysis;
        XElement cards = Tag("section", Class("cards"));
        if (analysis.Flow is { } flow)
            cards.Add(Flow(flow));
        cards.Add(Names(analysis).Take(MostValues).Select(name => Value(data, name)));
        if (Difference(analysis) is { } difference)
            cards.Add(Card("Largest difference of two samplers", $"{difference.Sigmas.ToString("F2", CultureInfo.InvariantCulture)} σ", difference.Place, difference.Sigmas > ReportTables.ModeratePull ? "bad" : null));
        var pulls = ReportTables.Compared(analysis).ToList();
        if (pulls.Count > 0)
        {
            var worst = pulls.MaxBy(row => Math.Abs(row.Result.Pull!.Value));
            bool far = Math.Abs(worst.Result.Pull!.Value) > ReportTables.ModeratePull;
            cards.Add(Card("Largest pull", $"{(far ? "! " : "")}{ReportTables.Signed(worst.Result.Pull.Value)} σ", $"{ObservableLabel.Symbol(worst.Observable)}, {worst.Sampler}; {pulls.Count} comparisons with exact values", far ? "bad" : "good"));
        }

        return cards.HasElements ? cards : null;
    }

    /// <summary>Every warning with its place, many of them folded; null where there is none.</summary>
    public static XElement? Warnings(AnalysisDocument analysis)
    {
        XElement[] warnings = [.. analysis.Warnings.Select(warning => Tag("li", warning.Replace("WARNING: ", "", StringComparison.Ordinal)))];
        return warnings.Length == 0 ? null : Tag("section", Class("warnings"), Is("id", "warnings"),
            Tag("h2", warnings.Length == 1 ? "⚠ One warning" : $"⚠ {warnings.Length} warnings"),
            Tag("ul", warnings.Take(MostWarnings)),
            warnings.Length > MostWarnings ? Tag("details", Tag("summary", $"{warnings.Length - MostWarnings} more"), Tag("ul", warnings.Skip(MostWarnings))) : null);
    }

    private static XElement Sentence(Finding finding) => Tag("li", finding.Text);

    // What was looked at, since a check that was not made has not failed either.
    private static string Checks(AnalysisDocument analysis)
    {
        List<string> made = [];
        if (analysis.Flow is { } flow)
            made.Add(flow.Target is { } target ? $"the flow against {target.Configurations} configurations of the target ({target.Source})" : "the flow on its own samples only");
        int pulls = ReportTables.Compared(analysis).Count(), chains = analysis.Ensembles.Values.Sum(ensemble => ensemble.Observables.Values.Count(result => result.RHat is not null));
        made.Add(pulls == 0 ? "no exact value is known" : pulls == 1 ? "one exact value" : $"{pulls} comparisons with exact values");
        if (chains > 0)
            made.Add($"R̂ of {chains} series");
        if (analysis.Ensembles.Values.Any(ensemble => ensemble.SectorChanges is not null))
            made.Add("changes of the topological charge");
        if (analysis.Ensembles.Values.Any(ensemble => ensemble.MeanExpMinusDeltaH is not null))
            made.Add("⟨exp(−ΔH)⟩");
        return "Checked: " + string.Join(", ", made);
    }

    private static IEnumerable<XElement> Flow(FlowDocument flow)
    {
        bool failed = flow.VerdictReasons.Count > 0;
        string fresh = ValueWithError.Format(flow.EffectiveSampleSize, flow.EffectiveSampleSizeError);
        string name = failed ? "Flow ✗ failed: effective sample size" : "Flow: effective sample size";
        yield return flow.Target is { } target
            ? Card(name, ValueWithError.Format(target.EffectiveSampleSize, target.EffectiveSampleSizeError), $"on the target ({target.Source}); {fresh} of {flow.Samples} fresh samples", failed ? "bad" : null)
            : Card(name, fresh, $"of {flow.Samples} fresh samples; no configuration of the target", failed ? "bad" : null);
        yield return Card("Flow: acceptance", ValueWithError.Plain(flow.Acceptance, "F3"), $"longest rejection {flow.LongestRejection}");
        yield return Card("ln Z", ValueWithError.Format(flow.LogZ, flow.LogZError),
            flow.LogZPull is { } pull ? $"exact {ValueWithError.Plain(flow.LogZExact, "G8")}, {ReportTables.Signed(pull)} σ" : "no exact result is known");
    }

    // The usual ones first; what is zero by a symmetry is no result.
    private static IEnumerable<string> Names(AnalysisDocument analysis)
    {
        string[] measured = [.. analysis.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Keys).Distinct()];
        return _preferred.Where(measured.Contains).Concat(measured.Where(name => !_preferred.Contains(name) && !ThetaAnalysis.IsOdd(name) && name is not ("topological_charge_squared" or "wilson_loop_1x1")
            && !name.StartsWith("polyakov_", StringComparison.Ordinal) && !name.StartsWith("clover_charge", StringComparison.Ordinal)));
    }

    private static XElement Value(ReportData data, string name)
    {
        var rows = ReportTables.Grouped(data.Analysis).Where(row => row.Observable == name && double.IsFinite(row.Result.Error)).ToList();
        if (rows.Count == 0)
            return Card(ObservableLabel.Symbol(name), "–", "no error exists");
        // The smallest error of those that can be believed.
        var sound = rows.Where(row => !data.Failures.Any(failure => failure.IsAbout(row.Sampler, name))).ToList();
        var best = (sound.Count > 0 ? sound : rows).MinBy(row => row.Result.Error);
        string exact = best.Result.Exact is { } known ? $"; exact {ValueWithError.Plain(known, "G7")}" : "";
        return Card(ObservableLabel.Symbol(name), ValueWithError.Format(best.Result.Mean, best.Result.Error), $"{best.Sampler}{exact}{(sound.Count == 0 ? "; ✗ its check failed" : "")}", sound.Count == 0 ? "bad" : null);
    }

    private static (double Sigmas, string Place)? Difference(AnalysisDocument analysis)
    {
        (double Sigmas, string Place)? largest = null;
        foreach (var rows in ReportTables.Grouped(analysis).Where(row => row.Result.Error > 0 && double.IsFinite(row.Result.Error)).GroupBy(row => row.Observable))
        {
            foreach (var (first, second) in rows.SelectMany((first, i) => rows.Skip(i + 1).Select(second => (first, second))))
            {
                double sigmas = Math.Abs(first.Result.Mean - second.Result.Mean) / double.Hypot(first.Result.Error, second.Result.Error);
                if (!(sigmas <= largest?.Sigmas))
                    largest = (sigmas, $"{ObservableLabel.Symbol(rows.Key)}, {first.Sampler} and {second.Sampler}");
            }
        }

        return largest;
    }

    private static XElement Card(string name, string number, string detail, string? style = null) => Tag("div", Class(style == "bad" ? "card failed" : "card"),
        Tag("div", Class("name"), name), Tag("div", Class(style is null ? "number" : $"number {style}"), number), Tag("div", Class("detail"), detail));
}
