using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>The figures of the report.</summary>
internal static class ReportPlots
{
    // About one bin a pixel of the plot's width.
    public const int HistoryBins = 320;
    private const int HistogramBins = 40;

    /// <summary>Pulls of all observables with a known exact result; none where there is none.</summary>
    public static IEnumerable<XElement> Pulls(AnalysisDocument analysis)
    {
        List<PlotRow> rows = [.. ReportTables.Compared(analysis).Select(row => new PlotRow(
            ObservableLabel.Symbol(row.Observable), row.Sampler, ReportTables.Colour(analysis, row.Sampler), row.Result.Pull!.Value, 1, ReportTables.Signed(row.Result.Pull.Value) + " σ"))];
        double range = Math.Max(3.5, Math.Min(20, rows.Select(row => Math.Abs(row.Value)).DefaultIfEmpty().Max() + 1.3));
        return Rows("Pulls against exact results", rows, PlotAxis.Fixed("(value − exact) / error", -range, range),
            "Shaded: ±1 σ and ±2 σ; error bars are 1 σ by construction. Observables of one ensemble are correlated." + (rows.Any(row => Math.Abs(row.Value) > range) ? " What is further away is drawn on the border." : ""), (-2, 2), (-1, 1));
    }

    /// <summary>Monte Carlo history of one observable and one sampler: replica 0 over the range of all replicas.</summary>
    public static XElement History(EnsembleSeries series, string observable, string colour, double? exact)
    {
        IReadOnlyList<double[]> replicas = series.Observables[observable];
        Envelope all = Envelope.Of(replicas, HistoryBins), one = Envelope.Of([replicas[0]], HistoryBins);
        var x = PlotAxis.Fixed("stored configuration of a replica", 0, Math.Max(1, replicas.Max(r => r.Length) - 1));
        var y = PlotAxis.Around(ObservableLabel.Symbol(observable), all.Low.Concat(all.High), margin: 0.05);
        var plot = new SvgPlot(x, y, $"History of {observable}, {series.Sampler}").Legend("replica 0", colour);
        if (replicas.Count > 1)
            plot.Legend($"range of all {replicas.Count}", $"faintkey {colour}");
        if (exact is not null)
            plot.Legend("exact", "reference", true);
        if (replicas.Count > 1)
            plot.Band(all.Position, all.Low, all.High, $"faint {colour}");
        if (one.PerBin == 1)
            plot.Curve(one.Position, one.Low, colour, observable == ChargeSectors.Charge);
        else
            plot.Band(one.Position, one.Low, one.High, $"dense {colour}");
        if (exact is { } value)
            plot.Horizontal(value);
        return Figure($"{ObservableLabel.Symbol(observable)}, {series.Sampler}", plot.Render(),
            one.PerBin == 1 ? "Every configuration is drawn." : $"Minimum and maximum of each {one.PerBin} neighbours are drawn; nothing is averaged.");
    }

    public static XElement Autocorrelation(string sampler, string observable, ObservableDocument result, string colour)
    {
        AutocorrelationDocument rho = result.Autocorrelation!;
        double[] lags = [.. rho.Lag.Select(t => (double)t)];
        double[] low = [.. rho.Rho.Zip(rho.RhoError, (r, e) => r - e)], high = [.. rho.Rho.Zip(rho.RhoError, (r, e) => r + e)];
        SvgPlot plot = new SvgPlot(PlotAxis.Fixed("lag t / stored configurations", 0, Math.Max(1, lags[^1])), PlotAxis.Around("ρ(t)", low.Concat(high).Append(0).Append(1), margin: 0.03), $"Autocorrelation of {observable}, {sampler}")
            .Legend("ρ(t) ± 1 σ", colour).Legend($"window W = {result.Window}", "reference", true)
            .Band(lags, low, high, $"error {colour}").Curve(lags, rho.Rho, colour).Horizontal(0, "zero").Vertical(result.Window);
        for (int i = 0; i < lags.Length && lags.Length <= 40; i++)
            plot.Point(lags[i], rho.Rho[i], 0, colour, FormattableString.Invariant($"ρ({lags[i]}) = {ValueWithError.Format(rho.Rho[i], rho.RhoError[i])}"));
        string tau = $"τ_int = {ValueWithError.Format(result.TauInt, result.TauIntError)} configurations = {ValueWithError.Plain(result.TauIntTransitions, "G4")} transitions.";
        return Figure($"{ObservableLabel.Symbol(observable)}, {sampler}", plot.Render(), rho.Lag.Count > 1 && rho.Lag[1] > 1 ? $"{tau} Every {rho.Lag[1]}th lag is drawn." : tau);
    }

    /// <summary>Histogram of log w, and where the mean weight lies.</summary>
    public static XElement LogWeights(IReadOnlyList<double> logWeights, FlowDocument? flow)
    {
        double[] finite = [.. logWeights.Where(double.IsFinite)];
        double centre = flow is { LogZ: var logZ } && double.IsFinite(logZ) ? logZ : 0;
        double first = finite.Length > 0 ? finite.Min() - centre : 0, last = finite.Length > 0 ? finite.Max() - centre : 1;
        double width = Math.Max((last - first) / HistogramBins, 1e-9);
        var counts = new int[HistogramBins];
        foreach (double x in finite)
            counts[(int)Math.Clamp((x - centre - first) / width, 0, HistogramBins - 1)]++;
        // One sample has the error 1: a bin of one goes down to where nothing is.
        var plot = new SvgPlot(PlotAxis.Fixed(flow is null ? "log w" : "log w − ln Z", first, first + HistogramBins * width),
            PlotAxis.Around("samples in a bin", counts.Select(c => (double)c).Append(0.5).Append(2.0 * counts.Max()), logarithmic: true), "Histogram of log w").Legend("samples", "s0");
        if (flow is not null)
            plot.Legend("w = mean weight", "reference", true);
        for (int b = 0; b < HistogramBins; b++)
        {
            if (counts[b] > 0)
                plot.Point(first + (b + 0.5) * width, counts[b], Math.Sqrt(counts[b]), "s0", FormattableString.Invariant($"{counts[b]} of {logWeights.Count} at {first + (b + 0.5) * width:G4}"));
        }

        if (flow is not null)
            plot.Vertical(0);
        int vanished = logWeights.Count - finite.Length;
        return Figure("Log-weights of the flow", plot.Render(), "A long right tail means configurations the flow misses; they make a Metropolis chain stick. Error bars are √n."
            + (vanished > 0 ? string.Create(CultureInfo.InvariantCulture, $" {vanished} weights are zero and not drawn.") : ""));
    }

    public static IEnumerable<XElement> Tau(AnalysisDocument analysis)
    {
        List<PlotRow> rows = [.. ReportTables.Grouped(analysis).Where(row => row.Observable != EnsembleAnalysis.Susceptibility).Select(row => new PlotRow(
            ObservableLabel.Symbol(row.Observable), row.Sampler, ReportTables.Colour(analysis, row.Sampler), row.Result.TauInt, row.Result.TauIntError,
            ValueWithError.Format(row.Result.TauInt, row.Result.TauIntError)))];
        var axis = PlotAxis.Around("τ_int / stored configurations", rows.Select(row => row.Value + row.Error).Concat(rows.Select(row => row.Value)).Append(0.3).Append(1), logarithmic: true, margin: 0.03);
        return Rows("Integrated autocorrelation times", rows, axis, "Logarithmic scale; error bars are 1 σ. Independent configurations have ½.");
    }

    /// <summary>Creutz ratios and the static potential, one row an ensemble; none where no loops of different sizes were measured.</summary>
    public static IEnumerable<XElement> Forces(AnalysisDocument analysis)
    {
        List<PlotRow> rows = [.. ReportTables.Grouped(analysis).Where(row => DerivedQuantities.IsOfLoops(row.Observable) && double.IsFinite(row.Result.Error)).Select(row => new PlotRow(
            ObservableLabel.Symbol(row.Observable), row.Sampler, ReportTables.Colour(analysis, row.Sampler), row.Result.Mean, row.Result.Error,
            ValueWithError.Format(row.Result.Mean, row.Result.Error), row.Result.Exact))];
        var axis = PlotAxis.Around("lattice units", rows.SelectMany(row => new[] { row.Value - row.Error, row.Value + row.Error, row.Exact ?? double.NaN }).Append(0), margin: 0.04);
        return Rows("Creutz ratios χ(R×T) and static potential V(R×T)", rows, axis,
            "χ(R×T) tends to the string tension for large loops, V(R×T) to the potential at distance R for large T; error bars are 1 σ." + (rows.Any(row => row.Exact is not null) ? " Upright lines: exact." : ""));
    }

    private static IEnumerable<XElement> Rows(string title, List<PlotRow> rows, PlotAxis axis, string caption, params (double From, double To)[] bands)
    {
        XElement[] parts = [.. SvgRows.Render(rows, axis, title, bands)];
        return parts.Select((svg, i) => Figure(i == 0 ? title : title + ", continued", svg, i == parts.Length - 1 ? caption : ""));
    }

    public static XElement Figure(string title, XElement svg, string caption) =>
        Tag("figure", Tag("h3", title), svg, caption.Length > 0 ? Tag("figcaption", caption) : null);
}
