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
        List<XElement> sections = [.. Sections(data).OfType<XElement>()];
        XElement page = Tag("html", Is("lang", "en"),
            Tag("head",
                Tag("meta", Is("charset", "utf-8")),
                Tag("meta", Is("name", "viewport"), Is("content", "width=device-width, initial-scale=1")),
                // The browser itself then refuses whatever is not in the page.
                Tag("meta", Is("http-equiv", "Content-Security-Policy"), Is("content", "default-src 'none'; style-src 'unsafe-inline'")),
                Tag("title", $"{data.Name} · LatticeFlow"),
                Tag("style", ReportStyle.Css)),
            Tag("body", Tag("main",
                Tag("header", Tag("h1", data.Name), Tag("p", Class("subtitle"), Subtitle(analysis.Theory))),
                ReportHeadline.Verdict(data),
                ReportHeadline.Cards(data),
                sections.Count > 3 ? Tag("nav", sections.Select(section => Tag("a", Is("href", "#" + section.Attribute("id")!.Value), section.Element("h2")!.Value))) : null,
                sections)));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // Numbers first, where they come from last.
    private static IEnumerable<XElement?> Sections(ReportData data) =>
    [
        ReportHeadline.Warnings(data.Analysis),
        Results(data),
        FitFigures.Section(data.Analysis),
        ReplicaPlots.Render(data),
        Flow(data),
        Topology(data),
        Distributions(data),
        Theta(data.Analysis),
        Autocorrelation(data.Analysis),
        Histories(data),
        Convergence(data.Analysis),
        Cost(data.Analysis),
        Configuration(data),
        Provenance(data),
    ];

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

    private static XElement? Results(ReportData data)
    {
        AnalysisDocument analysis = data.Analysis;
        if (analysis.Ensembles.Count == 0)
            return null;
        bool compared = analysis.Ensembles.Values.Any(ensemble => ensemble.Observables.Values.Any(result => result.Exact is not null));
        return Tag("section", Is("id", "results"), Tag("h2", compared ? "Results against exact values" : "Results"),
            ReportTables.Results(analysis, data.Failures),
            Tag("p", Class("note"), "value(error): the error, one standard deviation, counts in units of the last digits shown (Particle Data Group rounding). "
                + "Errors and τ_int: Γ-method over all replicas (Wolff 2004); τ_int counts stored configurations or transitions, and independent data have ½; independent configurations a second are N/(2 τ_int) over the sampling time. Pull = (value − exact)/error, with ! beyond 3. All observables are in lattice units."),
            Plots([.. ReportPlots.Pulls(analysis), .. ReportPlots.Tau(analysis), .. ReportPlots.Forces(analysis), FlowedEnergies.Render(analysis), Correlators.Render(analysis)]),
            ReportTables.Samplers(analysis, data.Failures),
            Work(analysis));
    }

    private static XElement? Work(AnalysisDocument analysis) => analysis.Ensembles.Values.All(ensemble => ensemble.Work is null) ? null : Tag("div", Is("id", "work"),
        Tag("h3", "Work of trajectories"),
        Tag("p", Class("note"), "Rows are end points of trajectories, weighted with w = e^{−W}: ⟨O⟩ = ⟨O w⟩/⟨w⟩, ln Z/Z₀ = ln⟨w⟩ (Jarzynski 1997). Dissipated is ln(Z/Z₀) + ⟨W⟩, the divergence of the trajectories from those that run backwards. Errors know the autocorrelation of the starts."),
        analysis.Ensembles.Where(pair => pair.Value.Work is not null).Select(pair => ReportTables.Work(pair.Key, pair.Value.Work!)));

    private static XElement? Flow(ReportData data)
    {
        if (data.Analysis.Flow is null && data.Training is null && data.LogWeights is null)
            return null;
        return Tag("section", Is("id", "flow"), Tag("h2", "Flow"),
            Plots([
                .. data.Training is { } training && training.Step.Length > 0 ? TrainingPlots.Render(training, data.Analysis.Flow) : [],
                data.LogWeights is { Count: > 0 } weights ? ReportPlots.LogWeights(weights, data.Analysis.Flow) : null]),
            data.Analysis.Flow is { } flow ? ReportTables.Flow(flow) : null);
    }

    private static XElement? Plots(IReadOnlyList<XElement?> figures) => figures.Any(figure => figure is not null) ? Tag("div", Class("plots"), figures) : null;

    private static XElement? Distributions(ReportData data) =>
        DistributionPlots.Render(OfUnweightedRows(data)).ToList() is { Count: > 0 } figures ? Tag("section", Is("id", "distributions"), Tag("h2", "Distributions"), Plots(figures)) : null;

    private static XElement? Theta(AnalysisDocument analysis) => analysis.Ensembles.Values.All(ensemble => ensemble.Theta.Count == 0) ? null : Tag("section",
        Is("id", "theta"), Tag("h2", "θ term"),
        Tag("p", Class("note"), "Weight e^{−S + iθQ}, reweighted from e^{−S}: ⟨O⟩_θ = ⟨O cos θQ⟩/⟨cos θQ⟩, of what is odd in Q the imaginary part ⟨O sin θQ⟩/⟨cos θQ⟩. The average sign ⟨cos θQ⟩ = Z(θ)/Z(0) "
            + "falls exponentially with the volume and errors grow with its inverse; where it cannot be told from zero nothing else is given."),
        ReportTables.Theta(analysis));

    private static XElement? Topology(ReportData data) =>
        ChargePlot.Render(data.Analysis, logarithmic: false) is not { } figure ? null : Tag("section", Is("id", "topology"), Tag("h2", "Topology"),
            Plots([figure, ChargePlot.Render(data.Analysis, logarithmic: true)]),
            Tag("p", Class("note"), "Bars and level lines: exact, where known; points: fraction of configurations in the sector, error by the Γ-method. Samplers are set side by side for legibility; a sector that was never visited has no point on the logarithmic scale."));

    private static XElement? Autocorrelation(AnalysisDocument analysis)
    {
        var shown = ReportTables.Grouped(analysis).Where(row => IsHistory(row.Observable) && row.Result.Autocorrelation is { Lag.Count: > 1 }).ToList();
        if (shown.Count == 0)
            return null;
        return Tag("section", Is("id", "autocorrelation"), Tag("h2", "Autocorrelation"), Plots(
            [.. shown.Select(row => ReportPlots.Autocorrelation(row.Sampler, row.Observable, row.Result, ReportTables.Colour(analysis, row.Sampler)))]));
    }

    // Of rows that stand for the action with weights alone, frequencies and histories show what is not the ensemble.
    private static ReportData OfUnweightedRows(ReportData data) => data with { Ensembles = [.. data.Ensembles.Where(series => series.Weights is null)] };

    private static XElement? Histories(ReportData data)
    {
        data = OfUnweightedRows(data);
        List<XElement> plots = [.. data.Ensembles.SelectMany(series => series.Observables.Keys).Distinct().Where(IsHistory).SelectMany(observable => data.Ensembles
            .Where(series => series.Observables.ContainsKey(observable))
            .Select(series => ReportPlots.History(series, observable, ReportTables.Colour(data.Analysis, series.Sampler),
                data.Analysis.Ensembles.GetValueOrDefault(series.Sampler)?.Observables.GetValueOrDefault(observable)?.Exact)))];
        return plots.Count == 0 ? null : Tag("section", Is("id", "histories"), Tag("h2", "Histories"), Plots(plots));
    }

    // On smeared links they are as slow, and easier to see.
    private static bool IsHistory(string observable) => _histories.Any(name => observable == name || (observable.StartsWith(name + "_", StringComparison.Ordinal) && name == "clover_charge"));

    private static XElement? Convergence(AnalysisDocument analysis) => analysis.Ensembles.Count == 0 ? null : Tag("section",
        Is("id", "convergence"), Tag("h2", "Convergence of the chains"),
        Tag("p", Class("note"), "R̂ and effective sample sizes: rank-normalised, on split chains (Vehtari et al. 2021). Replicas' p-value: probability that replica means scatter at least this much. Error from: Γ is the summed autocorrelation; a slower observable's tail and what it adds, and the scatter of many replicas where it is larger, are named."),
        ReportTables.Convergence(analysis));

    private static XElement? Cost(AnalysisDocument analysis) => analysis.Ensembles.Values.All(ensemble => ensemble.Cost is not { Independent.Count: > 0 }) ? null : Tag("section",
        Is("id", "cost"), Tag("h2", "Cost"),
        Tag("p", Class("note"), "Of an independent configuration, 2 τ_int rows of the observable: elements (links, or sites of a scalar) by kind of work, nominal floating-point operations, wall time with measuring and storing, and joules of the processors where the machine tells. "
            + "Thermalization is in all of them, training of the flow in the seconds alone; measurements are in the seconds and joules alone."),
        ReportTables.Costs(analysis));

    private static XElement? Configuration(ReportData data) => data.ConfigurationText is not { } text ? null : Tag("section",
        Is("id", "configuration"), Tag("h2", "Configuration"),
        Tag("details", Tag("summary", "every key of the run, defaults and overrides included"), Tag("pre", text)));

    private static XElement? Provenance(ReportData data) => data.Provenance.Count == 0 ? null : Tag("section",
        Is("id", "provenance"), Tag("h2", "Provenance"),
        Tag("dl", Class("provenance"), data.Provenance.Select(row => Tag("div", Tag("dt", row.Name), Tag("dd", row.Value)))));
}
