using System.Text.Json.Nodes;
using static LatticeFlow.Tests.StoredRun;

namespace LatticeFlow.Tests;

/// <summary>Records beside the data that are damaged or missing: what needs them says so by file and key (exit code 4), what does not goes on, and nothing ends as a defect of the program.</summary>
public sealed class DamagedRecordsTests(StoredRun run) : IClassFixture<StoredRun>
{
    [Theory]
    [InlineData("missing", null)]
    [InlineData("empty", "")]
    [InlineData("torn", "{ \"version\": \"0.1")]
    [InlineData("another kind", "[1, 2]")]
    [InlineData("null", "null")]
    [InlineData("twice", "{ \"seed\": 1, \"seed\": 2 }")]
    public void Provenance_does_not_block_a_resume(string what, string? text)
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "provenance.json");
        if (text is null) File.Delete(path);
        else File.WriteAllText(path, text);
        // Something is left to do.
        Directory.Delete(Path.Join(copy, "ensemble", "heatbath"), recursive: true);
        var (code, _, error) = CommandRun.Invoke("sample", Path.Join(copy, "config.toml"), "--run-dir", copy, "--resume");
        Assert.True(code == ExitCode.Done, $"{what}: {error}");
        Assert.Contains($"provenance.json was {(text is null ? "missing" : "damaged: it is kept as provenance.json.damaged")}", error, StringComparison.Ordinal);
        if (text is not null) Assert.Equal(text, File.ReadAllText(path + ".damaged"));
        var now = JsonNode.Parse(File.ReadAllText(path))!;
        var life = Assert.Single(now["resumes"]!.AsArray())!;
        Assert.NotNull((string?)now["note"]);
        Assert.Equal(ExitCode.Done, (int)life["exit_code"]!);
        Assert.Equal(File.ReadAllBytes(Path.Join(run.Directory, "ensemble", "heatbath", "seg-000002.h5")), File.ReadAllBytes(Path.Join(copy, "ensemble", "heatbath", "seg-000002.h5")));
        // What is judged by it is not judged, and the rest is.
        (code, _, var output) = Verify(copy);
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output);
        Assert.Contains("ok   heatbath: repeated start: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"stride\": 2", "\"stride\": 2, \"stride\": 3", "stride")]
    [InlineData("\"replicas\": 4", "\"replicas\": \"four\"", "ensembles.hmc.replicas")]
    [InlineData("\"ensembles\": {", "\"ensembles\": [], \"others\": {", "ensembles")]
    [InlineData("\"seconds\": ", "\"seconds\": 1e999, \"minutes\": ", "ensembles.hmc.seconds")]
    public void A_report_of_a_damaged_analysis_names_file_and_key(string old, string now, string key)
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "analysis.json");
        Replace(path, old, now);
        var (code, _, error) = CommandRun.Invoke("report", copy);
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains($"{path}: ", error, StringComparison.Ordinal);
        Assert.Contains(key, error, StringComparison.Ordinal);
        (code, var failed, var output) = Verify(copy);
        Assert.True(failed.Contains("analysis.json"), output);
        Assert.Equal(ExitCode.CorruptData, code);
    }

    [Fact]
    public void Records_of_metrics_that_are_no_records_are_left_out()
    {
        var copy = run.Copy();
        File.AppendAllText(Path.Join(copy, "metrics.jsonl"), string.Concat(
            "{\"kind\":\"sample\",\"sample\":5,\"segment\":1}\n", "{\"kind\":7}\n", "{\"kind\":\"sample\",\"kind\":\"train\"}\n", "[1]\n", "null\n", "{\"kind\":\"train\",\"step\":\n",
            "{\"kind\":\"sample\",\"sample\":\"hmc\",\"segment\":\"one\",\"seconds\":{}}\n", "{\"kind\":\"sample\",\"sample\":\"hmc\",\"segment\":0,\"seconds\":1e308,\"configurations\":100}\n",
            "{\"kind\":\"train\",\"step\":1,\"loss\":1e308,\"ess\":1e-310,\"log_weight_variance\":1e308}\n", "{\"kind\":\"train\",\"step\":1e999,\"loss\":-1e308,\"ess\":5,\"log_weight_variance\":1e-310}\n"));
        foreach (var command in new[] { "analyze", "report" })
        {
            var (code, _, error) = CommandRun.Invoke(command, copy);
            Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
        }
        Assert.True(new FileInfo(Path.Join(copy, "report.html")).Length > 0);
    }
}
