using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LatticeFlow.Cli.Output;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class ReportPageTests
{
    private static readonly Lazy<string> _page = new(() => ReportPage.Render(SampleReport.Data));

    [Fact]
    public void A_sample_is_left_for_the_browser_check()
    {
        // scripts/check-report.sh opens this page in headless Chromium.
        string directory = Path.Join(AppContext.BaseDirectory, "sample-report");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Join(directory, "report.html"), _page.Value);
        File.WriteAllText(Path.Join(directory, "analysis.json"), SampleReport.Data.Analysis.ToJson());
        Assert.InRange(_page.Value.Length, 50_000, 2_000_000);
    }

    [Fact]
    public void The_page_is_well_formed_and_asks_for_nothing_outside()
    {
        XElement page = XDocument.Parse(_page.Value).Root!;
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "image" or "use");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "srcset" or "action");
        Assert.All(page.Descendants().Attributes("href"), link => Assert.Contains(page.Descendants().Attributes("id"), id => "#" + id.Value == link.Value));
        Assert.DoesNotMatch(new Regex(@"url\(|@import|https?:", RegexOptions.IgnoreCase), string.Concat(page.Descendants("style").Select(style => style.Value)));
        // In HTML <div/> opens a div and closes nothing.
        Assert.DoesNotMatch(new Regex("<(div|span|td|th|p|section|figure|svg|g|text|title|ul|dl|dd)( [^>]*)?/>"), _page.Value);
    }

    [Fact]
    public void Numbers_of_the_page_are_those_of_the_file()
    {
        AnalysisDocument file = AnalysisDocument.FromJson(SampleReport.Data.Analysis.ToJson());
        XElement page = XDocument.Parse(_page.Value).Root!;
        double[] shown = [.. page.Descendants().Attributes("data-mean").Select(mean => double.Parse(mean.Value, CultureInfo.InvariantCulture))];
        double[] stored = [.. file.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Values).Select(result => result.Mean)];
        Assert.Equal(stored.Order(), shown.Order());
        foreach (ObservableDocument result in file.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Values))
            Assert.Contains(ValueWithError.Format(result.Mean, result.Error), _page.Value, StringComparison.Ordinal);
        Assert.Contains(ValueWithError.Format(file.Flow!.LogZ, file.Flow.LogZError), _page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Headline_numbers_come_first_and_provenance_last()
    {
        string[] order = ["<h1>", "class=\"verdict ", "class=\"cards\"", "id=\"warnings\"", "id=\"results\"", "id=\"flow\"", "id=\"topology\"", "id=\"autocorrelation\"", "id=\"histories\"", "id=\"convergence\"", "id=\"configuration\"", "id=\"provenance\""];
        int[] places = [.. order.Select(part => _page.Value.IndexOf(part, StringComparison.Ordinal))];
        Assert.All(places, place => Assert.InRange(place, 1, _page.Value.Length));
        Assert.Equal(places.Order(), places);
        Assert.Contains("one of 65536 weights carries", _page.Value, StringComparison.Ordinal);
        Assert.EndsWith("</dl></section></main></body></html>\n", _page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_failed_stands_above_all_numbers_in_words()
    {
        Finding finding = new("hmc", "plaquette", "hmc, plaquette: 7.0 sigma from the exact result"), tolerated = new("heatbath", null, "heatbath: frozen");
        XElement page = XDocument.Parse(ReportPage.Render(SampleReport.Data with { Failures = [finding], Tolerated = [tolerated] })).Root!;
        XElement verdict = page.Descendants("main").Single().Elements("section").First();
        Assert.Equal(("verdict failed", "alert", "✗ Failed: one check"), (verdict.Attribute("class")!.Value, verdict.Attribute("role")!.Value, verdict.Element("h2")!.Value));
        Assert.Equal([finding.Text, tolerated.Text], verdict.Descendants("li").Select(line => line.Value));
        XElement results = page.Descendants("section").Single(section => section.Attribute("id")?.Value == "results");
        // One row of the results, and no row of the samplers: it is one observable that failed.
        XElement row = Assert.Single(results.Descendants("tr"), row => row.Attribute("class")?.Value.Contains("failed", StringComparison.Ordinal) == true);
        Assert.Equal(["plaquette", "hmc✗ failed"], row.Elements("td").Take(2).Select(cell => cell.Value));

        XElement frozen = XDocument.Parse(ReportPage.Render(SampleReport.Data with { Failures = [new("hmc", null, "hmc: frozen")] })).Root!;
        Assert.Equal(SampleReport.Data.Analysis.Ensembles["hmc"].Observables.Count + 1, frozen.Descendants("tr").Count(tr => tr.Attribute("class")?.Value.Contains("failed", StringComparison.Ordinal) == true));
        Assert.DoesNotContain("class=\"badge\"", _page.Value, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict doubtful\"", _page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_that_failed_says_so_in_its_card()
    {
        AnalysisDocument analysis = SampleReport.Data.Analysis with { Flow = SampleReport.Data.Analysis.Flow! with { Verdict = FlowVerdict.Failed, VerdictReasons = ["it misses half"] } };
        XElement card = XDocument.Parse(ReportPage.Render(SampleReport.Data with { Analysis = analysis })).Descendants("div").First(div => div.Attribute("class")?.Value == "card failed");
        Assert.StartsWith("Flow ✗ failed", card.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_outside_stays_text()
    {
        string page = ReportPage.Render(new ReportData { Name = "<script>alert(1)</script>\u0001", Analysis = new AnalysisDocument() });
        Assert.Equal("<script>alert(1)</script>\uFFFD", XDocument.Parse(page).Descendants("h1").Single().Value);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Frozen_and_single_valued_chains_still_give_a_page()
    {
        var series = new EnsembleSeries
        {
            Sampler = "hmc",
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [[0.5]], ["topological_charge"] = [[0.0]] },
        };
        var analysis = new AnalysisDocument { Theory = SampleReport.Exact.Theory, Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = EnsembleAnalysis.Analyze(series, SampleReport.Exact) } };
        string page = ReportPage.Render(new ReportData { Name = "one", Analysis = analysis, Ensembles = [series], LogWeights = [double.NegativeInfinity, 0], Training = new TrainingCurve([1], [double.NaN], [0.5], [0]) });
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(page).Root);
    }

    [Fact]
    public void The_closing_table_is_plain_aligned_text()
    {
        var output = new StringWriter();
        ConsoleTable.Write(SampleReport.Data.Analysis, output);
        string text = output.ToString();
        Assert.DoesNotContain('\u001b', text);
        Assert.StartsWith("flow: ESS ", text, StringComparison.Ordinal);
        string[] lines = text.Split('\n');
        ObservableDocument plaquette = SampleReport.Data.Analysis.Ensembles["hmc"].Observables["plaquette"];
        string row = lines.Single(line => line.StartsWith("hmc ", StringComparison.Ordinal));
        Assert.Contains($" {ValueWithError.Format(plaquette.Mean, plaquette.Error)} ", row, StringComparison.Ordinal);
        Assert.Equal(lines[1].Length, row.Length);

        var json = new StringWriter();
        ConsoleTable.Write(SampleReport.Data.Analysis, json, json: true);
        Assert.Equal(SampleReport.Data.Analysis.ToJson(), json.ToString());
    }
}
