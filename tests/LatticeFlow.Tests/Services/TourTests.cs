using System.IO.Compression;
using System.Text.Json.Nodes;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A user comes back the next morning: one SU(3) run in four dimensions grows, is measured and analysed again, is put beside others, and leaves in every format.</summary>
public sealed class TourTests : IDisposable
{
    private const string Theory = """
        [run]
        name = "tour"
        device = "cpu"
        threads = 1
        seed = 11
        precision = "double"
        [theory]
        group = "SU3"
        extents = [4, 4, 4, 4]
        action = { kind = "wilson", beta = 5.2 }
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 48
        replicas = 4
        thermalization = 30
        segment = 16
        [analyze]
        observables = ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2"]
        """;

    private const string Later = "wilson_loop_3x3_ape2";

    private readonly CommandRun run = new(Theory);

    public void Dispose() => run.Dispose();

    [Fact]
    public void A_run_grows_is_measured_and_analysed_again_and_leaves_in_every_format()
    {
        Assert.Equal(ExitCode.Done, run.In("short", "sample").Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("extend", run.At("short"), "--configurations", "96").Code);
        Assert.Equal(ExitCode.Done, run.In("long", "sample", "--set", "sample.heatbath.configurations=96", "--set", $"analyze.observables=[\"plaquette\",\"wilson_loop_1x2\",\"wilson_loop_2x2\",\"{Later}\",\"flow_energy_0.5\"]").Code);
        SameRows("short", "long");

        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("short"), "--observables", Later, "flow_energy_0.5").Code);
        EnsembleColumns measured = Columns("short"), asked = Columns("long");
        Assert.Equal(asked.Read(Later), measured.Read(Later));
        for (int component = 0; component < 5; component++) Assert.Equal(asked.Read("flow_energy_0.5", component), measured.Read("flow_energy_0.5", component));

        Analyze("analyze", run.At("short"), "--s", "2", "--discard", "4", "--derive", "creutz = -log(W22*P/(W12*W12))", "--derive", "loss = 1 - P");
        var document = AnalysisDocument.FromJson(File.ReadAllText(run.At("short", "analysis.json")));
        var ensemble = document.Ensembles["heatbath"];
        Assert.Equal((80L, 4), (ensemble.Configurations, ensemble.Discarded));
        Assert.All(ensemble.Observables.Values, result => Assert.Equal(2, result.S));
        Assert.Equal(ensemble.Observables["creutz_ratio_2x2"].Mean, ensemble.Observables["creutz"].Mean, 1e-10);
        Assert.Equal(ensemble.Observables["creutz_ratio_2x2"].Error, ensemble.Observables["creutz"].Error, 1e-6 * ensemble.Observables["creutz"].Error);
        Assert.Equal(1 - ensemble.Observables["plaquette"].Mean, ensemble.Observables["loss"].Mean, 1e-12);
        Assert.Contains(Later, ensemble.Observables.Keys);
        Assert.Equal(5, ensemble.FlowEnergy.Count);
        Assert.Contains("creutz", File.ReadAllText(run.At("short", "report.html")), StringComparison.Ordinal);
        Assert.DoesNotContain(StoredRun.Verify(run.At("short")).Output.Split('\n'), line => line.StartsWith("FAIL", StringComparison.Ordinal) || line.StartsWith("BAD", StringComparison.Ordinal));

        Leaves();
    }

    /// <summary>Three couplings by a sweep, joined by multi-histogram reweighting, give what a run at a fourth gives: within 2 σ of both errors, plaquette and 2×2 loop. The seed is fixed; chance alone would exceed it in one of eleven seeds.</summary>
    [Fact]
    public void Three_couplings_reweighted_agree_with_a_direct_run_at_a_fourth()
    {
        string[] many = ["--set", "sample.heatbath.configurations=240", "--set", "sample.heatbath.segment=60"];
        var (code, output, error) = run.In("scan", "run", ["--sweep", "theory.action.beta=2.0:2.4:0.2", .. many]);
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output + error);
        (code, output, error) = run.In("fourth", "run", ["--set", "theory.action.beta=2.3", "--set", "run.seed=77", .. many]);
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output + error);
        (code, output, error) = CommandRun.Invoke("compare", run.At("scan"), "--reweight", "2.3", "--json");
        Assert.True(code == ExitCode.Done, output + error);
        var direct = AnalysisDocument.FromJson(File.ReadAllText(run.At("fourth", "analysis.json"))).Ensembles["heatbath"].Observables;
        var curves = JsonNode.Parse(output)!["reweighting"]!["curves"]!.AsArray();
        foreach (var name in new[] { "plaquette", "wilson_loop_2x2" })
        {
            var point = curves.Single(curve => (string?)curve!["name"] == name)!["points"]!.AsArray().Single()!;
            double value = (double)point["value"]!, own = (double)point["error"]!;
            Assert.Equal(2.3, (double)point["beta"]!);
            Assert.InRange(Math.Abs(value - direct[name].Mean) / Math.Sqrt((own * own) + (direct[name].Error * direct[name].Error)), 0, 2);
            // Three runs together know more than one.
            Assert.InRange(own, 0.2 * direct[name].Error, direct[name].Error);
        }

        // Further away than this the plaquette is another one: the comparison could fail.
        var next = AnalysisDocument.FromJson(File.ReadAllText(run.At("scan", "beta-2.2", "analysis.json"))).Ensembles["heatbath"].Observables["plaquette"];
        Assert.InRange(Math.Abs(next.Mean - direct["plaquette"].Mean) / next.Error, 5, 1000);
        Assert.True(File.Exists(run.At("scan", "compare.html")));
    }

    /// <summary>A configuration of another code (SIMULATeQCD, SU(3) 8³×4): an ensemble with the same measurements, analysis and page.</summary>
    [Fact]
    public void A_foreign_ensemble_gets_the_full_report()
    {
        string folder = run.At("imported"), sample = Repository.PathOf("tests", "LatticeFlow.Tests", "Data", "nersc.l8t4b3360");
        string[] files = [run.At("lat.0001"), run.At("lat.0002"), run.At("lat.0003")];
        foreach (var file in files) File.Copy(sample, file);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke(["import", .. files, "--to", folder]).Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", folder, "--observables", "wilson_loop_2x2_stout2", "polyakov_re", "polyakov_im").Code);
        Analyze("analyze", folder);
        var ensemble = Assert.Single(AnalysisDocument.FromJson(File.ReadAllText(Path.Join(folder, "analysis.json"))).Ensembles).Value;
        Assert.Equal(0.503866446950, ensemble.Observables["plaquette"].Mean, 1e-10);
        Assert.Contains("wilson_loop_2x2_stout2", ensemble.Observables.Keys);
        var page = File.ReadAllText(Path.Join(folder, "report.html"));
        Assert.All(["SU(3)", "0.5038", "Histories", "Provenance", "lat.0001"], text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain(StoredRun.Verify(folder).Output.Split('\n'), line => line.StartsWith("FAIL", StringComparison.Ordinal) || line.StartsWith("BAD", StringComparison.Ordinal));
    }

    private EnsembleColumns Columns(string name) => EnsembleColumns.Open(run.At(name, "ensemble", "heatbath"));

    private void SameRows(string first, string second)
    {
        EnsembleReader a = EnsembleReader.Open(run.At(first, "ensemble", "heatbath")), b = EnsembleReader.Open(run.At(second, "ensemble", "heatbath"));
        Assert.Equal(96, a.Count);
        Assert.Equal(b.Blocks().SelectMany(block => block.Field), a.Blocks().SelectMany(block => block.Field));
        foreach (var column in new[] { "plaquette", "wilson_loop_1x2", "wilson_loop_2x2", "action" }) Assert.Equal(b.ReadColumn(column), a.ReadColumn(column));
    }

    // So few configurations may fail a diagnostic; what is looked at is what is written.
    private static void Analyze(params string[] arguments)
    {
        var (code, output, error) = CommandRun.Invoke(arguments);
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output + error);
    }

    private void Leaves()
    {
        foreach (var (format, file) in new[] { ("hdf5", "out.h5"), ("arviz", "out.nc"), ("pyerrors", "out.json.gz"), ("csv", "out.csv"), ("nersc", "nersc"), ("ildg", "ildg"), ("milc", "milc"), ("openqcd", "openqcd") })
            Assert.Equal((ExitCode.Done, format), (CommandRun.Invoke("export", run.At("short"), "--format", format, "--output", run.At(file)).Code, format));
        double[] plaquette = Columns("short").Read("plaquette")[1], loop = Columns("short").Read(Later)[1];
        foreach (var folder in new[] { "nersc", "ildg", "milc", "openqcd" }) Assert.Equal(96, Directory.GetFiles(run.At(folder)).Length);
        Assert.Equal(97, File.ReadLines(run.At("out.csv")).Count(line => !line.StartsWith('#')));
        using var packed = new GZipStream(File.OpenRead(run.At("out.json.gz")), CompressionMode.Decompress);
        var obsdata = JsonNode.Parse(packed)!["obsdata"]!.AsArray();
        Assert.NotEmpty(obsdata);
        Assert.All(obsdata, entry => Assert.Equal(4, entry!["data"]![0]!["replica"]!.AsArray().Count));
        Assert.Contains(obsdata, entry => Math.Abs((double)entry!["value"]![0]! - Columns("short").Read("plaquette").SelectMany(x => x).Average()) < 1e-12);
        if (Shell.Run(H5pyFactAttribute.Python, "-c", "import h5py, xarray, h5netcdf").ExitCode != 0) return;
        var (code, output) = Shell.Run(H5pyFactAttribute.Python, "-c", FormattableString.Invariant($"""
            import h5py, xarray
            with h5py.File(r"{run.At("out.h5")}") as f:
                r = f["chain/replica"][:] == 1
                assert f["links"].shape == (96, 4, 4, 4, 4, 4, 3, 3), f["links"].shape
                assert list(f["observables/plaquette"][:][r]) == [{string.Join(", ", plaquette.Select(x => x.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]
            p = xarray.open_dataset(r"{run.At("out.nc")}", group="posterior", engine="h5netcdf")
            assert p["plaquette"].dims == ("chain", "draw") and p["plaquette"].shape == (4, 24)
            assert list(p["{Later}"].values[1]) == [{string.Join(", ", loop.Select(x => x.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]
            """));
        Assert.True(code == 0, output);
    }
}
