using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>How order parameters are distributed: histograms, and Polyakov loops in the complex plane. From the stored series.</summary>
internal static class DistributionPlots
{
    private const string Real = "polyakov_re", Imaginary = "polyakov_im", Absolute = "polyakov_abs";

    private const int FewestBins = 8, MostBins = 50;

    // More dots hide each other and make the page heavy.
    private const int MostDots = 1200;

    private static readonly string[] _distributed = [Real, Imaginary, Absolute, "clover_charge", "magnetization_abs"];

    /// <summary>Scatter plots first, one a sampler, then histograms, one an observable; none where nothing of the kind was measured.</summary>
    public static IEnumerable<XElement> Render(ReportData data)
    {
        string[] names = [.. data.Ensembles.SelectMany(series => series.Observables.Keys).Distinct()];
        foreach (string real in names.Where(name => Is(name, Real)))
        {
            string imaginary = Imaginary + real[Real.Length..];
            EnsembleSeries[] both = [.. data.Ensembles.Where(series => series.Observables.ContainsKey(real) && series.Observables.ContainsKey(imaginary))];
            double range = both.SelectMany(series => series.Observables[real].Concat(series.Observables[imaginary])).Select(replica => replica.Max(Math.Abs)).DefaultIfEmpty().Max();
            foreach (EnsembleSeries series in both)
                yield return Plane(data.Analysis, series, real, imaginary, range);
        }

        foreach (string name in names.Where(name => _distributed.Any(kind => Is(name, kind))))
            yield return Histogram(data, name);
    }

    // Of bare links or smeared ones.
    private static bool Is(string name, string kind) => name == kind || name.StartsWith(kind + "_", StringComparison.Ordinal);

    private static XElement Plane(AnalysisDocument analysis, EnsembleSeries series, string real, string imaginary, double range)
    {
        string colour = ReportTables.Colour(analysis, series.Sampler), symbol = ObservableLabel.Symbol(real);
        double[] xs = [.. series.Observables[real].SelectMany(replica => replica)], ys = [.. series.Observables[imaginary].SelectMany(replica => replica)];
        int every = (xs.Length + MostDots - 1) / MostDots;
        int[] shown = [.. Enumerable.Range(0, xs.Length).Where(i => i % every == 0)];
        double end = range > 0 ? 1.08 * range : 1;
        int centre = Centre(analysis.Theory?.Group);
        SvgPlot plot = new SvgPlot(PlotAxis.Fixed(symbol, -end, end), PlotAxis.Fixed(ObservableLabel.Symbol(imaginary), -end, end), $"Polyakov loops in the complex plane, {series.Sampler}") { Square = true }
            .Legend("configurations", colour).Legend("mean", "reference");
        if (centre > 0)
            plot.Legend($"elements of Z({centre})", "faintkey reference");
        for (int k = 0; k < centre; k++)
            plot.Line((0, 0), (end * Math.Cos(2 * Math.PI * k / centre), end * Math.Sin(2 * Math.PI * k / centre)), "ray");
        plot.Cloud([.. shown.Select(i => xs[i])], [.. shown.Select(i => ys[i])], colour);
        plot.Point(xs.Average(), ys.Average(), 0, "reference", FormattableString.Invariant($"mean {xs.Average():G4} {(ys.Average() < 0 ? '−' : '+')} {Math.Abs(ys.Average()):G4} i"));
        return ReportPlots.Figure($"{symbol[3..]} in the complex plane, {series.Sampler}", plot.Render(), (every == 1 ? "Every configuration is drawn." : $"One in {every} configurations is drawn.")
            + (centre > 0 ? " The action has the symmetry of the centre; a chain that stays on one ray has not seen it." : ""));
    }

    /// <summary>N of the centre Z(N) of SU(N); 0 of others, whose centre is a circle or nothing.</summary>
    private static int Centre(string? group) => group?.Length == 3 && group.StartsWith("SU", StringComparison.Ordinal) && char.IsAsciiDigit(group[2]) ? group[2] - '0' : 0;

    private static XElement Histogram(ReportData data, string name)
    {
        EnsembleSeries[] measured = [.. data.Ensembles.Where(series => series.Observables.ContainsKey(name))];
        double[][] values = [.. measured.Select(series => series.Observables[name].SelectMany(replica => replica).ToArray())];
        double first = values.Min(x => x.Min()), last = values.Max(x => x.Max());
        // The number of bins grows as the root of the fewest values; a quantity that is constant has one place.
        int bins = Math.Clamp((int)Math.Sqrt(values.Min(x => x.Length)), FewestBins, MostBins);
        if (!(last > first))
            (first, last) = (first - 0.5, last + 0.5);
        double width = (last - first) / bins;
        double[][] density = [.. values.Select(x => Density(x, first, width, bins))];
        string symbol = ObservableLabel.Symbol(name);
        var plot = new SvgPlot(PlotAxis.Fixed(symbol, first, last), PlotAxis.Fixed("density", 0, 1.08 * density.Max(x => x.Max())), $"Histogram of {name}");
        double? exact = measured.Select(series => data.Analysis.Ensembles.GetValueOrDefault(series.Sampler)?.Observables.GetValueOrDefault(name)?.Exact).FirstOrDefault(value => value is not null);
        foreach (EnsembleSeries series in measured)
            plot.Legend(series.Sampler, ReportTables.Colour(data.Analysis, series.Sampler));
        if (exact is not null)
            plot.Legend("exact mean", "reference", true);
        for (int i = 0; i < measured.Length; i++)
            plot.Outline(first, width, density[i], ReportTables.Colour(data.Analysis, measured[i].Sampler));
        if (exact is { } mean)
            plot.Vertical(mean);
        return ReportPlots.Figure($"Distribution of {symbol}", plot.Render(), $"{bins} bins, normalised; all replicas of a sampler together.");
    }

    private static double[] Density(double[] values, double first, double width, int bins)
    {
        var density = new double[bins];
        foreach (double x in values)
            density[(int)Math.Clamp((x - first) / width, 0, bins - 1)] += 1 / (values.Length * width);
        return density;
    }
}
