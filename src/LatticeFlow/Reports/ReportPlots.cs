using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>The figures of the report.</summary>
internal static class ReportPlots
{
    // About one bin a pixel of the plot's width.
    private const int HistoryBins = 480;
    private const int HistogramBins = 60;

    /// <summary>Pulls of all observables with a known exact result; null where there is none.</summary>
    public static XElement? Pulls(AnalysisDocument analysis)
    {
        List<PlotRow> rows = [.. ReportTables.Compared(analysis).Select(row => new PlotRow(
            ObservableLabel.Symbol(row.Observable), row.Sampler, ReportTables.Colour(analysis, row.Sampler), row.Result.Pull!.Value, 1, ReportTables.Signed(row.Result.Pull.Value) + " σ"))];
        if (rows.Count == 0)
            return null;
        double range = Math.Max(3.5, Math.Min(20, rows.Max(row => Math.Abs(row.Value)) + 1.3));
        XElement svg = SvgRows.Render(rows, PlotAxis.Fixed("(value − exact) / error", -range, range), false, "Pulls against exact results", (-2, 2), (-1, 1));
        return Figure("Pulls against exact results", svg, "Shaded: ±1 σ and ±2 σ; error bars are 1 σ by construction. Observables of one ensemble are correlated.", true);
    }

    public static IEnumerable<XElement> Training(TrainingCurve curve, FlowDocument? flow)
    {
        if (curve.Loss.Length > 0)
        {
            double? bound = flow?.LogZExact is { } exact ? -exact : null;
            // The first steps would squeeze the rest into a line.
            double[] late = curve.Loss[(curve.Loss.Length / 50)..];
            var axis = PlotAxis.Around("loss ⟨log q + S⟩", bound is { } value ? late.Append(value) : late, margin: 0.05);
            var plot = new SvgPlot(PlotAxis.Around("step", curve.Step), axis, "Training loss").Legend("batch", "s0");
            if (bound is { } line)
                plot.Legend("−ln Z exact, the lower bound", "reference", true).Horizontal(line);
            yield return Figure("Loss", Reduced(plot, curve.Step, curve.Loss).Render(), Decimation(curve.Step.Length, "steps") + "The axis leaves out the first 2 % of the steps, which are drawn on the border if they lie outside.");
        }

        if (curve.EffectiveSampleSize.Length > 0)
        {
            var plot = new SvgPlot(PlotAxis.Around("step", curve.Step), PlotAxis.Fixed("ESS / sample", 0, 1), "Effective sample size of the batch").Legend("batch (biased upwards)", "s0");
            if (flow is not null)
                plot.Legend($"{flow.Samples} fresh samples", "reference", true).Horizontal(flow.EffectiveSampleSize);
            yield return Figure("Effective sample size", Reduced(plot, curve.Step, curve.EffectiveSampleSize).Render(), Decimation(curve.Step.Length, "steps"));
        }

        if (curve.VarianceOfLogWeight.Length > 0)
        {
            var plot = new SvgPlot(PlotAxis.Around("step", curve.Step), PlotAxis.Around("variance of log w", curve.VarianceOfLogWeight, logarithmic: true, margin: 0.05), "Variance of log w").Legend("batch", "s0");
            yield return Figure("Variance of log w", Reduced(plot, curve.Step, curve.VarianceOfLogWeight).Render(), Decimation(curve.Step.Length, "steps"));
        }
    }

    /// <summary>Monte Carlo history of one observable and one sampler: replica 0 over the range of all replicas.</summary>
    public static XElement History(EnsembleSeries series, string observable, string colour, double? exact)
    {
        IReadOnlyList<double[]> replicas = series.Observables[observable];
        Envelope all = Envelope.Of(replicas, HistoryBins), one = Envelope.Of([replicas[0]], HistoryBins);
        var x = PlotAxis.Fixed("stored configuration of a replica", 0, Math.Max(1, replicas.Max(r => r.Length) - 1));
        var y = PlotAxis.Around(ObservableLabel.Symbol(observable), all.Low.Concat(all.High), margin: 0.05);
        var plot = new SvgPlot(x, y, $"History of {observable}, {series.Sampler}") { Height = 250 }.Legend("replica 0", colour);
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
        SvgPlot plot = new SvgPlot(PlotAxis.Fixed("lag t / stored configurations", 0, Math.Max(1, lags[^1])), PlotAxis.Around("ρ(t)", low.Concat(high).Append(0).Append(1), margin: 0.03), $"Autocorrelation of {observable}, {sampler}") { Height = 250 }
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
        var plot = new SvgPlot(PlotAxis.Fixed(flow is null ? "log w" : "log w − ln Z", first, first + HistogramBins * width),
            PlotAxis.Around("samples in a bin", counts.Select(c => (double)c).Append(0.7).Append(2.0 * counts.Max()), logarithmic: true), "Histogram of log w")
        { Height = 320 }.Legend("samples", "s0");
        if (flow is not null)
            plot.Legend("w = mean weight", "reference", true);
        for (int b = 0; b < HistogramBins; b++)
        {
            if (counts[b] > 0)
                plot.Bar(first + b * width, first + (b + 1) * width, counts[b], "s0", FormattableString.Invariant($"{counts[b]} of {logWeights.Count} at {first + (b + 0.5) * width:G4}"));
        }

        if (flow is not null)
            plot.Vertical(0);
        int vanished = logWeights.Count - finite.Length;
        return Figure("Log-weights of the flow", plot.Render(), "A long right tail means configurations the flow misses; they make a Metropolis chain stick."
            + (vanished > 0 ? string.Create(CultureInfo.InvariantCulture, $" {vanished} weights are zero and not drawn.") : ""));
    }

    public static XElement? Tau(AnalysisDocument analysis)
    {
        List<PlotRow> rows = [.. ReportTables.Grouped(analysis).Where(row => row.Observable != EnsembleAnalysis.Susceptibility).Select(row => new PlotRow(
            ObservableLabel.Symbol(row.Observable), row.Sampler, ReportTables.Colour(analysis, row.Sampler), row.Result.TauInt, row.Result.TauIntError,
            ValueWithError.Format(row.Result.TauInt, row.Result.TauIntError)))];
        if (rows.Count == 0)
            return null;
        var axis = PlotAxis.Around("τ_int / stored configurations (independent: ½)", rows.Select(row => row.Value + row.Error).Concat(rows.Select(row => row.Value)).Append(0.3).Append(1), logarithmic: true, margin: 0.03);
        return Figure("Integrated autocorrelation times", SvgRows.Render(rows, axis, true, "Autocorrelation times"), "Logarithmic scale; whiskers are 1 σ.", true);
    }

    /// <summary>Creutz ratios and the static potential, one row an ensemble; null where no loops of different sizes were measured.</summary>
    public static XElement? Forces(AnalysisDocument analysis)
    {
        List<PlotRow> rows = [.. ReportTables.Grouped(analysis).Where(row => DerivedQuantities.IsOfLoops(row.Observable) && double.IsFinite(row.Result.Error)).Select(row => new PlotRow(
            ObservableLabel.Symbol(row.Observable), row.Sampler, ReportTables.Colour(analysis, row.Sampler), row.Result.Mean, row.Result.Error,
            ValueWithError.Format(row.Result.Mean, row.Result.Error)))];
        if (rows.Count == 0)
            return null;
        var axis = PlotAxis.Around("lattice units", rows.Select(row => row.Value - row.Error).Concat(rows.Select(row => row.Value + row.Error)).Append(0), margin: 0.04);
        return Figure("Creutz ratios χ(R×T) and static potential V(R×T)", SvgRows.Render(rows, axis, false, "Creutz ratios and static potential"),
            "χ(R×T) tends to the string tension for large loops, V(R×T) to the potential at distance R for large T; error bars are 1 σ.", true);
    }

    private static SvgPlot Reduced(SvgPlot plot, double[] step, double[] values)
    {
        if (values.Length <= HistoryBins)
            return plot.Curve(step, values, "s0");
        Envelope envelope = Envelope.Of([[.. values.Select(v => double.IsFinite(v) ? v : double.NaN)]], HistoryBins);
        double[] at = [.. envelope.Position.Select(p => step[(int)p])];
        int[] usable = [.. Enumerable.Range(0, at.Length).Where(i => double.IsFinite(envelope.Low[i]) && double.IsFinite(envelope.High[i]))];
        return plot.Band([.. usable.Select(i => at[i])], [.. usable.Select(i => envelope.Low[i])], [.. usable.Select(i => envelope.High[i])], "dense s0");
    }

    private static string Decimation(int count, string what) =>
        count <= HistoryBins ? "" : string.Create(CultureInfo.InvariantCulture, $"Minimum and maximum of each {(count + HistoryBins - 1) / HistoryBins} {what} are drawn; nothing is averaged. ");

    public static XElement Figure(string title, XElement svg, string caption, bool wide = false) =>
        Tag("figure", wide ? Class("wide") : null, Tag("h3", title), svg, caption.Length > 0 ? Tag("figcaption", caption) : null);
}
