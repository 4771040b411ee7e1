using System.Text.Json.Nodes;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>What lies around in a run, or is not what it says: everything ends with a sentence and the right code, and nothing is lost.</summary>
public sealed class DamagedSurroundingsTests : IDisposable
{
    private const string Configuration = """
        [run]
        name = "around"
        device = "cpu"
        threads = 1
        [theory]
        extents = [4, 4]
        action = { kind = "wilson", beta = 1.0 }
        [[sample]]
        sampler = "hmc"
        steps = 4
        configurations = 48
        replicas = 4
        thermalization = 10
        segment = 16
        store_every = 2
        [analyze]
        observables = ["plaquette"]
        """;

    private readonly CommandRun run = new(Configuration);

    public DamagedSurroundingsTests() => Assert.True(run.In("run", "run").Code is ExitCode.Done or ExitCode.DiagnosticsFailed);

    private string Path1(params string[] parts) => run.At(["run", .. parts]);

    public void Dispose() => run.Dispose();

    [Fact]
    public void What_is_not_of_the_run_is_not_counted_as_stored_and_links_are_not_followed()
    {
        using (var notes = File.Create(Path1("notes.h5"))) notes.SetLength(3L << 40);
        if (OperatingSystem.IsLinux())
        {
            File.CreateSymbolicLink(Path1("loop"), ".");
            File.CreateSymbolicLink(Path1("ensemble", "root"), "/");
        }

        var (code, _, error) = run.In("run", "run", "--resume", "--dry-run", "--set", "sample.hmc.configurations=2147483647");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("are free where", error, StringComparison.Ordinal);
        Assert.True(run.In("run", "run", "--resume").Code is ExitCode.Done or ExitCode.DiagnosticsFailed);
    }

    /// <summary>Killed after provenance.json says what the run grows to and before resolved.toml does.</summary>
    [Fact]
    public void A_growth_that_was_not_carried_out_is_none()
    {
        string before = File.ReadAllText(Path1("resolved.toml"));
        var (code, _, error) = CommandRun.Invoke("extend", Path1(), "--configurations", "64");
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
        File.WriteAllText(Path1("resolved.toml"), before);
        Assert.DoesNotContain("resolved.toml", StoredRun.Verify(Path1()).Failed);
        File.WriteAllText(Path1("resolved.toml"), before.Replace("configurations = 48", "configurations = 56", StringComparison.Ordinal));
        Assert.Contains("resolved.toml", StoredRun.Verify(Path1()).Failed);
    }

    [Fact]
    public void What_is_measured_after_an_analysis_does_not_make_it_wrong()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", Path1(), "--observables", "wilson_loop_1x2").Code);
        Assert.DoesNotContain("analysis.json", StoredRun.Verify(Path1()).Failed);
        CommandRun.Invoke("analyze", Path1());
        Assert.DoesNotContain("analysis.json", StoredRun.Verify(Path1()).Failed);
        Assert.Contains("wilson_loop_1x2", File.ReadAllText(Path1("analysis.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[]""", "names no observable")]
    [InlineData("""["plaquette", "plaquette"]""", "names an observable twice")]
    [InlineData("""[null]""", "has no name")]
    [InlineData("""["foo"]""", "'foo' is unknown")]
    public void A_measured_set_that_is_none_is_corrupt(string observables, string message)
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", Path1(), "--observables", "wilson_loop_1x2").Code);
        string file = Path1("ensemble", "hmc", "measurements", "set-001", "set.json");
        var set = JsonNode.Parse(File.ReadAllText(file))!;
        set["observables"] = JsonNode.Parse(observables);
        File.WriteAllText(file, set.ToJsonString());
        // What is complete is not measured again, so that its names matter to those who read it.
        File.Delete(Path1("ensemble", "hmc", "measurements", "set-001", "manifest.jsonl"));
        var (code, _, error) = CommandRun.Invoke("measure", Path1());
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_sets_do_not_overflow()
    {
        Directory.CreateDirectory(Path1("ensemble", "hmc", "measurements", "set-2147483647"));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", Path1(), "--observables", "wilson_loop_1x2").Code);
        Assert.True(Directory.Exists(Path1("ensemble", "hmc", "measurements", "set-001")));
    }

    [Fact]
    public void An_analysis_without_its_format_is_none()
    {
        File.WriteAllText(Path1("analysis.json"), "{}");
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("compare", Path1()).Code);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("report", Path1()).Code);
    }

    [Fact]
    public void A_run_is_compared_once()
    {
        var (code, _, error) = CommandRun.Invoke("compare", Path1(), Path1() + Path.DirectorySeparatorChar);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("is given twice", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_takes_for_ever_is_watched()
    {
        string metrics = Path1("metrics.jsonl");
        File.WriteAllText(metrics, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(metrics), "\"seconds\":[0-9.eE+-]+", "\"seconds\":1e300"));
        string resolved = Path1("resolved.toml");
        File.WriteAllText(resolved, File.ReadAllText(resolved).Replace("configurations = 48", "configurations = 480", StringComparison.Ordinal));
        var (code, output, error) = CommandRun.Invoke("watch", Path1(), "--once");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("48/480", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_file_that_is_no_gzip_is_corrupt()
    {
        string file = run.At("series.txt.gz");
        File.WriteAllText(file, "1 2 3\n4 5 6\n");
        var (code, _, error) = CommandRun.Invoke("analyze", file);
        Assert.Equal(ExitCode.CorruptData, code);
        Assert.Contains("series.txt.gz", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("theory.action.beta=0:79228162514264337593543950335:0.0000001")]
    [InlineData("theory.action.beta=79228162514264337593543950334:79228162514264337593543950335:1")]
    [InlineData("theory.action.beta=-79228162514264337593543950335:79228162514264337593543950335:1")]
    [InlineData("theory.action.beta=0:1000000000000:1")]
    [InlineData("theory.action.beta=2:1:0.1")]
    [InlineData("theory.action.beta=1,1.0")]
    public void Sweeps_of_numbers_that_cannot_be_are_refused(string text) => Assert.Throws<UserErrorException>(() => SweepAxis.Parse(text));

    [Fact]
    public void Ranges_have_their_ends()
    {
        Assert.Equal(["5.6", "5.65", "5.7"], SweepAxis.Parse("theory.action.beta=5.6:5.7:0.05").Values);
        Assert.Equal(["2", "1.5", "1"], SweepAxis.Parse("theory.action.beta=2:1:-0.5").Values);
        Assert.Equal(["3"], SweepAxis.Parse("theory.action.beta=3:3:1").Values);
    }
}
