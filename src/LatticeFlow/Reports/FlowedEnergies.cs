using System.Xml.Linq;
using LatticeFlow.Analysis;
using LatticeFlow.Observables;

namespace LatticeFlow.Reports;

/// <summary>E(t) along the gradient flow, from <c>flow_energy_T</c>: mean values for the analysis, and t²⟨E⟩ as a figure.</summary>
internal static class FlowedEnergies
{
    /// <summary>Of the flow that was followed longest, <c>[k][replica]</c> at t = 0.1 (k + 1); null where none was.</summary>
    public static IReadOnlyList<IReadOnlyList<double[]>>? Series(EnsembleSeries series) => series.Vectors
        .Where(vector => vector.Key.StartsWith("flow_energy_", StringComparison.Ordinal)).Select(vector => vector.Value).MaxBy(components => components.Count);

    /// <summary>⟨E(t)⟩ with errors of the Γ-method; empty where no flow was followed.</summary>
    public static IReadOnlyList<FlowPointDocument> Means(EnsembleSeries series, ErrorAnalysis errors) => [.. (Series(series) ?? []).Select((replicas, k) =>
    {
        GammaResult result = errors.Of("flow_energy", series.Weighed(replicas));
        return new FlowPointDocument(Math.Round((k + 1) * FlowEnergy.Spacing, 1), result.Mean, result.Error);
    })];

    /// <summary>t²⟨E⟩ of all ensembles beside the 0.3 at which t₀ is read off; null where no flow was followed.</summary>
    public static XElement? Render(AnalysisDocument analysis)
    {
        var measured = analysis.Ensembles.Where(pair => pair.Value.FlowEnergy.Count > 0).ToList();
        if (measured.Count == 0)
            return null;
        var points = measured.SelectMany(pair => pair.Value.FlowEnergy).ToList();
        var y = PlotAxis.Around("t² ⟨E(t)⟩", points.Select(point => point.Time * point.Time * (point.Energy + Whisker(point))).Append(0).Append(FlowScale.Reference), margin: 0.04);
        var plot = new SvgPlot(PlotAxis.Fixed("flow time t / lattice spacing²", 0, points.Max(point => point.Time) + FlowEnergy.Spacing), y, "Energy along the gradient flow").Legend("0.3, where t₀ is read off", "reference", true);
        measured.ForEach(pair => plot.Legend(pair.Key, ReportTables.Colour(analysis, pair.Key)));
        foreach ((string sampler, EnsembleDocument ensemble) in measured)
        {
            string colour = ReportTables.Colour(analysis, sampler);
            foreach (FlowPointDocument point in ensemble.FlowEnergy)
            {
                double square = point.Time * point.Time;
                plot.Point(point.Time, square * point.Energy, square * Whisker(point), colour, FormattableString.Invariant($"{sampler}: t = {point.Time}, E = {ValueWithError.Format(point.Energy, point.Error)}"));
            }
        }

        plot.Horizontal(FlowScale.Reference);
        return ReportPlots.Figure("Gradient flow", plot.Render(), "Error bars are 1 σ; neighbouring points are strongly correlated. The flow smooths over √(8t), which should stay below half the extent.");
    }

    private static double Whisker(FlowPointDocument point) => double.IsFinite(point.Error) ? point.Error : 0;
}
