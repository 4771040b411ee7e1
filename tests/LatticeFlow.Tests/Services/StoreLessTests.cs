using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A run that stores less has the same chains: every row has the observables of the run that stores everything, to the bit, and what is there of the configurations is theirs.</summary>
public sealed class StoreLessTests : IDisposable
{
    private const string Head = """
        [run]
        name = "small"
        device = "cpu"
        threads = 1
        [theory]
        GROUP
        [[sample]]
        name = "s"
        SAMPLER
        configurations = 46
        replicas = 4
        thermalization = 3
        segment = 16
        STORE
        [analyze]
        observables = [OBSERVABLES]
        """;

    private const string Su3 = "group = \"SU3\"\nextents = [2, 2, 2, 2]\naction = { kind = \"wilson\", beta = 5.5 }";
    private const string U1 = "extents = [4, 4]\naction = { kind = \"wilson\", beta = 1.0 }";
    private const string Phi4 = "field = \"scalar\"\nextents = [4, 4]\naction = { kind = \"phi4\", mass_squared = 0.5, lambda = 0.3 }";
    private const string Hmc = "sampler = \"hmc\"\nsteps = 4\ntrajectory_length = 0.7";

    private readonly CommandRun _run = new(Head);

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(Su3, Hmc, "store_every = 3\nlinks_precision = \"float\"\nlinks_rows = 2")]
    [InlineData(Su3, Hmc, "store = \"observables\"")]
    [InlineData(Su3, "sampler = \"heatbath\"", "links_rows = 2")]
    [InlineData(U1, Hmc, "store_every = 2\nlinks_precision = \"float\"")]
    [InlineData(U1, Hmc, "store_every = 5")]
    [InlineData(U1, "sampler = \"tempering\"\nstrengths = [1.0, 0.5]\nparts = [ { sampler = \"hmc\", steps = 3 } ]", "store_every = 4")]
    [InlineData(Phi4, Hmc, "store_every = 7\nlinks_precision = \"float\"")]
    public void The_rows_are_those_of_the_run_that_stores_everything(string theory, string sampler, string store)
    {
        Sample("all", theory, sampler, "");
        Sample("less", theory, sampler, store);
        AssertLess();
        var (verified, output, _) = CommandRun.Invoke("verify", _run.At("less"), "--all");
        Assert.True(verified == ExitCode.Done, output);
        Assert.Contains(CommandRun.Invoke("analyze", _run.At("less")).Code, new[] { ExitCode.Done, ExitCode.DiagnosticsFailed });

        // One file has what the segments have.
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("export", _run.At("less"), "--output", _run.At("less.h5")).Code);
        var exported = EnsembleExport.Read(_run.At("less.h5")).Block;
        var rows = Rows("less");
        Assert.Equal(rows.FieldRows, exported.FieldRows);
        Assert.Equal(rows.Field, exported.Field);
        Assert.Equal(rows.Encoding, exported.Encoding);

        // Stopped on the way, extended, and repaired, it is the same files and the same rows.
        Write(theory, sampler, store, configurations: 21);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("grown", new SampleCommand(), "s", 10));
        Assert.Equal(ExitCode.Done, _run.In("grown", "sample", "--resume").Code);
        Write(theory, sampler, store);
        Assert.Equal(ExitCode.Stopped, _run.Stopped("grown", new SampleCommand(), "s", 27, resume: true));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("sample", "--resume", _run.At("grown")).Code);
        Assert.Null(Cli.Services.Verification.StoredRows.Difference(rows, Rows("grown"), rows.Count));
        var path = _run.At("less", "ensemble", "s", "seg-000001.h5");
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("repair", _run.At("less")).Code);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        var (still, words, _) = CommandRun.Invoke("verify", _run.At("grown"));
        Assert.True(still == ExitCode.Done, words);
    }

    [Fact]
    public void What_is_not_there_is_missed_with_words()
    {
        Sample("less", Su3, Hmc, "store_every = 3");
        Sample("none", Su3, Hmc, "store = \"observables\"");
        var (code, output, error) = CommandRun.Invoke("export", _run.At("less"), "--format", "nersc", "--output", _run.At("files"));
        Assert.True(code == ExitCode.Done, error);
        // Draws 3, 6 and 9 of 4 replicas, and what is stored of draw 12.
        Assert.Equal(14, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Expect("row 0 of a segment has no configuration", "export", _run.At("less"), "--format", "nersc", "--output", _run.At("files"), "--configuration", "0");
        Expect("has stored observables alone", "export", _run.At("none"), "--format", "nersc", "--output", _run.At("files"));
        Write(Su3, Hmc, "store = \"observables\"\nstore_every = 2");
        Expect("does not apply to store = \"observables\"", "validate", _run.Config);
        Write(U1, Hmc, "links_rows = 2");
        Expect("applies to SU3, not to U1", "validate", _run.Config);
        Write(Su3, Hmc, "links_rows = 1");
        Expect("must be at least 2, not 1", "validate", _run.Config);

        void Expect(string message, params string[] arguments)
        {
            var (refused, _, reason) = CommandRun.Invoke(arguments);
            Assert.Equal(ExitCode.BadUsage, refused);
            Assert.Contains(message, reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_rows_and_floats_give_back_the_matrices_within_rounding()
    {
        Sample("all", Su3, Hmc, "");
        var whole = Rows("all");
        foreach (var (store, tolerance) in new[] { ("links_rows = 2", 1e-14), ("links_precision = \"float\"", 1e-7), ("links_precision = \"float\"\nlinks_rows = 2", 4e-7) })
        {
            var name = $"less{tolerance}";
            Sample(name, Su3, Hmc, store);
            var less = Rows(name);
            Assert.Equal(whole.Field.Length, less.Field.Length);
            double largest = whole.Field.Zip(less.Field).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.InRange(largest, 0, tolerance);
            Assert.NotEqual(whole.Field, less.Field);
        }
    }

    [Fact]
    public void What_is_stored_in_less_room_is_measured_and_merged()
    {
        foreach (var (name, store) in new[] { ("all", ""), ("less", "links_precision = \"float\"\nlinks_rows = 2") })
        {
            Sample(name, Su3, Hmc, store);
            Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", _run.At(name), "--observables", "wilson_loop_1x2").Code);
        }
        double[][] expected = EnsembleColumns.Open(_run.At("all", "ensemble", "s")).Read("wilson_loop_1x2"), actual = EnsembleColumns.Open(_run.At("less", "ensemble", "s")).Read("wilson_loop_1x2");
        foreach (var (a, b) in expected.SelectMany(chain => chain).Zip(actual.SelectMany(chain => chain))) Assert.Equal(a, b, 2e-6);
        Assert.NotEqual(expected, actual);
        var (code, _, error) = _run.In("second", "sample", "--set", "run.seed=2");
        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("merge", _run.At("less"), _run.At("second"), "--to", _run.At("both")).Code);
        var merged = Rows("both");
        Assert.Equal((true, true), (merged.Encoding.IsSingle, merged.Encoding.TwoRows));
        Assert.Equal([.. Rows("less").Field, .. Rows("second").Field], merged.Field);
        var (verified, output, _) = CommandRun.Invoke("verify", _run.At("both"));
        Assert.True(verified == ExitCode.Done, output);
        var (refused, _, reason) = CommandRun.Invoke("merge", _run.At("second"), _run.At("all"), "--to", _run.At("none"));
        Assert.Equal((ExitCode.BadUsage, true), (refused, reason.Contains("sample.s.links_precision is \"double\", and \"float\"", StringComparison.Ordinal)));
        Sample("every", Su3, Hmc, "store_every = 2");
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("measure", _run.At("every"), "--observables", "wilson_loop_1x2").Code);
        var some = EnsembleColumns.Open(_run.At("every", "ensemble", "s")).OfConfigurations!;
        long[][] steps = EnsembleColumns.Open(_run.At("all", "ensemble", "s")).Steps();
        Assert.Equal(some.Steps().Select((chain, replica) => chain.Select(step => expected[replica][Array.IndexOf(steps[replica], step)])), some.Read("wilson_loop_1x2"));
    }

    [Fact]
    public void Angles_next_to_pi_stay_angles()
    {
        var header = StorageSamples.Header("U1", 2, 3);
        double[] angles = [.. Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? Math.PI : -Math.BitDecrement(Math.PI))];
        var read = BlockRows.AsRead(angles, header, new(IsSingle: true, TwoRows: false));
        Assert.All(read, angle => Assert.InRange(Math.Abs(angle), Math.PI - 3e-7, Math.BitDecrement(Math.PI)));
    }

    [Fact]
    public void Sizes_are_told_before_a_run_and_are_right()
    {
        foreach (var (i, store) in new[] { "", "store_every = 3\nlinks_precision = \"float\"\nlinks_rows = 2", "store = \"observables\"" }.Index())
        {
            Sample($"s{i}", Su3, Hmc, store);
            var bytes = Directory.GetFiles(_run.At($"s{i}", "ensemble", "s"), "seg-*").Sum(path => new FileInfo(path).Length);
            var configuration = ConfigurationFile.Load(_run.Config).Configuration;
            Assert.InRange(DiskEstimate.Bytes(configuration), bytes, 1.3 * bytes);
            Assert.Contains($"expected: {DiskEstimate.Text(DiskEstimate.Bytes(configuration))} on disk, 2", CommandRun.Invoke("validate", _run.Config).Error, StringComparison.Ordinal);
            Assert.Contains($": {DiskEstimate.Text(DiskEstimate.Bytes(configuration))} on disk, 2", File.ReadLines(_run.At($"s{i}", "log.txt")).First(), StringComparison.Ordinal);
        }
        var large = ConfigurationFile.Load(_run.Config, Override.Parse("sample.s.configurations=1000000")).Configuration;
        var error = Assert.Throws<UserErrorException>(() => DiskEstimate.Check(large, _run.Config, _run.At("new", "run"), directory =>
        {
            Assert.Equal(_run.At(), FileSystem.Of(directory).Directory);
            return 1e6;
        }));
        Assert.Equal(ExitCode.BadUsage, error.ExitCode);
        Assert.Contains("and 1.0 MB are free where", error.Message, StringComparison.Ordinal);
        DiskEstimate.Check(large, _run.Config, _run.At("new"), _ => 1e12);
        // What is stored needs no room any more.
        DiskEstimate.Check(ConfigurationFile.Load(_run.Config).Configuration, _run.Config, _run.At("s2"), _ => 60_000);
        Assert.Equal(["999 B", "1.0 kB", "1.5 GB", "999 GB", "1.0 TB"], new[] { 999.0, 1000, 1.54e9, 9.99e11, 9.999e11 }.Select(DiskEstimate.Text));
    }

    [H5pyFact]
    public void H5py_reads_what_is_stored_less()
    {
        Sample("less", Su3, Hmc, "store_every = 3\nlinks_precision = \"float\"\nlinks_rows = 2");
        Sample("none", Su3, Hmc, "store = \"observables\"");
        string script = $"""
            import h5py, numpy as np
            f = h5py.File(r"{_run.At("less", "ensemble", "s", "seg-000000.h5")}", "r")
            stored = f["chain/stored"][:]
            rows = np.flatnonzero(stored)
            links = f["links"]
            assert list(rows) == [8, 9, 10, 11] and links.shape == (4, 2, 2, 2, 2, 4, 2, 3) and links.dtype == "complex64", (rows, links.shape, links.dtype)
            u = links[:].astype(complex)
            u = np.concatenate([u, np.cross(u[..., 0, :], u[..., 1, :]).conj()[..., None, :]], axis=-2)
            ahead = lambda v, mu: np.roll(v, -1, axis=1 + mu)
            dagger = lambda v: v.conj().swapaxes(-1, -2)
            planes = [(mu, nu) for mu in range(4) for nu in range(mu + 1, 4)]
            loop = lambda a, b, mu, nu: a @ ahead(b, mu) @ dagger(ahead(a, nu)) @ dagger(b)
            p = sum(np.trace(loop(u[..., mu, :, :], u[..., nu, :, :], mu, nu), axis1=-2, axis2=-1).real.reshape(len(u), -1).mean(axis=1) / 3 for mu, nu in planes) / 6
            assert np.allclose(p, f["observables/plaquette"][:][rows], atol=1e-6), p
            g = h5py.File(r"{_run.At("none", "ensemble", "s", "seg-000000.h5")}", "r")
            assert "links" not in g and not g["chain/stored"][:].any() and g["observables/plaquette"].shape == (16,)
            print("ok")
            """;
        var (code, output) = Shell.Run(H5pyFactAttribute.Python, "-c", script);
        Assert.True(code == 0 && output.Trim() == "ok", output);
    }

    private void Write(string theory, string sampler, string store, int configurations = 46) => File.WriteAllText(_run.Config, Head
        .Replace("GROUP", theory, StringComparison.Ordinal).Replace("SAMPLER", sampler, StringComparison.Ordinal).Replace("STORE", store, StringComparison.Ordinal).Replace("= 46", $"= {configurations}", StringComparison.Ordinal)
        .Replace("OBSERVABLES", theory == Phi4 ? "\"phi_squared\", \"two_point\"" : "\"plaquette\", \"polyakov_re\"", StringComparison.Ordinal));

    private void Sample(string directory, string theory, string sampler, string store)
    {
        Write(theory, sampler, store);
        var (code, _, error) = _run.In(directory, "sample");
        Assert.True(code == ExitCode.Done, error);
    }

    private EnsembleBlock Rows(string directory) => EnsembleReader.Open(_run.At(directory, "ensemble", "s")).Blocks().Aggregate(BlockRows.Join);

    private void AssertLess()
    {
        EnsembleBlock all = Rows("all"), less = Rows("less");
        var sample = ConfigurationFile.Load(_run.Config).Configuration.Samples[0];
        int[] expected = [.. Enumerable.Range(0, 46).Where(row => sample.Store.Every > 0 && ((row / 4) + 1) % sample.Store.Every == 0)];
        Assert.Equal(expected, BlockRows.Rows(less));
        Assert.Equal(all.Replica, less.Replica);
        Assert.Equal(all.Step, less.Step);
        Assert.Equal(all.Accepted, less.Accepted);
        Assert.Equal(all.Action, less.Action);
        foreach (var (name, column) in all.Observables) Assert.Equal(column.Values, less.Observables[name].Values);
        var reader = EnsembleReader.Open(_run.At("less", "ensemble", "s"));
        Assert.Equal(BlockRows.AsRead(BlockRows.Take(all, expected).Field, reader.Header, sample.Store.Encoding), less.Field);
    }
}
