using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A small run with a flow, made once.</summary>
public sealed class StoredFlowRun : IDisposable
{
    private const string Configuration = """
        [run]
        name = "flow"
        device = "cpu"
        threads = 1
        [theory]
        extents = [4, 4]
        action = { kind = "wilson", beta = 0.5 }
        [flow]
        layers = [ { kind = "plaquette-coupling", count = 4, hidden = [4] } ]
        [train]
        steps = 8
        batch = 64
        evaluate_every = 0
        [[sample]]
        sampler = "flow"
        configurations = 400
        replicas = 4
        thermalization = 20
        segment = 200
        [analyze]
        observables = ["plaquette", "topological_charge"]
        """;

    public StoredFlowRun()
    {
        var (code, output, error) = Commands.In("run", "run");
        Assert.True(code is ExitCode.Done or ExitCode.DiagnosticsFailed, output + error);
    }

    internal CommandRun Commands { get; } = new(Configuration);

    public string Copy(string name)
    {
        StoredRun.CopyTo(Commands.At("run"), Commands.At(name));
        return Commands.At(name);
    }

    public void Dispose() => Commands.Dispose();
}

public sealed class VerifyFlowTests(StoredFlowRun run) : IClassFixture<StoredFlowRun>
{
    [Fact]
    public void A_run_as_it_was_written_passes_every_check()
    {
        var (code, _, output) = StoredRun.Verify(run.Commands.At("run"));
        Assert.True(code == ExitCode.Done, output);
        foreach (var check in new[] { "flow: evaluation", "flow: accepted", "flow: stored log_q", "flow: repeated transitions", "analysis.json" })
            Assert.Contains($"ok   {check}: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flipped", ExitCode.CorruptData, "flow: evaluation")]
    [InlineData("truncated", ExitCode.CorruptData, "flow: evaluation")]
    [InlineData("removed", ExitCode.CorruptData, "flow: evaluation")]
    [InlineData("edited", ExitCode.DiagnosticsFailed, "flow: evaluation")]
    [InlineData("edited behind", ExitCode.DiagnosticsFailed, "analysis.json")]
    [InlineData("shortened", ExitCode.DiagnosticsFailed, "analysis.json")]
    public void Fresh_weights_that_are_not_those_of_the_flow(string how, int expected, string check)
    {
        var copy = run.Copy(how);
        var path = Path.Join(copy, "flow", "evaluation.h5");
        var bytes = File.ReadAllBytes(path);
        var weights = CheckpointReader.Read(path, "evaluation").GetDoubles("log_weights");
        switch (how)
        {
            case "removed":
                File.Delete(path);
                break;
            case "truncated":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "flipped":
                bytes[bytes.Length / 2] ^= 16;
                File.WriteAllBytes(path, bytes);
                break;
            default:
                // With its hash made again; beyond the weights that are drawn again, the analysis does not fit.
                weights[how == "edited" ? 100 : 60_000] += 1;
                CheckpointWriter.Write(path, "evaluation", new StateSections().Set("log_weights", how == "shortened" ? weights[..50_000] : weights));
                break;
        }
        var (code, failed, output) = StoredRun.Verify(copy);
        Assert.True(failed.Contains(check), output);
        Assert.Equal(expected, code);
    }

    [Fact]
    public void All_weights_are_drawn_again_when_asked_for()
    {
        var copy = run.Copy("all");
        var path = Path.Join(copy, "flow", "evaluation.h5");
        var weights = CheckpointReader.Read(path, "evaluation").GetDoubles("log_weights");
        weights[60_000] += 1;
        CheckpointWriter.Write(path, "evaluation", new StateSections().Set("log_weights", weights));
        Assert.Contains("flow: evaluation", StoredRun.Verify(copy, "--all").Failed);
    }

    [Fact]
    public void A_proposal_that_was_refused_stays()
    {
        var copy = run.Copy("accepted");
        StoredRun.Rewrite(copy, "flow", blocks: blocks => [.. blocks.Select(block => StoredRun.Edited(block, edit => Array.Fill(edit.Accepted, (byte)1)))]);
        var (code, failed, output) = StoredRun.Verify(copy);
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.True(failed.Contains("flow: accepted"), output);
    }
}
