using System.Xml.Linq;

namespace LatticeFlow.Reports;

/// <summary>Measured P(Q) of every sampler over the exact distribution.</summary>
internal static class ChargePlot
{
    /// <summary>Sectors rarer than this are not drawn unless they were visited.</summary>
    private const double SmallestProbability = 1e-4;

    // Half the width of a bar, and the distance of neighbouring samplers in pixels.
    private const double HalfBar = 0.4, Shift = 5;

    /// <summary>Null where no charge was measured.</summary>
    public static XElement? Render(AnalysisDocument analysis, bool logarithmic)
    {
        var measured = analysis.Ensembles.Where(pair => pair.Value.ChargeDistribution.Count > 0).ToList();
        if (measured.Count == 0)
            return null;
        List<SectorDocument> sectors = [.. measured.SelectMany(pair => pair.Value.ChargeDistribution).Where(s => s.Probability > 0 || s.Exact > SmallestProbability)];
        if (sectors.Count == 0)
            return null;
        int largest = Math.Max(1, sectors.Max(s => Math.Abs(s.Charge)));
        double highest = sectors.Max(s => Math.Max(s.Exact ?? 0, s.Probability + (double.IsFinite(s.Error) ? s.Error : 0)));
        PlotAxis y = logarithmic
            ? PlotAxis.Around("P(Q)", sectors.SelectMany(s => new[] { s.Probability, s.Exact ?? double.NaN }), logarithmic: true, margin: 0.06)
            : PlotAxis.Fixed("P(Q)", 0, highest * 1.08);
        var plot = new SvgPlot(PlotAxis.Fixed("topological charge Q", -largest - 0.6, largest + 0.6), y, "Distribution of the topological charge" + (logarithmic ? ", logarithmic" : ""));
        if (sectors.Any(s => s.Exact is not null))
            plot.Legend("exact", logarithmic ? "reference" : "exact");
        measured.ForEach(pair => plot.Legend(pair.Key, ReportTables.Colour(analysis, pair.Key)));
        foreach (SectorDocument sector in sectors.Where(s => s.Exact is not null).DistinctBy(s => s.Charge))
        {
            // A bar on a logarithmic scale has no length that means something.
            if (logarithmic)
                plot.Line((sector.Charge - HalfBar, sector.Exact!.Value), (sector.Charge + HalfBar, sector.Exact.Value), "target");
            else
                plot.Bar(sector.Charge - HalfBar, sector.Charge + HalfBar, sector.Exact!.Value, "exact", FormattableString.Invariant($"exact P({sector.Charge}) = {sector.Exact:G6}"));
        }

        for (int i = 0; i < measured.Count; i++)
        {
            foreach (SectorDocument s in measured[i].Value.ChargeDistribution.Where(s => Math.Abs(s.Charge) <= largest && (s.Probability > 0 || !logarithmic)))
                plot.Point(s.Charge, s.Probability, s.Error, ReportTables.Colour(analysis, measured[i].Key),
                    $"{measured[i].Key}: P({s.Charge}) = {ValueWithError.Format(s.Probability, s.Error)}", Shift * (i - (measured.Count - 1) / 2.0));
        }

        return ReportPlots.Figure(logarithmic ? "Topological sectors, logarithmic" : "Topological sectors", plot.Render(), "");
    }
}
