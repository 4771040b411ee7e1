using System.Xml.Linq;
using LatticeFlow.Analysis;
using LatticeFlow.Observables;

namespace LatticeFlow.Reports;

/// <summary>The two-point function C(t) of a scalar, from <c>two_point</c>: mean values for the analysis, and a figure.</summary>
internal static class Correlators
{
    // Distance of neighbouring samplers in pixels.
    private const double Shift = 4;

    /// <summary>⟨C(t)⟩ with errors of the Γ-method, t = 0 … L_0/2, since C(L_0 − t) = C(t); empty where it was not measured.</summary>
    public static IReadOnlyList<CorrelatorPointDocument> Means(EnsembleSeries series, ExactResults exact, ErrorAnalysis errors)
    {
        if (!series.Vectors.TryGetValue(TwoPointFunction.Kind, out IReadOnlyList<IReadOnlyList<double[]>>? components))
            return [];
        return [.. components.Take((components.Count / 2) + 1).Select((replicas, t) =>
        {
            GammaResult result = EnsembleAnalysis.Gamma(series, errors, $"C({t})", series.Weighed(replicas));
            return new CorrelatorPointDocument(t, result.Mean, result.Error, exact.TwoPoint(t));
        })];
    }

    /// <summary>C(t) of all ensembles on a logarithmic scale, beside the exact one where it is known; null where it was not measured.</summary>
    public static XElement? Render(AnalysisDocument analysis)
    {
        var measured = analysis.Ensembles.Where(pair => pair.Value.TwoPoint.Count > 0).ToList();
        if (measured.Count == 0)
            return null;
        List<CorrelatorPointDocument> points = [.. measured.SelectMany(pair => pair.Value.TwoPoint)];
        var plot = new SvgPlot(
            PlotAxis.Fixed("t / lattice spacings", -0.5, points.Max(point => point.Separation) + 0.5),
            PlotAxis.Around("C(t)", points.SelectMany(point => new[] { point.Value, point.Value + point.Error, point.Exact ?? double.NaN }), logarithmic: true, margin: 0.06),
            "Two-point function, logarithmic");
        CorrelatorPointDocument[] known = [.. points.Where(point => point.Exact is not null).DistinctBy(point => point.Separation)];
        if (known.Length > 0)
            plot.Legend("exact", "reference");
        measured.ForEach(pair => plot.Legend(pair.Key, ReportTables.Colour(analysis, pair.Key)));
        plot.Curve([.. known.Select(point => (double)point.Separation)], [.. known.Select(point => point.Exact!.Value)], "reference");
        for (int i = 0; i < measured.Count; i++)
        {
            (string sampler, EnsembleDocument ensemble) = measured[i];
            foreach (CorrelatorPointDocument point in ensemble.TwoPoint.Where(point => point.Value > 0))
            {
                plot.Point(point.Separation, point.Value, point.Error, ReportTables.Colour(analysis, sampler),
                    FormattableString.Invariant($"{sampler}: C({point.Separation}) = {ValueWithError.Format(point.Value, point.Error)}"), Shift * (i - ((measured.Count - 1) / 2.0)));
            }
        }

        return ReportPlots.Figure("Two-point function of zero spatial momentum", plot.Render(), "Error bars are 1 σ; neighbouring points are correlated. A value below zero has no point on the logarithmic scale.");
    }
}
