using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>Whatever stands in <c>analysis.json</c>, reading and showing it ends soon, in a page or in an error that names file and key.</summary>
[Trait("Category", Fuzzing.Category)]
public class AnalysisMutationTests
{
    private const int Mutants = 400;

    // A hang guard: a page takes some ten milliseconds.
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    private static readonly string[] _values =
    [
        "1e308", "-1e308", "1.7976931348623157e308", "1e-310", "5e-324", "-0.0", "0", "-1", "1", "1e16", "9007199254740993", "2147483647", "-2147483648", "9223372036854775807", "1e999", "-1e999",
        "null", "true", "\"x\"", "\"\"", "[]", "{}", "[null]", "[1e308, -1e308]", "{\"a\": null}", "0.1", "1.0", "1e5",
    ];

    private static readonly Lazy<string> _text = new(Text);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_mutant_is_a_page_or_an_error_that_names_the_file(int seed)
    {
        var random = new Random(4000 + seed);
        int pages = 0, refused = 0;
        for (int mutant = 0; mutant < Fuzzing.Mutants(Mutants / 4); mutant++)
        {
            string text = Mutate(random);
            if (Shown(text, $"mutant {mutant} of seed {seed}")) pages++;
            else refused++;
        }

        // Both happen, or nothing was tried.
        Assert.True(pages > 5 && refused > 5, $"{pages} pages, {refused} refused");
    }

    [Theory]
    [InlineData("ensembles.hmc.observables.plaquette.mean")]
    [InlineData("ensembles.hmc.observables.plaquette.error")]
    [InlineData("ensembles.hmc.observables.plaquette.exact")]
    [InlineData("ensembles.hmc.observables.plaquette.pull")]
    [InlineData("ensembles.hmc.observables.plaquette.tau_int")]
    [InlineData("ensembles.hmc.charge_distribution.0.probability")]
    [InlineData("ensembles.hmc.charge_distribution.0.exact")]
    [InlineData("ensembles.hmc.flow_energy.1.energy")]
    [InlineData("ensembles.hmc.flow_energy.1.time")]
    [InlineData("ensembles.hmc.two_point.0.value")]
    [InlineData("ensembles.hmc.theta.0.theta")]
    [InlineData("flow.ln_z")]
    [InlineData("flow.ln_z_exact")]
    [InlineData("flow.log_weight_variance")]
    [InlineData("flow.variance_of_log_weight")]
    [InlineData("flow.ess")]
    [InlineData("theory.beta")]
    public void A_number_of_any_size_is_shown(string path)
    {
        foreach (string value in (string[])["1e308", "-1e308", "1e-310", "-1e-310", "5e-324", "1e16", "0"])
            Assert.True(Shown(With(path, value), $"{path} = {value}"), $"{path} = {value} is a number and was refused");
    }

    [Theory]
    [InlineData("ensembles.hmc.seconds", "\"long\"", "ensembles.hmc.seconds")]
    [InlineData("ensembles.hmc.configurations", "1e5", "ensembles.hmc.configurations")]
    [InlineData("ensembles.hmc.configurations", "true", "ensembles.hmc.configurations")]
    [InlineData("ensembles.hmc.observables", "null", "ensembles.hmc.observables")]
    [InlineData("ensembles.hmc.observables.plaquette", "null", "ensembles.hmc.observables.plaquette")]
    [InlineData("ensembles.hmc.observables.plaquette.autocorrelation.rho", "[1]", "ensembles.hmc.observables.plaquette.autocorrelation")]
    [InlineData("ensembles.hmc.observables.plaquette.autocorrelation.lag", "[]", "ensembles.hmc.observables.plaquette.autocorrelation")]
    [InlineData("ensembles.hmc.warnings", "[null]", "ensembles.hmc.warnings")]
    [InlineData("ensembles.hmc.charge_distribution.0.charge", "-2147483648", "ensembles.hmc.charge_distribution")]
    [InlineData("ensembles.hmc", "null", "ensembles.hmc")]
    [InlineData("ensembles", "null", "ensembles")]
    [InlineData("flow.ess", "1e999", "flow.ess")]
    [InlineData("flow.samples", "0", "flow.samples")]
    [InlineData("theory.extents", "[]", "theory.extents")]
    [InlineData("format", "2", "format")]
    public void What_cannot_be_is_refused_by_its_key(string path, string value, string key)
    {
        var error = Assert.Throws<UserErrorException>(() => AnalysisDocument.FromJson(With(path, value), "run/analysis.json"));
        Assert.Equal((ExitCode.CorruptData, "run/analysis.json"), (error.ExitCode, error.File));
        Assert.StartsWith(key, error.Key, StringComparison.Ordinal);
        Assert.StartsWith($"run/analysis.json: {error.Key}: is not a valid analysis: ", error.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_stands_twice_is_refused()
    {
        string text = _text.Value.Replace("\"stride\": 2,", "\"stride\": 2, \"stride\": 3,", StringComparison.Ordinal);
        var error = Assert.Throws<UserErrorException>(() => AnalysisDocument.FromJson(text, "analysis.json"));
        Assert.Equal(ExitCode.CorruptData, error.ExitCode);
        Assert.Contains("stride", error.Report, StringComparison.Ordinal);
    }

    private static bool Shown(string text, string what)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            AnalysisDocument document;
            try
            {
                document = AnalysisDocument.FromJson(text, "analysis.json");
            }
            catch (UserErrorException exception)
            {
                Assert.Equal((ExitCode.CorruptData, "analysis.json"), (exception.ExitCode, exception.File));
                return false;
            }

            string page = ReportPage.Render(SampleReport.Data with { Analysis = document });
            Assert.NotNull(XDocument.Parse(page).Root);
            Assert.True(page.Length < 4_000_000, $"{what}: a page of {page.Length} characters");
            return true;
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{what}: {exception.GetType().Name}: {exception.Message}", exception);
        }
        finally
        {
            Assert.True(watch.Elapsed < _long, $"{what} took {watch.Elapsed}");
        }
    }

    // All that a document can have, whatever the sample has.
    private static string Text()
    {
        AnalysisDocument sample = SampleReport.Data.Analysis;
        var theta = new ThetaDocument(0.5, new ReweightedDocument(0.8, 0.01, 0.81, -1), new Dictionary<string, ReweightedDocument> { ["plaquette"] = new(0.6, 0.01, null, null) });
        return (sample with
        {
            Ensembles = sample.Ensembles.ToDictionary(pair => pair.Key, pair => pair.Key != "hmc" ? pair.Value : pair.Value with
            {
                FlowEnergy = [new(0.1, 0.5, 0.01), new(0.2, 0.4, 0.01)],
                TwoPoint = [new(0, 1, 0.1, 1.1), new(1, 0.5, 0.1, 0.45)],
                Theta = [theta],
            }),
        }).ToJson();
    }

    private static string With(string path, string value)
    {
        var root = JsonNode.Parse(_text.Value)!;
        string[] steps = path.Split('.');
        JsonNode node = root;
        foreach (string step in steps[..^1]) node = node is JsonArray array ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        // Parsed late, so that numbers beyond a double survive.
        const string Mark = "@@@";
        if (node is JsonArray list) list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = Mark;
        else node[steps[^1]] = Mark;
        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }

    private static string Mutate(Random random)
    {
        var root = JsonNode.Parse(_text.Value)!;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            JsonNode node = root;
            while (true)
            {
                JsonNode?[] children = node switch
                {
                    JsonObject table => [.. table.Select(pair => pair.Value)],
                    JsonArray list => [.. list],
                    _ => [],
                };
                JsonNode? child = children.Length == 0 ? null : children[random.Next(children.Length)];
                if (child is null or JsonValue || random.Next(8) == 0)
                    break;
                node = child;
            }

            Change(node, random);
        }

        string text = root.ToJsonString();
        foreach (string value in _values) text = text.Replace($"\"@{value.Replace("\"", "\\u0022", StringComparison.Ordinal)}@\"", value, StringComparison.Ordinal);
        if (random.Next(6) != 0)
            return text;
        // Damage of the text itself, and a key that stands twice.
        int at = random.Next(text.Length - 1);
        return random.Next(3) switch
        {
            0 => text[..at],
            1 => text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)),
            _ => text.Replace("\"replicas\":", "\"stride\":1,\"replicas\":", StringComparison.Ordinal),
        };
    }

    private static void Change(JsonNode node, Random random)
    {
        JsonNode value = $"@{_values[random.Next(_values.Length)]}@";
        if (node is JsonObject { Count: > 0 } table)
        {
            string key = table.Skip(random.Next(table.Count)).First().Key;
            if (random.Next(6) == 0) table.Remove(key);
            else table[key] = value;
        }
        else if (node is JsonArray { Count: > 0 } list)
        {
            int at = random.Next(list.Count);
            if (random.Next(6) == 0) list.RemoveAt(at);
            else list[at] = value;
        }
    }
}
