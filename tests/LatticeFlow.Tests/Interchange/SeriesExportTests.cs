using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Series in the formats of other programs, and what reads them.</summary>
public sealed class SeriesExportTests : IDisposable
{
    // Replicas of different lengths, a stride, an observable with a shape, and one that was measured afterwards.
    private const string Uneven = """
        [run]
        name = "uneven"
        device = "cpu"
        seed = 5
        [theory]
        extents = [4, 6]
        action = { kind = "wilson", beta = 1.5 }
        [[sample]]
        sampler = "hmc"
        steps = 3
        configurations = 50
        replicas = 4
        thermalization = 20
        stride = 3
        segment = 20
        [analyze]
        observables = ["plaquette", "polyakov_re"]
        """;

    private readonly CommandRun run = new(Uneven);

    public SeriesExportTests()
    {
        Assert.Equal(ExitCode.Done, run.In("a", "sample").Code);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", run.At("a"), "--observables", "topological_charge").Code);
    }

    private EnsembleColumns Columns => EnsembleColumns.Open(run.At("a", "ensemble", "hmc"));

    public void Dispose() => run.Dispose();

    [XarrayFact]
    public void Xarray_opens_arviz_files_with_chain_and_draw()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.At("a"), "--format", "arviz", "--output", run.At("a.nc")).Code);
        var columns = Columns;
        double[][] loop = columns.Read("polyakov_re", 1), charge = columns.Read("topological_charge"), action = columns.Read("action"), delta = columns.Read("delta_h");
        string script = $"""
            import numpy as np, xarray
            p = xarray.open_dataset(r"{run.At("a.nc")}", group="posterior", engine="h5netcdf")
            s = xarray.open_dataset(r"{run.At("a.nc")}", group="sample_stats", engine="h5netcdf")
            root = xarray.open_dataset(r"{run.At("a.nc")}", engine="h5netcdf")
            assert dict(p.dims) == dict(chain=4, draw=13, polyakov_re_dim_0=2), p.dims
            assert p["plaquette"].dims == ("chain", "draw") and p["polyakov_re"].dims == ("chain", "draw", "polyakov_re_dim_0") and p["plaquette"].dtype == "float64"
            assert list(p["chain"].values) == [0, 1, 2, 3] and list(p["draw"].values) == list(range(13))
            assert list(s["draws"].values) == [13, 13, 12, 12] and s["step"].values[1, 12] == 59 and s["step"].values[2, 12] == -1 and s["step"].values[0, 0] == 23
            assert np.isnan(p["plaquette"].values[2:, 12]).all() and np.isfinite(p["plaquette"].values[:2]).all() and np.isfinite(p["plaquette"].values[:, :12]).all()
            assert p["polyakov_re"].values[3, 11, 1] == {Number(loop[3][11])} and p["topological_charge"].values[1, 12] == {Number(charge[1][12])}
            assert s["lp"].values[2, 5] == {Number(-action[2][5])} and s["energy_error"].values[0, 7] == {Number(delta[0][7])} and set(np.unique(s["accepted"].values[:, :12])) <= set([0.0, 1.0])
            assert root.attrs["inference_library"] == "LatticeFlow" and root.attrs["group"] == "U1" and root.attrs["beta"] == 1.5 and list(root.attrs["extents"]) == [4, 6]
            print("ok")
            """;
        var (code, output) = Shell.Run(H5pyFactAttribute.Python, "-c", script);
        Assert.True(code == 0 && output.Trim() == "ok", output);
    }

    [H5dumpFact]
    public void Arviz_files_are_whole_to_hdf5_tools()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.At("a"), "--format", "arviz", "--output", run.At("a.nc"), "--observables", "polyakov_re").Code);
        var (code, output) = Shell.Run("h5dump", run.At("a.nc"));
        Assert.Equal(0, code);
        Assert.Contains("\"/posterior/chain\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"plaquette\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Pyerrors_files_have_the_layout_of_version_1_1()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.At("a"), "--format", "pyerrors", "--output", run.At("a.json.gz")).Code);
        using var zip = new GZipStream(File.OpenRead(run.At("a.json.gz")), CompressionMode.Decompress);
        var root = JsonNode.Parse(zip)!.AsObject();
        Assert.Equal("1.1", (string?)root["version"]);
        Assert.Equal(["program", "version", "who", "date", "host", "description", "obsdata"], root.Select(entry => entry.Key));
        var columns = Columns;
        var steps = columns.Steps();
        foreach (var obs in root["obsdata"]!.AsArray())
        {
            int components = obs!["value"]!.AsArray().Count;
            string name = ((string)obs["tag"]![0]!).Split('[')[0];
            double[][][] values = columns.ReadComponents(name);
            Assert.Equal(components == 1 ? ("Obs", "1") : ("List", "2"), ((string)obs["type"]!, (string)obs["layout"]!));
            Assert.Equal("hmc", (string?)obs["data"]![0]!["id"]);
            var replicas = obs["data"]![0]!["replica"]!.AsArray();
            Assert.Equal(["hmc|r0", "hmc|r1", "hmc|r2", "hmc|r3"], replicas.Select(replica => (string)replica!["name"]!));
            for (int component = 0; component < components; component++)
            {
                double mean = values[component].SelectMany(chain => chain).Average();
                Assert.Equal(mean, (double)obs["value"]![component]!);
                for (int replica = 0; replica < 4; replica++)
                {
                    var rows = replicas[replica]!["deltas"]!.AsArray();
                    Assert.Equal(steps[replica], rows.Select(row => (long)row![0]!));
                    Assert.Equal(values[component][replica].Select(value => value - mean), rows.Select(row => (double)row![1 + component]!));
                }
            }
        }

        Assert.Equal(["plaquette", "polyakov_re[0]", "topological_charge"], root["obsdata"]!.AsArray().Select(obs => (string)obs!["tag"]![0]!));
        Assert.Equal([23, 26, 29], steps[0][..3]);
    }

    [Fact]
    public void Csv_has_every_row_and_every_digit()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.At("a"), "--format", "csv", "--output", run.At("a.csv"), "--observables", "topological_charge,polyakov_re").Code);
        string[][] rows = [.. File.ReadAllLines(run.At("a.csv")).Select(line => line.Split(','))];
        Assert.Equal(["replica", "step", "accepted", "action", "delta_h", "polyakov_re[0]", "polyakov_re[1]", "topological_charge"], rows[0]);
        Assert.Equal(51, rows.Length);
        var columns = Columns;
        Assert.Equal(columns.Read("polyakov_re", 1).SelectMany(chain => chain), rows[1..].Select(row => double.Parse(row[6], CultureInfo.InvariantCulture)));
        Assert.Equal(columns.Steps().SelectMany(chain => chain), rows[1..].Select(row => long.Parse(row[1], CultureInfo.InvariantCulture)));
        Assert.Equal(["0", "1", "2", "3"], rows[1..].Select(row => row[0]).Distinct());
    }

    [Fact]
    public void An_exported_file_has_what_was_measured_afterwards_and_gives_the_same_series()
    {
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", run.At("a"), "--output", run.At("hmc.h5")).Code);
        Assert.Equal(Columns.Read("topological_charge").Length, EnsembleExport.Read(run.At("hmc.h5")).Block.Replica.Distinct().Count());
        foreach (var (source, target) in new[] { (run.At("a"), run.At("1.csv")), (run.At("hmc.h5"), run.At("2.csv")) })
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", source, "--format", "csv", "--output", target, "--observables", "plaquette", "topological_charge").Code);
        Assert.Equal(File.ReadAllText(run.At("1.csv")), File.ReadAllText(run.At("2.csv")));
    }

    [Fact]
    public void What_cannot_be_exported_is_refused()
    {
        File.WriteAllText(run.At("there"), "");
        foreach (string format in new[] { "arviz", "pyerrors", "csv" })
        {
            var (code, _, error) = CommandRun.Invoke("export", run.At("a"), "--format", format, "--output", run.At("there"));
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("exists already", error, StringComparison.Ordinal);
            (code, _, error) = CommandRun.Invoke("export", run.At("a"), "--format", format, "--output", run.At("new"), "--observables", "polyakov_im");
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("choose among plaquette, polyakov_re, topological_charge; latticeflow measure adds others", error, StringComparison.Ordinal);
            Assert.False(File.Exists(run.At("new")));
        }

        Assert.Equal("", File.ReadAllText(run.At("there")));
        Assert.Contains("belongs to series", CommandRun.Invoke("export", run.At("a"), "--output", run.At("new"), "--observables", "plaquette").Error, StringComparison.Ordinal);
        Assert.Contains("belongs to gauge files", CommandRun.Invoke("export", run.At("a"), "--format", "csv", "--output", run.At("new"), "--two-rows").Error, StringComparison.Ordinal);
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Skipped, and counted as skipped, where no Python with xarray and h5netcdf is installed (Debian: python3-xarray, python3-h5netcdf).</summary>
internal sealed class XarrayFactAttribute : FactAttribute
{
    public XarrayFactAttribute()
    {
        if (Shell.Run(H5pyFactAttribute.Python, "-c", "import xarray, h5netcdf").ExitCode != 0)
            Skip = "needs /usr/bin/python3 with xarray and h5netcdf";
    }
}
