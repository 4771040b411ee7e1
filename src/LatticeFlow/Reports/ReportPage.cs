using System.Globalization;
using System.Xml.Linq;
using LatticeFlow.Actions;
using LatticeFlow.Fields;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>The report of a run: one self-contained page, well-formed as HTML and as XML, without script and without any outside resource.</summary>
public static class ReportPage
{
    private static readonly string[] _histories = ["plaquette", ChargeSectors.Charge, "polyakov_re", "polyakov_abs", "clover_charge", "phi_squared", "magnetization_abs"];

    /// <summary>The page as text. Every number in its tables is one of <see cref="ReportData.Analysis"/>, rounded.</summary>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        AnalysisDocument analysis = data.Analysis;
        XElement page = Tag("html", Is("lang", "en"),
            Tag("head",
                Tag("meta", Is("charset", "utf-8")),
                Tag("meta", Is("name", "viewport"), Is("content", "width=device-width, initial-scale=1")),
                // The browser itself then refuses whatever is not in the page.
                Tag("meta", Is("http-equiv", "Content-Security-Policy"), Is("content", "default-src 'none'; style-src 'unsafe-inline'")),
                Tag("title", $"{data.Name} · LatticeFlow"),
                Tag("style", ReportStyle.Css)),
            Tag("body", Tag("main",
                Tag("header", Tag("h1", data.Name), Tag("p", Class("subtitle"), Subtitle(analysis.Theory)), Provenance(data)),
                Warnings(analysis),
                Cards(analysis),
                Results(analysis),
                Flow(data),
                Topology(data),
                Theta(analysis),
                Autocorrelation(analysis),
                Histories(data),
                Convergence(analysis),
                Configuration(data))));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static string Subtitle(TheoryDocument? theory) => theory is null ? "" :
        string.Create(CultureInfo.InvariantCulture, $"{Group(theory.Group)} · {Action(theory.Action)} action · {Couplings(theory)}{string.Join(" × ", theory.Extents)}");

    private static string Couplings(TheoryDocument theory)
    {
        string beta = double.IsFinite(theory.Beta) ? string.Create(CultureInfo.InvariantCulture, $"β = {theory.Beta} · ") : "";
        string c1 = theory.C1 is { } value ? string.Create(CultureInfo.InvariantCulture, $"c₁ = {value:G6} · ") : "";
        string scalar = theory is { MassSquared: { } mass, Lambda: { } lambda } ? string.Create(CultureInfo.InvariantCulture, $"m² = {mass} · λ = {lambda} · ").Replace('-', '−') : "";
        return beta + c1 + scalar + (theory.Anisotropy == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"ξ = {theory.Anisotropy} · "));
    }

    private static string Group(string name) => name == FieldType.Scalar.Name ? "Real scalar" : name.Length > 1 && char.IsAsciiDigit(name[^1]) ? $"{name[..^1]}({name[^1]})" : name;

    private static string Action(string name) => name == Phi4Action.Kind ? "φ⁴" : Capitalised(name);

    private static string Capitalised(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static XElement? Warnings(AnalysisDocument analysis) => analysis.Warnings.Count == 0 ? null :
        Tag("section", Class("warnings"), Is("role", "alert"),
            Tag("h2", analysis.Warnings.Count == 1 ? "⚠ One warning" : $"⚠ {analysis.Warnings.Count} warnings"),
            Tag("ul", analysis.Warnings.Select(warning => Tag("li", warning.Replace("WARNING: ", "", StringComparison.Ordinal)))));

    private static XElement Cards(AnalysisDocument analysis)
    {
        XElement cards = Tag("section", Class("cards"));
        if (analysis.Flow is { } flow)
        {
            string fresh = ValueWithError.Format(flow.EffectiveSampleSize, flow.EffectiveSampleSizeError);
            cards.Add(flow.Target is { } target
                ? Card("Flow: effective sample size", ValueWithError.Format(target.EffectiveSampleSize, target.EffectiveSampleSizeError), $"on the target ({target.Source}); {fresh} of {flow.Samples} fresh samples", flow.VerdictReasons.Count == 0 ? null : "bad")
                : Card("Flow: effective sample size", fresh, $"of {flow.Samples} fresh samples; no configuration of the target", flow.VerdictReasons.Count == 0 ? null : "bad"));
            cards.Add(Card("Flow: acceptance", ValueWithError.Plain(flow.Acceptance, "F3"), $"longest rejection {flow.LongestRejection}"));
            cards.Add(Card("ln Z", ValueWithError.Format(flow.LogZ, flow.LogZError),
                flow.LogZPull is { } pull ? $"exact {ValueWithError.Plain(flow.LogZExact, "G8")}, {ReportTables.Signed(pull)} σ" : "no exact result is known"));
        }

        var pulls = ReportTables.Compared(analysis).ToList();
        if (pulls.Count > 0)
        {
            var worst = pulls.MaxBy(row => Math.Abs(row.Result.Pull!.Value));
            cards.Add(Card("Largest pull", $"{ReportTables.Signed(worst.Result.Pull!.Value)} σ", $"{ObservableLabel.Symbol(worst.Observable)}, {worst.Sampler}; {pulls.Count} comparisons",
                Math.Abs(worst.Result.Pull.Value) > ReportTables.ModeratePull ? "bad" : "good"));
        }

        int count = analysis.Warnings.Count;
        cards.Add(Card("Warnings", count.ToString(CultureInfo.InvariantCulture), count == 0 ? "nothing was found wanting" : "read them above", count == 0 ? "good" : "bad"));
        return cards;
    }

    private static XElement Card(string name, string number, string detail, string? style = null) => Tag("div", Class("card"),
        Tag("div", Class("name"), name), Tag("div", Class(style is null ? "number" : $"number {style}"), number), Tag("div", Class("detail"), detail));

    private static XElement? Results(AnalysisDocument analysis) => analysis.Ensembles.Count == 0 ? null : Tag("section",
        Tag("h2", analysis.Ensembles.Values.Any(ensemble => ensemble.Observables.Values.Any(result => result.Exact is not null)) ? "Results against exact values" : "Results"),
        Tag("p", Class("note"), "value(error): the error, one standard deviation, counts in units of the last digits shown (Particle Data Group rounding). "
            + "Errors and τ_int: Γ-method over all replicas (Wolff 2004, UWerr conventions, S = 1.5); τ_int counts stored configurations or transitions, and independent data have ½; independent configurations a second are N/(2 τ_int) over the sampling time. Pull = (value − exact)/error. All observables are in lattice units."),
        ReportTables.Results(analysis),
        ReportPlots.Pulls(analysis),
        ReportPlots.Forces(analysis),
        FlowedEnergies.Render(analysis) is { } flow ? Tag("div", Class("plots"), flow) : null,
        Correlators.Render(analysis) is { } correlator ? Tag("div", Class("plots"), correlator) : null,
        ReportTables.Samplers(analysis));

    private static XElement? Flow(ReportData data)
    {
        if (data.Analysis.Flow is null && data.Training is null && data.LogWeights is null)
            return null;
        XElement section = Tag("section", Tag("h2", "Flow"), data.Analysis.Flow is { } flow ? ReportTables.Flow(flow) : null);
        List<XElement> plots = [.. data.Training is { } training && training.Step.Length > 0 ? ReportPlots.Training(training, data.Analysis.Flow) : []];
        if (data.LogWeights is { Count: > 0 } weights)
            plots.Add(ReportPlots.LogWeights(weights, data.Analysis.Flow));
        section.Add(Tag("div", Class("plots"), plots));
        return section;
    }

    private static XElement? Theta(AnalysisDocument analysis) => analysis.Ensembles.Values.All(ensemble => ensemble.Theta.Count == 0) ? null : Tag("section",
        Tag("h2", "θ term"),
        Tag("p", Class("note"), "Weight e^{−S + iθQ}, reweighted from e^{−S}: ⟨O⟩_θ = ⟨O cos θQ⟩/⟨cos θQ⟩, of what is odd in Q the imaginary part ⟨O sin θQ⟩/⟨cos θQ⟩. The average sign ⟨cos θQ⟩ = Z(θ)/Z(0) "
            + "falls exponentially with the volume and errors grow with its inverse; where it cannot be told from zero nothing else is given."),
        ReportTables.Theta(analysis));

    private static XElement? Topology(ReportData data) =>
        ChargePlot.Render(data.Analysis, logarithmic: false) is not { } figure ? null : Tag("section", Tag("h2", "Topology"),
            Tag("div", Class("plots"), figure, ChargePlot.Render(data.Analysis, logarithmic: true)),
            Tag("p", Class("note"), "Bars: exact, where known; points: fraction of configurations in the sector, error by the Γ-method. Samplers are set side by side for legibility; a sector that was never visited has no point on the logarithmic scale."));

    private static XElement? Autocorrelation(AnalysisDocument analysis)
    {
        if (analysis.Ensembles.Count == 0)
            return null;
        var shown = ReportTables.Grouped(analysis).Where(row => IsHistory(row.Observable) && row.Result.Autocorrelation is { Lag.Count: > 1 });
        return Tag("section", Tag("h2", "Autocorrelation"), ReportPlots.Tau(analysis), Tag("div", Class("plots"),
            shown.Select(row => ReportPlots.Autocorrelation(row.Sampler, row.Observable, row.Result, ReportTables.Colour(analysis, row.Sampler)))));
    }

    private static XElement? Histories(ReportData data)
    {
        List<XElement> plots = [.. data.Ensembles.SelectMany(series => series.Observables.Keys).Distinct().Where(IsHistory).SelectMany(observable => data.Ensembles
            .Where(series => series.Observables.ContainsKey(observable))
            .Select(series => ReportPlots.History(series, observable, ReportTables.Colour(data.Analysis, series.Sampler),
                data.Analysis.Ensembles.GetValueOrDefault(series.Sampler)?.Observables.GetValueOrDefault(observable)?.Exact)))];
        return plots.Count == 0 ? null : Tag("section", Tag("h2", "Histories"), Tag("div", Class("plots"), plots));
    }

    // On smeared links they are as slow, and easier to see.
    private static bool IsHistory(string observable) => _histories.Any(name => observable == name || (observable.StartsWith(name + "_", StringComparison.Ordinal) && name == "clover_charge"));

    private static XElement? Convergence(AnalysisDocument analysis) => analysis.Ensembles.Count == 0 ? null : Tag("section",
        Tag("h2", "Convergence of the chains"),
        Tag("p", Class("note"), "R̂ and effective sample sizes: rank-normalised, on split chains (Vehtari et al. 2021). Replicas' p-value: probability that replica means scatter at least this much."),
        ReportTables.Convergence(analysis));

    private static XElement? Provenance(ReportData data) => data.Provenance.Count == 0 ? null : Tag("dl", Class("provenance"),
        data.Provenance.Select(row => Tag("div", Tag("dt", row.Name), Tag("dd", row.Value))));

    private static XElement? Configuration(ReportData data) => data.ConfigurationText is not { } text ? null : Tag("section",
        Tag("h2", "Configuration"),
        Tag("details", Tag("summary", "every key of the run, defaults and overrides included"), Tag("pre", text)));
}
