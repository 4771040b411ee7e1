using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>The figures of a training run.</summary>
internal static class TrainingPlots
{
    public static IEnumerable<XElement> Render(TrainingCurve curve, FlowDocument? flow)
    {
        PlotAxis steps = PlotAxis.Around("step", curve.Step);
        if (curve.Loss.Length > 0)
        {
            double? bound = flow?.LogZExact is { } exact ? -exact : null;
            // The first steps would squeeze the rest into a line.
            double[] late = curve.Loss[(curve.Loss.Length / 10)..];
            var axis = PlotAxis.Around("loss ⟨log q + S⟩", bound is { } value ? late.Append(value) : late, margin: 0.05);
            SvgPlot plot = new SvgPlot(steps, axis, "Training loss").Legend("batch", "s0");
            if (bound is { } line)
                plot.Legend("−ln Z exact, the lower bound", "reference", true).Horizontal(line);
            yield return ReportPlots.Figure("Loss", Reduced(plot, curve.Step, curve.Loss).Render(), Decimation(curve.Step.Length) + "The axis leaves out the first tenth of the steps, which are drawn on the border if they lie outside.");
        }

        if (curve.EffectiveSampleSize.Length > 0)
            yield return Missing(curve, steps, flow);

        if (curve.VarianceOfLogWeight.Length > 0)
        {
            SvgPlot plot = new SvgPlot(steps, PlotAxis.Around("variance of log w", curve.VarianceOfLogWeight, logarithmic: true, margin: 0.05), "Variance of log w").Legend("batch", "s0");
            yield return ReportPlots.Figure("Variance of log w", Reduced(plot, curve.Step, curve.VarianceOfLogWeight).Render(), Decimation(curve.Step.Length));
        }
    }

    // From 0.9 to 0.99 is as far as from 0 to 0.9.
    private static XElement Missing(TrainingCurve curve, PlotAxis steps, FlowDocument? flow)
    {
        double[] missing = [.. curve.EffectiveSampleSize.Select(ess => 1 - ess)];
        double? fresh = flow is null ? null : 1 - flow.EffectiveSampleSize, target = 1 - flow?.Target?.EffectiveSampleSize;
        var axis = PlotAxis.Around("1 − ESS / sample", missing.Append(fresh ?? double.NaN).Append(target ?? double.NaN).Append(1), logarithmic: true, margin: 0.05);
        SvgPlot plot = new SvgPlot(steps, axis, "1 − effective sample size of the batch, logarithmic").Legend("batch (biased downwards)", "s0");
        if (fresh is not null)
            plot.Legend($"{flow!.Samples} fresh samples", "reference", true);
        if (target is not null)
            plot.Legend($"on the target ({flow!.Target!.Source})", "s1", true);
        Reduced(plot, curve.Step, missing);
        if (fresh is { } own)
            plot.Horizontal(own);
        if (target is { } other)
            plot.Horizontal(other, "s1");
        return ReportPlots.Figure("1 − effective sample size", plot.Render(), Decimation(curve.Step.Length) + "Lower is better; logarithmic scale.");
    }

    private static SvgPlot Reduced(SvgPlot plot, double[] step, double[] values)
    {
        if (values.Length <= ReportPlots.HistoryBins)
            return plot.Curve(step, values, "s0");
        Envelope envelope = Envelope.Of([[.. values.Select(v => double.IsFinite(v) ? v : double.NaN)]], ReportPlots.HistoryBins);
        double[] at = [.. envelope.Position.Select(p => step[(int)p])];
        int[] usable = [.. Enumerable.Range(0, at.Length).Where(i => double.IsFinite(envelope.Low[i]) && double.IsFinite(envelope.High[i]))];
        return plot.Band([.. usable.Select(i => at[i])], [.. usable.Select(i => envelope.Low[i])], [.. usable.Select(i => envelope.High[i])], "dense s0");
    }

    private static string Decimation(int count) => count <= ReportPlots.HistoryBins ? "" :
        string.Create(CultureInfo.InvariantCulture, $"Minimum and maximum of each {(count + ReportPlots.HistoryBins - 1) / ReportPlots.HistoryBins} steps are drawn; nothing is averaged. ");
}
