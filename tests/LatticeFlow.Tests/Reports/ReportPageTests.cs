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
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" or "srcset" or "action");
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
    public void Warnings_come_before_every_result()
    {
        int warnings = _page.Value.IndexOf("class=\"warnings\"", StringComparison.Ordinal), cards = _page.Value.IndexOf("class=\"cards\"", StringComparison.Ordinal);
        Assert.InRange(warnings, 1, cards);
        Assert.Contains("one of 65536 weights carries", _page.Value, StringComparison.Ordinal);
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
