using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>The fits of the report: data, model with its error, parameters and χ².</summary>
internal static class FitFigures
{
    // Below this a fit is called bad.
    private const double SmallestProbability = 0.01;

    /// <summary>Null where there are none.</summary>
    public static XElement? Section(AnalysisDocument analysis)
    {
        XElement[] figures = [.. analysis.Ensembles.SelectMany(pair => pair.Value.Fits.Select(fit => Figure(pair.Key, fit.Key, fit.Value, Parameters(fit.Key, fit.Value, pair.Value), ReportTables.Colour(analysis, pair.Key))))];
        return figures.Length == 0 ? null : Tag("section", Is("id", "fits"),
            Tag("h2", "Fits"),
            Tag("p", Class("note"), "Errors of parameters: Γ-method on the fluctuations of the data as the fit passes them on. The band is the model with the error of its parameters; p is the probability of a χ² at least as large where the model is right."),
            Tag("div", Class("plots"), figures));
    }

    /// <summary>One fit, with the values and errors of its parameters.</summary>
    public static XElement Figure(string sampler, string name, FitDocument fit, IReadOnlyDictionary<string, (double Value, double Error)> values, string colour)
    {
        IEnumerable<double> heights = fit.Points.SelectMany(point => new[] { point.Value - point.Error, point.Value + point.Error }).Concat(fit.Curve.Select(point => point.Value));
        var plot = new SvgPlot(
            PlotAxis.Around(Abscissa(fit), fit.Points.Select(point => point.X), margin: 0.05), PlotAxis.Around(name, heights, margin: 0.06), $"Fit {name}, {sampler}")
            .Legend("data", colour).Legend("fit ± 1 σ", "reference");
        plot.Band([.. fit.Curve.Select(point => point.X)], [.. fit.Curve.Select(point => point.Value - point.Error)], [.. fit.Curve.Select(point => point.Value + point.Error)], "error reference");
        plot.Curve([.. fit.Curve.Select(point => point.X)], [.. fit.Curve.Select(point => point.Value)], "reference");
        foreach (FitPointDocument point in fit.Points)
            plot.Point(point.X, point.Value, point.Error, colour, string.Create(CultureInfo.InvariantCulture, $"{point.Run}{(point.Run is null ? "" : ": ")}{point.X}: {ValueWithError.Format(point.Value, point.Error)}, fit {point.Model:G6}"));
        string parameters = string.Join(", ", fit.Parameters.Select(parameter => $"{parameter} = {(values.TryGetValue(parameter, out (double Value, double Error) value) ? ValueWithError.Format(value.Value, value.Error) : "–")}"));
        return Tag("figure", Tag("h3", $"{name}, {sampler}"), plot.Render(),
            Tag("figcaption", $"{parameters}. ", Tag("span", Class(fit.PValue < SmallestProbability ? "bad" : "good"), fit.Quality), $". {fit.Formula}"));
    }

    private static Dictionary<string, (double Value, double Error)> Parameters(string name, FitDocument fit, EnsembleDocument ensemble) => fit.Parameters
        .Where(parameter => ensemble.Observables.ContainsKey($"{name}.{parameter}"))
        .ToDictionary(parameter => parameter, parameter => (ensemble.Observables[$"{name}.{parameter}"].Mean, ensemble.Observables[$"{name}.{parameter}"].Error));

    private static string Abscissa(FitDocument fit)
    {
        int over = fit.Formula.IndexOf(" for ", StringComparison.Ordinal);
        string tail = over < 0 ? "x" : fit.Formula[(over + 5)..];
        return tail.Split('=')[0].Trim();
    }
}
