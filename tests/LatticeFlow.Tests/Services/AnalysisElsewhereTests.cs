using System.Text.Json.Nodes;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests.Services;

/// <summary>Analysis and report of what is not held: a run at work, one that may not be written, an imported ensemble.</summary>
public sealed class AnalysisElsewhereTests : IDisposable
{
    private readonly CommandRun run = new(MeasureTests.U1);

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_run_at_work_is_looked_at_and_called_unfinished()
    {
        string directory = Unfinished();
        using (DirectoryLock.Acquire(directory))
        {
            var (code, output, error) = CommandRun.Invoke("analyze", directory);
            Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
            Assert.Contains("nothing is written there; --output DIR takes analysis.json and report.html", error, StringComparison.Ordinal);
            Assert.Contains("hmc (unfinished)", output, StringComparison.Ordinal);
            Assert.False(File.Exists(run.At("a", "analysis.json")) || File.Exists(run.At("a", "report.html")));

            (code, output, _) = CommandRun.Invoke("analyze", directory, "--json", "--output", run.At("out", "deep"));
            Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed);
            var ensemble = JsonNode.Parse(output)!["ensembles"]!["hmc"]!;
            Assert.True((bool)ensemble["unfinished"]!);
            Assert.Equal((200, 250), ((int)ensemble["configurations"]!, (int)ensemble["requested"]!));
            Assert.Equal(output, File.ReadAllText(run.At("out", "deep", "analysis.json")));
            string page = File.ReadAllText(run.At("out", "deep", "report.html"));
            Assert.Contains("200 of 250, unfinished", page, StringComparison.Ordinal);
            Assert.False(File.Exists(run.At("a", "analysis.json")));

            (code, _, error) = CommandRun.Invoke("report", directory);
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("is in use", error, StringComparison.Ordinal);
            Assert.Contains("write the page elsewhere: --output DIR", error, StringComparison.Ordinal);
            Assert.Equal(run.At("other", "report.html"), CommandRun.Invoke("report", directory, "--output", run.At("other")).Output.Trim());
            Assert.Equal(page, File.ReadAllText(run.At("other", "report.html")));
        }

        // When it has ended it is written, and the rest is not missed.
        Assert.Equal(ExitCode.Done, run.In("a", "sample", "--resume").Code);
        Assert.DoesNotContain("unfinished", CommandRun.Invoke("analyze", directory).Output, StringComparison.Ordinal);
        Assert.True(File.Exists(run.At("a", "report.html")));
        Assert.Contains("give one run directory", CommandRun.Invoke("analyze", directory, directory, "--output", run.At("out")).Error, StringComparison.Ordinal);
    }

    [MountFact]
    public void A_run_that_may_not_be_written_is_looked_at()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        string mounted = run.At("mounted");
        Directory.CreateDirectory(mounted);
        Assert.Equal(0, Shell.Run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", mounted).ExitCode);
        try
        {
            StoredRun.CopyTo(run.At("a"), mounted);
            Assert.Equal(0, Shell.Run("mount", "-o", "remount,ro", mounted).ExitCode);
            var (code, output, error) = CommandRun.Invoke("analyze", mounted);
            Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
            Assert.Contains("nothing is written there", error, StringComparison.Ordinal);
            Assert.Contains("plaquette", output, StringComparison.Ordinal);
            Assert.True(CommandRun.Invoke("analyze", mounted, "--output", run.At("out")).Code is ExitCode.Done or ExitCode.DiagnosticsFailed);
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", mounted, "--output", run.At("out")).Code);
            (code, _, error) = CommandRun.Invoke("measure", mounted, "--observables", "polyakov_re");
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("measure a copy of it", error, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("umount", mounted);
        }
    }

    [Fact]
    public void An_imported_ensemble_is_measured_analysed_and_reported()
    {
        string imported = run.At("imported");
        string[] files = [.. Enumerable.Range(0, 24).Select(i =>
        {
            string path = run.At($"chain-r{i % 2:D3}-{100 + (i / 2 * 10):D6}.nersc");
            new NerscFile().Write(path, GaugeSamples.Random(2, i, 2, 2, 2, 2), new());
            return path;
        })];
        Assert.Equal(ExitCode.Done, CommandRun.Invoke(["import", .. files, "--to", imported, "--beta", "0"]).Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", imported, "--observables", "polyakov_re,polyakov_abs,clover_charge_flow0.2,flow_energy_0.4,wilson_loop_1x2").Code);
        var (code, output, error) = CommandRun.Invoke("analyze", imported, "--json");
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, error);
        var ensemble = JsonNode.Parse(output)!["ensembles"]!["import"]!;
        var observables = ensemble["observables"]!.AsObject();
        foreach (string name in new[] { "plaquette", "link_trace", "polyakov_re", "clover_charge_flow0.2", "flow_energy_0.4", "polyakov_susceptibility", "clover_susceptibility_flow0.2" })
            Assert.True(observables.ContainsKey(name), $"{name} in {string.Join(", ", observables.Select(entry => entry.Key))}");
        Assert.Equal(4, ensemble["flow_energy"]!.AsArray().Count);
        Assert.Equal((2, 10), ((int)ensemble["replicas"]!, (int)ensemble["stride"]!));

        // Without an action links are Haar-random: ⟨P⟩ = 0 is known, and compared.
        Assert.Equal(0, (double)observables["wilson_loop_1x2"]!["exact"]!);
        Assert.NotNull(observables["polyakov_re"]!["pull"]);
        string page = File.ReadAllText(Path.Join(imported, "report.html"));
        Assert.Contains("import: 24 configurations of other codes", page, StringComparison.Ordinal);
        Assert.Contains("chain-r000-000100.nersc", page, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("report", imported).Code);
        Assert.Equal(page, File.ReadAllText(Path.Join(imported, "report.html")));
        Assert.Equal(ExitCode.Done, StoredRun.Verify(imported).Code);

        (_, output, _) = CommandRun.Invoke("analyze", imported, "--json", "--set", "analyze.observables=[\"polyakov_abs\"]", "--output", run.At("out"));
        Assert.Equal(["polyakov_abs", "polyakov_susceptibility"], JsonNode.Parse(output)!["ensembles"]!["import"]!["observables"]!.AsObject().Select(entry => entry.Key).Take(2));
        (code, _, error) = CommandRun.Invoke("analyze", imported, "--set", "theory.action.beta=2");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("theory.action.beta cannot be changed", error, StringComparison.Ordinal);
    }

    /// <summary>A run of which the last segment is not listed yet.</summary>
    private string Unfinished()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        string folder = run.At("a", "ensemble", "hmc"), manifest = Path.Join(folder, "manifest.jsonl"), text = File.ReadAllText(manifest);
        File.WriteAllText(manifest, text[..(text.TrimEnd('\n').LastIndexOf('\n') + 1)]);
        string last = Path.Join(folder, "seg-000002.h5");
        File.SetAttributes(last, FileAttributes.Normal);
        File.Delete(last);
        return run.At("a");
    }
}
