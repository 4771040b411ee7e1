using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary><c>compare.html</c>: one self-contained page of several runs, in the style of the report.</summary>
public static class ComparePage
{
    private const int MostFigures = 40;

    /// <summary>The page as text; <paramref name="abscissa"/> gives of a run the number that observables are drawn against, and its name.</summary>
    public static string Render(CompareDocument document, string title, (string Name, Func<string, double> Of)? abscissa)
    {
        ArgumentNullException.ThrowIfNull(document);
        XElement page = Tag("html", Is("lang", "en"),
            Tag("head",
                Tag("meta", Is("charset", "utf-8")),
                Tag("meta", Is("name", "viewport"), Is("content", "width=device-width, initial-scale=1")),
                Tag("meta", Is("http-equiv", "Content-Security-Policy"), Is("content", "default-src 'none'; style-src 'unsafe-inline'")),
                Tag("title", $"{title} · LatticeFlow"),
                Tag("style", ReportStyle.Css)),
            Tag("body", Tag("main",
                Tag("header", Tag("h1", title), Tag("p", Class("subtitle"), $"{document.Runs.Count} runs{(document.Keys.Count > 0 ? $" that differ in {string.Join(", ", document.Keys)}" : "")}")),
                Warnings(document),
                Agreements(document),
                Reweighted(document),
                Fits(document),
                Figures(document, abscissa),
                Values(document),
                Costs(document),
                Runs(document))));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static XElement? Warnings(CompareDocument document) => document.Warnings.Count == 0 ? null : Tag("section", Class("warnings"), Is("id", "warnings"),
        Tag("h2", document.Warnings.Count == 1 ? "⚠ One warning" : $"⚠ {document.Warnings.Count} warnings"),
        Tag("ul", document.Warnings.Select(warning => Tag("li", warning.Replace("WARNING: ", "", StringComparison.Ordinal)))));

    private static XElement? Agreements(CompareDocument document) => document.Agreement.Count == 0 ? null : Tag("section", Is("id", "agreement"),
        Tag("h2", "Runs and samplers of one theory"),
        Tag("p", Class("note"), "χ² of independent ensembles about their weighted mean; p is the probability that it is at least as large; the largest difference of a pair is in units of its error."),
        Table(["observable", "ensembles", "χ²/dof", "p", "largest difference / σ", "between"], document.Agreement.Select(entry => (string[])[
            ObservableLabel.Symbol(entry.Observable), Whole(entry.Ensembles), $"{Plain(entry.ChiSquared)}/{entry.DegreesOfFreedom}", Plain(entry.PValue, "G3"), ReportTables.Signed(entry.LargestPull), $"{entry.First} and {entry.Second}"]),
            entry => Math.Abs(document.Agreement[entry].LargestPull) > ReportTables.ModeratePull));

    private static XElement? Reweighted(CompareDocument document)
    {
        if (document.Reweighting is not { } reweighting) return null;
        XElement[] figures = [.. reweighting.Curves.Where(curve => curve.Points.Count > 0).Select(curve => Curve(document, curve))];
        return Tag("section", Is("id", "reweighting"), Tag("h2", "Reweighting in β"),
            Tag("p", Class("note"), "All ensembles joined (Ferrenberg and Swendsen 1989); points are the runs by themselves. Errors: linear propagation through weights and free energies, Γ-method within each ensemble. "
                + string.Join("; ", reweighting.Overlaps.Select(overlap => string.Create(CultureInfo.InvariantCulture, $"β = {overlap.From} and {overlap.To} {overlap.Words} ({overlap.Overlap:F2})"))) + "."),
            Tag("div", Class("plots"), figures));
    }

    private static XElement Curve(CompareDocument document, ReweightedCurve curve)
    {
        double[] beta = [.. curve.Points.Select(point => point.Beta)];
        double[] low = [.. curve.Points.Select(point => point.Value - point.Error)], high = [.. curve.Points.Select(point => point.Value + point.Error)];
        var direct = document.Reweighting!.Ensembles.SelectMany(ensemble => document.Values.Where(value => value.Run == ensemble.Run && value.Sampler == ensemble.Sampler && value.Observable == curve.Name).Select(value => (ensemble.Beta, value))).ToList();
        var plot = new SvgPlot(PlotAxis.Around("β", beta.Concat(direct.Select(point => point.Beta)), margin: 0.02),
            PlotAxis.Around(ObservableLabel.Symbol(curve.Name), low.Concat(high).Concat(direct.SelectMany(point => new[] { point.value.Mean - point.value.Error, point.value.Mean + point.value.Error })), margin: 0.05), $"{curve.Name} by reweighting")
            .Legend("reweighted ± 1 σ", "s0");
        if (direct.Count > 0) plot.Legend("runs", "s1");
        bool known = curve.Points.All(point => point.Exact is not null);
        if (known) plot.Legend("exact", "reference", true);
        plot.Band(beta, low, high, "error s0").Curve(beta, [.. curve.Points.Select(point => point.Value)], "s0");
        if (known) plot.Curve(beta, [.. curve.Points.Select(point => point.Exact!.Value)], "reference");
        foreach ((double at, ComparedValue value) in direct) plot.Point(at, value.Mean, value.Error, "s1", $"{value.Run}, {value.Sampler}: {ValueWithError.Format(value.Mean, value.Error)}");
        string peak = curve.Peak is { } top ? $"Maximum {ValueWithError.Format(top.Value, top.Error)} at β = {ValueWithError.Format(top.Beta, top.BetaError)}. " : "";
        double least = curve.Points.Min(point => point.EffectiveFraction);
        return ReportPlots.Figure(ObservableLabel.Symbol(curve.Name), plot.Render(), peak + string.Create(CultureInfo.InvariantCulture, $"{curve.Formula}. Every value rests on at least {100 * least:F1} % of the independent configurations."));
    }

    private static XElement? Fits(CompareDocument document) => document.Fits.Count == 0 ? null : Tag("section", Is("id", "fits"), Tag("h2", "Fits"), Tag("div", Class("plots"), document.Fits.Select(entry =>
        FitFigures.Figure("all runs", entry.Key, entry.Value.Fit, entry.Value.Parameters.ToDictionary(parameter => parameter.Key, parameter => (parameter.Value.Value, parameter.Value.Error)), "s0"))));

    private static XElement? Figures(CompareDocument document, (string Name, Func<string, double> Of)? abscissa)
    {
        if (abscissa is not { } x) return null;
        string[] samplers = [.. document.Values.Select(value => value.Sampler).Distinct()];
        IEnumerable<XElement> figures = document.Values.GroupBy(value => value.Observable).Take(MostFigures).Select(group =>
        {
            ComparedValue[] values = [.. group.Where(value => double.IsFinite(value.Error))];
            var plot = new SvgPlot(PlotAxis.Around(x.Name, values.Select(value => x.Of(value.Run)), margin: 0.06),
                PlotAxis.Around(ObservableLabel.Symbol(group.Key), values.SelectMany(value => new[] { value.Mean - value.Error, value.Mean + value.Error, value.Exact ?? double.NaN }), margin: 0.06), $"{group.Key} against {x.Name}");
            foreach (string sampler in values.Select(value => value.Sampler).Distinct()) plot.Legend(sampler, $"s{Array.IndexOf(samplers, sampler) % 6}");
            ComparedValue[] known = [.. values.Where(value => value.Exact is not null).DistinctBy(value => x.Of(value.Run)).OrderBy(value => x.Of(value.Run))];
            if (known.Length > 0) plot.Legend("exact", "reference", true).Curve([.. known.Select(value => x.Of(value.Run))], [.. known.Select(value => value.Exact!.Value)], "reference");
            foreach (ComparedValue value in values)
                plot.Point(x.Of(value.Run), value.Mean, value.Error, $"s{Array.IndexOf(samplers, value.Sampler) % 6}", $"{value.Run}, {value.Sampler}: {ValueWithError.Format(value.Mean, value.Error)}", 5 * (Array.IndexOf(samplers, value.Sampler) - ((samplers.Length - 1) / 2.0)));
            return ReportPlots.Figure(ObservableLabel.Symbol(group.Key), plot.Render(), "Error bars are 1 σ.");
        });
        return Tag("section", Is("id", "observables"), Tag("h2", $"Observables against {x.Name}"), Tag("div", Class("plots"), figures));
    }

    private static XElement Values(CompareDocument document) => Tag("section", Is("id", "values"), Tag("h2", "Values"),
        Table(["observable", .. document.Keys, "run", "sampler", "value", "τ_int", "exact", "pull / σ"], document.Values.OrderBy(value => document.Values.ToList().FindIndex(other => other.Observable == value.Observable)).Select(value => (string[])[
            ObservableLabel.Symbol(value.Observable), .. document.Keys.Select(key => document.Runs.First(run => run.Name == value.Run).Keys.GetValueOrDefault(key, "–")), value.Run, value.Sampler,
            ValueWithError.Format(value.Mean, value.Error), ValueWithError.Format(value.TauInt, value.TauIntError), ValueWithError.Plain(value.Exact, "G7"), value.Pull is { } pull ? ReportTables.Signed(pull) : "–"]), _ => false));

    private static XElement? Costs(CompareDocument document)
    {
        (string[] heads, IReadOnlyList<string[]> rows) = CostTable.Of(document.Costs.Select(entry => ($"{entry.Run}, {entry.Sampler}", (CostDocument?)entry.Cost)));
        return rows.Count == 0 ? null : Tag("section", Is("id", "cost"), Tag("h2", "Cost"),
            Tag("p", Class("note"), "Of an independent configuration, 2 τ_int rows of the observable: elements by kind of work, nominal floating-point operations, wall time, joules where the machine tells; thermalization and training included."),
            Table(heads, rows.Select(row => (string[])[row[0], ObservableLabel.Symbol(row[1]), .. row[2..]]), _ => false));
    }

    private static XElement Runs(CompareDocument document) => Tag("section", Is("id", "runs"), Tag("h2", "Runs"),
        Table(["run", .. document.Keys, "directory"], document.Runs.Select(run => (string[])[run.Name, .. document.Keys.Select(key => run.Keys.GetValueOrDefault(key, "–")), run.Directory]), _ => false));

    private static XElement Table(string[] heads, IEnumerable<string[]> rows, Func<int, bool> isBad) => Tag("div", Class("scroll"), Tag("table",
        Tag("thead", Tag("tr", heads.Select(head => Tag("th", head)))),
        Tag("tbody", rows.Select((row, i) => Tag("tr", isBad(i) ? Class("bad") : null, row.Select(cell => Tag("td", cell)))))));

    private static string Plain(double value, string format = "G4") => ValueWithError.Plain(value, format);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
