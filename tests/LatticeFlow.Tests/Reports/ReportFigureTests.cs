using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>Figures of the report, read back from their coordinates.</summary>
public partial class ReportFigureTests
{
    private const int Replicas = 4, Length = 300;

    // The fonts of the page are narrower than this.
    private const double WidestCharacter = 7.2;

    private static readonly Lazy<XElement> _sample = new(() => XDocument.Parse(ReportPage.Render(SampleReport.Data)).Root!);

    private static readonly Lazy<XElement> _polyakov = new(() => XDocument.Parse(ReportPage.Render(Polyakov([0, 1, 2, 0]))).Root!);

    [Fact]
    public void No_text_leaves_its_figure_and_all_figures_are_as_wide_as_a_telephone()
    {
        foreach (XElement svg in _sample.Value.Descendants("svg").Concat(_polyakov.Value.Descendants("svg")))
        {
            double[] box = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
            Assert.Equal(350, box[2]);
            foreach (XElement text in svg.Descendants("text").Where(text => text.Attribute("transform") is null))
            {
                double at = Number(text.Attribute("x")!.Value), width = WidestCharacter * text.Value.Length;
                double left = text.Attribute("text-anchor")?.Value switch { "middle" => at - (width / 2), "end" => at - width, _ => at };
                Assert.True(left >= -6 && left + width <= box[2] + 6, $"{svg.Attribute("aria-label")!.Value}: {text.Value}");
                Assert.InRange(Number(text.Attribute("y")!.Value), 8, box[3]);
            }
        }
    }

    [Fact]
    public void A_logarithmic_axis_has_points_and_no_bars()
    {
        foreach (string label in (string[])["Integrated autocorrelation times", "Histogram of log w", "Distribution of the topological charge, logarithmic"])
        {
            XElement svg = Figure(_sample.Value, label);
            Assert.Empty(svg.Descendants("rect"));
            Assert.NotEmpty(svg.Descendants("circle"));
        }
    }

    [Fact]
    public void Exact_values_are_drawn()
    {
        XElement sectors = Figure(_sample.Value, "Distribution of the topological charge, logarithmic");
        int known = SampleReport.Data.Analysis.Ensembles.Values.SelectMany(ensemble => ensemble.ChargeDistribution).Where(sector => sector.Probability > 0 || sector.Exact > 1e-4).DistinctBy(sector => sector.Charge).Count();
        Assert.Equal(known, sectors.Descendants("path").Count(path => path.Attribute("class")?.Value == "target"));
        Assert.Contains(Figure(_sample.Value, "History of plaquette, hmc").Descendants("path"), path => path.Attribute("class")?.Value == "mark reference");
    }

    [Fact]
    public void The_training_curve_shows_what_is_missing_on_a_logarithmic_scale()
    {
        var training = new TrainingCurve([1, 2, 3], [], [0.0, 0.9, 0.99], []);
        XElement page = XDocument.Parse(ReportPage.Render(new ReportData { Name = "training", Analysis = new AnalysisDocument(), Training = training })).Root!;
        double[] height = [.. Points(Figure(page, "1 − effective sample size of the batch, logarithmic").Descendants("path").Single(path => path.Attribute("class")!.Value == "curve s0")).Select(point => point.Y)];
        Assert.Equal(3, height.Length);
        Assert.True(height[0] < height[1]);
        // One decade is as far as the next, up to the rounding of coordinates.
        Assert.Equal(height[1] - height[0], height[2] - height[1], 0.03);
    }

    [Fact]
    public void Polyakov_loops_lie_in_the_complex_plane_beside_the_elements_of_the_centre()
    {
        XElement svg = Figure(_polyakov.Value, "Polyakov loops in the complex plane, hmc");
        (double X, double Y)[] rays = [.. svg.Descendants("path").Where(path => path.Attribute("class")!.Value == "ray").Select(path => Points(path)[1])];
        Assert.Equal(3, rays.Length);
        (double X, double Y) origin = Points(svg.Descendants("path").First(path => path.Attribute("class")!.Value == "ray"))[0];
        (double X, double Y)[] dots = Points(svg.Descendants("path").Single(path => path.Attribute("class")!.Value == "cloud s0"));
        Assert.InRange(dots.Length, Replicas * Length / 2, Replicas * Length);
        // Replicas 0 and 3 are on the first ray, 1 and 2 on the others; a unit is as long in both directions.
        double length = rays[0].X - origin.X;
        Assert.Equal((Math.Cos(2 * Math.PI / 3) * length, Math.Sin(2 * Math.PI / 3) * length), (Math.Round(rays[1].X - origin.X, 2), Math.Round(origin.Y - rays[1].Y, 2)), (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.05 && Math.Abs(a.Item2 - b.Item2) < 0.05);
        int[] counts = [.. Enumerable.Range(0, 3).Select(k => dots.Count(dot => (int)Math.Round(Math.Atan2(origin.Y - dot.Y, dot.X - origin.X) * 3 / (2 * Math.PI) + 3) % 3 == k))];
        Assert.Equal([dots.Length / 2, dots.Length / 4, dots.Length / 4], counts);
    }

    [Fact]
    public void Histograms_are_normalised()
    {
        XElement svg = Figure(_polyakov.Value, "Histogram of polyakov_abs");
        string outline = svg.Descendants("path").Single(path => path.Attribute("class")!.Value == "outline s0").Attribute("d")!.Value;
        double[] heights = [.. Regex.Matches(outline, @"V([0-9.]+)").Select(match => Number(match.Groups[1].Value))];
        double zero = heights[^1];
        (double Value, double Pixel)[] y = Ticks(svg, "y"), x = Ticks(svg, "x");
        double perValue = (y[0].Pixel - y[^1].Pixel) / (y[^1].Value - y[0].Value);
        double[] edges = [.. Regex.Matches(outline, @"H([0-9.]+)").Select(match => Number(match.Groups[1].Value))];
        double width = (edges[1] - edges[0]) / ((x[^1].Pixel - x[0].Pixel) / (x[^1].Value - x[0].Value));
        Assert.Equal(1, heights.SkipLast(1).Sum(height => (zero - height) / perValue * width), 0.02);
    }

    [Fact]
    public void Replicas_that_disagree_are_seen_one_by_one()
    {
        XElement section = _polyakov.Value.Descendants("section").Single(section => section.Attribute("id")?.Value == "replicas");
        XElement means = Figure(section, "Means of replicas, Im P, hmc"), histories = Figure(section, "Histories of replicas, Im P, hmc");
        Assert.Equal(Replicas, means.Descendants("circle").Count());
        double[] places = [.. means.Descendants("circle").Select(circle => Number(circle.Attribute("cx")!.Value))];
        Assert.True(places[2] < places[0] && places[0] < places[1] && Math.Abs(places[0] - places[3]) < 5);
        Assert.Equal(Replicas, means.Descendants("g").Count(point => point.Attribute("class")!.Value == "point s0" && point.Elements("line").Any()));
        Assert.Equal(Replicas, histories.Descendants("path").Count(path => path.Attribute("class")!.Value.StartsWith("curve", StringComparison.Ordinal)));
        XElement agreeing = XDocument.Parse(ReportPage.Render(Polyakov([0, 0, 0, 0]))).Root!;
        Assert.DoesNotContain(agreeing.Descendants("section"), element => element.Attribute("id")?.Value == "replicas");
    }

    [Fact]
    public void Columns_of_exact_values_are_there_where_one_is_known()
    {
        string[] Heads(XElement page) => [.. page.Descendants("section").Single(section => section.Attribute("id")?.Value == "results").Descendants("thead").First().Descendants("th").Select(head => head.Value)];
        Assert.Contains("exact", Heads(_sample.Value));
        Assert.DoesNotContain("exact", Heads(_polyakov.Value));
        Assert.All(_polyakov.Value.Descendants("tbody").SelectMany(body => body.Elements("tr")), row => Assert.Equal(row.Parent!.Parent!.Descendants("th").Count(), row.Parent.Parent.Element("thead") is null ? 0 : row.Elements("td").Count()));
    }

    /// <summary>A cold gauge theory of SU(3): each replica about its element of the centre.</summary>
    private static ReportData Polyakov(int[] elements)
    {
        var random = new Random(20260302);
        double[][] Component(Func<double, double> centre) => [.. elements.Select(k => SampleReport.Autoregressive(random, 0.5, x => (0.3 * centre(2 * Math.PI * k / 3)) + (0.01 * x), Length))];
        double[][] real = Component(Math.Cos), imaginary = Component(Math.Sin);
        var series = new EnsembleSeries
        {
            Sampler = "hmc",
            Seconds = 1,
            Observables = new Dictionary<string, IReadOnlyList<double[]>>
            {
                ["plaquette"] = Component(_ => 0.5),
                ["polyakov_re"] = real,
                ["polyakov_im"] = imaginary,
                ["polyakov_abs"] = [.. real.Zip(imaginary, (re, im) => re.Zip(im, double.Hypot).ToArray())],
            },
        };
        var exact = new ExactResults("SU3", "wilson", [4, 6, 6, 6], 5.8);
        var analysis = new AnalysisDocument { Theory = exact.Theory, Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = EnsembleAnalysis.Analyze(series, exact) } };
        return new ReportData { Name = "polyakov", Analysis = analysis, Ensembles = [series] };
    }

    private static XElement Figure(XElement page, string label) => page.Descendants("svg").Single(svg => svg.Attribute("aria-label")!.Value == label);

    private static (double X, double Y)[] Points(XElement path) =>
        [.. Coordinates().Matches(path.Attribute("d")!.Value).Select(match => (Number(match.Groups[1].Value), Number(match.Groups[2].Value)))];

    // Labels of an axis with the place of each: those of x are centred, those of y end at the axis.
    private static (double Value, double Pixel)[] Ticks(XElement svg, string axis) =>
        [.. svg.Descendants("g").First(group => group.Attribute("class")!.Value == "axes").Elements("text").Where(text => text.Attribute("class") is null && text.Attribute("text-anchor")!.Value == (axis == "x" ? "middle" : "end"))
            .Select(text => (Number(text.Value.Replace('−', '-')), Number(text.Attribute(axis)!.Value)))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("[ML](-?[0-9.]+) (-?[0-9.]+)")]
    private static partial Regex Coordinates();
}
