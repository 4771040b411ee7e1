using LatticeFlow.Storage;
using static LatticeFlow.Tests.StoredRun;

namespace LatticeFlow.Tests;

/// <summary>Whatever is changed in a finished run, with hashes made again or not, fails a check that says what it is.</summary>
public sealed class VerifyTamperingTests(StoredRun run) : IClassFixture<StoredRun>
{
    [Fact]
    public void A_run_as_it_was_written_passes_every_check()
    {
        foreach (var more in new[] { Array.Empty<string>(), ["--all"] })
        {
            var (code, failed, output) = Verify(run.Directory, more);
            Assert.True(code == ExitCode.Done && failed.Length == 0, output);
            foreach (var check in new[]
            {
                "resolved.toml", "hmc: configurations", "hmc: hashes", "hmc: attributes", "hmc: rows", "hmc: duplicates", "hmc: accepted", "hmc: dH", "hmc: acceptance", "hmc: stored action",
                "hmc: stored plaquette", "hmc: stored charge", "hmc: stored topological_charge_squared", "hmc: stored wilson_loop_2x2", "hmc: stored polyakov_re", "hmc: stored clover_energy",
                "hmc: stored plaquette_stout2", "hmc: saved state", "hmc: repeated transitions", "hmc: repeated start", "heatbath: duplicates", "heatbath: repeated transitions", "analysis.json",
            })
            {
                Assert.Contains($"ok   {check}: ", output, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Rewriting by itself changes nothing that a check could see: what the other tests find is what they changed.</summary>
    [Fact]
    public void Hashes_made_again_are_no_fault()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc");
        var (code, _, output) = Verify(copy);
        Assert.True(code == ExitCode.Done, output);
    }

    [Theory]
    [InlineData("\"mean\": ", "ensembles.hmc.observables.plaquette.mean is 0.125")]
    [InlineData("\"error\": ", "ensembles.hmc.observables.plaquette.error is 0.125")]
    [InlineData("\"configurations\": ", "ensembles.hmc.configurations is ")]
    public void An_edited_analysis(string key, string message)
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "analysis.json");
        var text = File.ReadAllText(path);
        var start = text.IndexOf(key, StringComparison.Ordinal) + key.Length;
        File.WriteAllText(path, text[..start] + (key.Contains("conf", StringComparison.Ordinal) ? "999" : "0.125") + text[text.IndexOf(',', start)..]);
        Expect(copy, ExitCode.DiagnosticsFailed, message, "analysis.json");
    }

    [Fact]
    public void A_key_that_was_taken_out_of_the_analysis()
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "analysis.json");
        var document = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        document["ensembles"]!["heatbath"]!["observables"]!.AsObject().Remove("wilson_loop_2x2");
        File.WriteAllText(path, document.ToJsonString());
        Expect(copy, ExitCode.DiagnosticsFailed, "ensembles.heatbath.observables.wilson_loop_2x2 is missing", "analysis.json");
    }

    [Theory]
    [InlineData("seed = 3", "seed = 4", "config.toml and the command line give 'seed = 3'")]
    [InlineData("steps = 2", "steps = 3", "config.toml and the command line give 'steps = 2'")]
    [InlineData("stride = 2", "stride = 1", "config.toml and the command line give 'stride = 2'")]
    [InlineData("beta = 1.5", "beta = 1.25", "config.toml and the command line give")]
    [InlineData("thermalization = 40", "thermalization = 39", "config.toml and the command line give 'thermalization = 40'")]
    public void Another_value_in_the_resolved_configuration(string old, string now, string message)
    {
        var copy = run.Copy();
        Replace(Path.Join(copy, "resolved.toml"), old, now);
        Expect(copy, ExitCode.DiagnosticsFailed, message, "resolved.toml", "hmc: attributes");
        // Somebody who changes config.toml as well still has the segments against him.
        Replace(Path.Join(copy, "config.toml"), old, now);
        Expect(copy, ExitCode.DiagnosticsFailed, "FAIL hmc: attributes: segment 0: ", "hmc: attributes");
    }

    [Fact]
    public void Overrides_of_the_command_line_are_known()
    {
        using var other = new CommandRun(Configuration);
        Assert.Equal(ExitCode.Done, other.In("run", "sample", "--set", "run.seed=8", "--set", "sample.hmc.configurations=100").Code);
        var (code, _, output) = Verify(other.At("run"));
        Assert.True(code == ExitCode.Done, output);
        // Without the record of them the difference cannot be judged, unless the command line is there.
        Replace(other.At("run", "provenance.json"), "run.seed=8", "run.seed=9");
        Expect(other.At("run"), ExitCode.DiagnosticsFailed, "'seed = 8'", "resolved.toml");
    }

    [Theory]
    [InlineData("dropped", "1 segment is there that manifest.jsonl does not list, from seg-000004.h5")]
    [InlineData("torn", "1 segment is there that manifest.jsonl does not list, from seg-000004.h5")]
    [InlineData("emptied", "5 segments are there that manifest.jsonl does not list")]
    [InlineData("removed", "manifest.jsonl is missing although 5 segments are there")]
    [InlineData("segment too", "5 segments were stored (metrics.jsonl) and manifest.jsonl lists 4")]
    public void A_manifest_that_lost_lines(string how, string message)
    {
        var copy = run.Copy();
        LoseLines(copy, how);
        Expect(copy, ExitCode.CorruptData, message, "hmc: configurations");
    }

    [Theory]
    [InlineData("dropped")]
    [InlineData("emptied")]
    [InlineData("removed")]
    public void Analyze_warns_of_an_ensemble_that_is_not_whole(string how)
    {
        var copy = run.Copy();
        LoseLines(copy, how);
        Assert.Contains($"hmc: {(how == "dropped" ? 400 : 0)} of 402 configurations are stored: ", CommandRun.Invoke("analyze", copy).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_stored_nothing_does_not_pass()
    {
        using var other = new CommandRun(Configuration);
        Assert.Equal(ExitCode.Stopped, other.Stopped("run", new Cli.Services.SampleCommand(), "hmc thermalization", 5));
        Expect(other.At("run"), ExitCode.DiagnosticsFailed, "0 of 402 configurations are stored: the run is not finished", "hmc: configurations", "heatbath: configurations");
        // One that has begun says so too.
        Assert.Equal(ExitCode.Stopped, other.Stopped("run", new Cli.Services.SampleCommand(), "hmc", 100, resume: true));
        Expect(other.At("run"), ExitCode.DiagnosticsFailed, "100 of 402 configurations are stored: the run is not finished", "hmc: configurations", "heatbath: configurations");
        Assert.Contains("hmc: 100 of 402 configurations are stored: the run is not finished", CommandRun.Invoke("analyze", other.At("run")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plaquette")]
    [InlineData("topological_charge")]
    [InlineData("topological_charge_squared")]
    [InlineData("wilson_loop_2x2")]
    [InlineData("polyakov_re")]
    [InlineData("clover_energy")]
    [InlineData("plaquette_stout2")]
    public void An_observable_that_is_not_that_of_the_links(string observable)
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => Change(blocks, 2, block => block.Observables[observable].Values[7] += 1e-6));
        Expect(copy, ExitCode.DiagnosticsFailed, "largest difference", $"hmc: stored {(observable == "topological_charge" ? "charge" : observable)}");
    }

    [Fact]
    public void Duplicated_rows()
    {
        var copy = run.Copy();
        // The heat bath never repeats; row 30 is of the replica of row 10.
        Rewrite(copy, "heatbath", blocks: blocks => Change(blocks, 1, block => CopyRow(block, 10, block, 30)));
        Expect(copy, ExitCode.DiagnosticsFailed, "row 30 of segment 1 is the configuration of row 10 of segment 1", "heatbath: duplicates");
        copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => Change(blocks, 1, block => CopyRow(block, 10, block, 30)));
        Expect(copy, ExitCode.DiagnosticsFailed, "row 30 of segment 1 is the configuration of row 10 of segment 1", "hmc: duplicates");
    }

    [Fact]
    public void A_row_that_repeats_the_one_before_and_was_not_refused()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => Change(blocks, 1, block =>
        {
            CopyRow(block, 40, block, 44);
            block.Accepted[44] = 1;
        }));
        Expect(copy, ExitCode.DiagnosticsFailed, "row 44 of segment 1 is said to be accepted and repeats the one before", "hmc: accepted");
    }

    [Fact]
    public void Segments_that_are_all_copies_of_one()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select(_ => blocks[0])]);
        Expect(copy, ExitCode.DiagnosticsFailed, "is the configuration of row 0 of segment 0", "hmc: rows", "hmc: duplicates", "hmc: saved state");
        // With the numbers of steps made right as well.
        copy = run.Copy();
        Rewrite(copy, "heatbath", blocks: blocks => [.. blocks.Select(block => Edited(blocks[0], edit => block.Step.CopyTo(edit.Step, 0)))]);
        Expect(copy, ExitCode.DiagnosticsFailed, "is the configuration of row 0 of segment 0", "heatbath: duplicates", "heatbath: repeated transitions");
    }

    [Fact]
    public void A_replica_that_overwrites_another()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select(block => Edited(block, edit =>
        {
            for (var row = 0; row + 1 < edit.Count; row += 4) CopyRow(block, row, edit, row + 1);
        }))]);
        Expect(copy, ExitCode.DiagnosticsFailed, "row 1 of segment 0 is the configuration of row 0 of segment 0", "hmc: duplicates", "hmc: saved state");
    }

    [Fact]
    public void A_replica_that_was_removed()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select(block => BlockRows.Take(block, [.. Enumerable.Range(0, block.Count).Where(row => block.Replica[row] != 3)]))]);
        Expect(copy, ExitCode.DiagnosticsFailed, "row 3 of segment 0 is of replica 0", "hmc: configurations", "hmc: rows");
    }

    [Theory]
    [InlineData("relabelled", "row 2 of segment 0 is of replica 3")]
    [InlineData("exchanged", "row 0 of segment 0 is of replica 1")]
    [InlineData("step constant", "row 4 of segment 0 is of replica 0, step 41; the run stores replica 0, step 42 there")]
    [InlineData("step shifted", "row 0 of segment 0 is of replica 0, step 42")]
    public void Replicas_and_steps_that_no_chain_writes(string how, string message)
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select(block => Edited(block, edit =>
        {
            for (var row = 0; row < edit.Count; row++)
            {
                edit.Replica[row] = how == "relabelled" && edit.Replica[row] == 2 ? 3 : how == "exchanged" ? edit.Replica[row] ^ 1 : edit.Replica[row];
                edit.Step[row] = how == "step constant" ? 41 : how == "step shifted" ? edit.Step[row] + 1 : edit.Step[row];
            }
        }))]);
        Expect(copy, ExitCode.DiagnosticsFailed, message, "hmc: rows");
    }

    [Fact]
    public void Energies_that_were_zeroed()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select(block => Edited(block, edit => Array.Clear(edit.DeltaH!)))]);
        Expect(copy, ExitCode.DiagnosticsFailed, "is rejected with dH = 0, which is always accepted", "hmc: dH");
    }

    [Fact]
    public void Acceptances_that_were_made_one()
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => [.. blocks.Select(block => Edited(block, edit => Array.Fill(edit.Accepted, (byte)1)))]);
        Expect(copy, ExitCode.DiagnosticsFailed, "is said to be accepted and repeats the one before it", "hmc: accepted", "hmc: acceptance");
    }

    [Theory]
    [InlineData("beta", "beta is 1.75, and 1.5 in resolved.toml")]
    [InlineData("seed", "seed is 5, and 3 in resolved.toml")]
    [InlineData("sampler", "sampler is heatbath, and hmc in resolved.toml")]
    [InlineData("precision", "precision is double, and float in resolved.toml")]
    [InlineData("extents", "extents is 6 x 4, and 4 x 6 in resolved.toml")]
    [InlineData("device", "device is 'cpu of somebody', and provenance.json knows only ")]
    public void Attributes_of_another_run(string attribute, string message)
    {
        var copy = run.Copy();
        Rewrite(copy, "hmc", header => attribute switch
        {
            "beta" => header with { ActionParameters = new Dictionary<string, double> { ["beta"] = 1.75 } },
            "seed" => header with { Seed = 5 },
            "sampler" => header with { Sampler = "heatbath" },
            "extents" => header with { Extents = [6, 4] },
            "device" => header with { Device = "cpu of somebody" },
            _ => header with { Precision = "double" },
        });
        Expect(copy, ExitCode.DiagnosticsFailed, message, "hmc: attributes");
    }

    /// <summary>Every text that names the seed says 5, and the hashes are right: only the random numbers know better.</summary>
    [Fact]
    public void Another_seed_in_everything_that_names_it()
    {
        var copy = run.Copy();
        foreach (var file in new[] { "resolved.toml", "config.toml" }) Replace(Path.Join(copy, file), "seed = 3", "seed = 5");
        Replace(Path.Join(copy, "provenance.json"), "\"seed\": 3", "\"seed\": 5");
        foreach (var sample in new[] { "hmc", "heatbath" })
            Rewrite(copy, sample, header => header with { Seed = 5, Config = header.Config.Replace("seed = 3", "seed = 5", StringComparison.Ordinal) });
        var (code, failed, output) = Verify(copy);
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Equal(["hmc: repeated transitions", "hmc: repeated start", "heatbath: repeated transitions", "heatbath: repeated start"], failed);
        Assert.Contains("when it is made again", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_were_changed_with_everything_that_is_measured_of_them()
    {
        // A gauge transformation at one site changes no observable; the next transitions are those of the links as they were.
        var copy = run.Copy();
        Rewrite(copy, "hmc", blocks: blocks => Change(blocks, 3, block =>
        {
            var numbers = block.Field.Length / block.Count;
            var lattice = new Lattice.LatticeGeometry(4, 6);
            var links = block.Field.AsSpan((block.Count - 4) * numbers, numbers);
            for (var mu = 0; mu < 2; mu++)
            {
                links[lattice.Link(0, mu)] = Math.IEEERemainder(links[lattice.Link(0, mu)] + 0.1, 2 * Math.PI);
                var back = lattice.Link(lattice.Neighbour(0, mu, -1), mu);
                links[back] = Math.IEEERemainder(links[back] - 0.1, 2 * Math.PI);
            }
        }));
        Expect(copy, ExitCode.DiagnosticsFailed, "from the state of segment 3: field of row 0 is ", "hmc: repeated transitions");
    }

    [Fact]
    public void A_manifest_with_other_numbers()
    {
        var copy = run.Copy();
        var path = Path.Join(copy, "ensemble", "hmc", "manifest.jsonl");
        Replace(path, "\"rng_counter\":65", "\"rng_counter\":66");
        Expect(copy, ExitCode.DiagnosticsFailed, "segment 0 ends with step 65 and manifest.jsonl says 66", "hmc: rows");
        copy = run.Copy();
        path = Path.Join(copy, "ensemble", "hmc", "manifest.jsonl");
        File.WriteAllText(path, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(path), "\"mean_plaquette\":0\\.[0-9]+", "\"mean_plaquette\":0.25"));
        Expect(copy, ExitCode.DiagnosticsFailed, "manifest.jsonl says that the mean plaquette of seg-000000.h5 is 0.25", "hmc: hashes");
    }

    private static void LoseLines(string copy, string how)
    {
        var folder = Path.Join(copy, "ensemble", "hmc");
        var path = Path.Join(folder, "manifest.jsonl");
        var lines = File.ReadAllLines(path);
        if (how == "removed") File.Delete(path);
        else File.WriteAllText(path, how == "emptied" ? "" : string.Concat(lines[..^1].Select(line => line + "\n")) + (how == "torn" ? lines[^1] : ""));
        if (how == "segment too") File.Delete(Path.Join(folder, "seg-000004.h5"));
    }

    private static IReadOnlyList<EnsembleBlock> Change(IReadOnlyList<EnsembleBlock> blocks, int segment, Action<EnsembleBlock> edit)
        => [.. blocks.Select((block, i) => i == segment ? Edited(block, edit) : block)];

    private static void Expect(string directory, int code, string message, params string[] checks)
    {
        var (found, failed, output) = Verify(directory);
        foreach (var check in checks) Assert.True(failed.Contains(check), $"{check} did not fail:\n{output}");
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Equal(code, found);
    }
}
