using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Whatever becomes of stdout and stderr, a run goes on, ends with its own exit code, and its log has all that was said.</summary>
public sealed class StreamTests : IDisposable
{
    private readonly CommandRun _run = new();

    public void Dispose() => _run.Dispose();

    [LinuxFact]
    public void A_run_survives_its_streams_and_stops_with_75()
    {
        foreach (var streams in new[] { ">/dev/full 2>/dev/full", "<&- >&- 2>&-", "2>&1 | true" }) Survives(streams);
    }

    private void Survives(string streams)
    {
        var name = $"run{streams.Length}";
        File.WriteAllText(_run.Config, Endless);
        // The code goes to a file, because stdout may be no more; a pipe whose reader has gone has it in the first part.
        var command = $"dotnet exec '{typeof(SampleCommand).Assembly.Location}' sample '{_run.Config}' --run-dir '{_run.At(name)}'";
        var manifest = _run.At(name, "ensemble", "hmc", "manifest.jsonl");
        var script = $$"""
            ( ({{command}}; echo $? > '{{_run.At(name + ".code")}}') {{streams}} ) &
            while ! test -s '{{manifest}}' && ! test -s '{{_run.At(name + ".code")}}'; do sleep 0.05; done
            kill -USR1 $(sed -n 's/^process \([0-9]*\) .*/\1/p' '{{_run.At(name, "run.lock")}}')
            wait
            """;
        Shell.Run("bash", "-c", script);
        Assert.Equal("75", File.ReadAllText(_run.At(name + ".code")).Trim());
        var log = File.ReadAllText(_run.At(name, "log.txt"));
        Assert.Contains(" on cpu", log);
        Assert.Contains("SIGUSR1: stopping after a checkpoint", log);
        Assert.Contains("stopped after a checkpoint: run again with", log);
        // No message went into a file that happened to get the number of a closed stream.
        foreach (var file in Directory.GetFiles(_run.At(name), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("log.txt" or "provenance.json")))
            Assert.DoesNotContain("stopping after", File.ReadAllText(file));
        EnsembleReader.Open(_run.At(name, "ensemble", "hmc")).VerifyAll();
    }

    [LinuxFact]
    public void A_command_that_only_prints_says_that_it_could_not()
    {
        var (code, error) = Shell.Run("bash", "-c", $"dotnet exec '{typeof(SampleCommand).Assembly.Location}' validate '{_run.Config}' > /dev/full");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("error: stdout cannot be written: ", error);
    }

    [Fact]
    public void Keys_and_arguments_cannot_draw_on_a_terminal()
    {
        File.WriteAllText(_run.Config, CommandRun.Small.Replace("[theory]", "\"\\u001b]0;owned\\u0007\\nerror: nothing is wrong\" = 1\n[theory]", StringComparison.Ordinal));
        var (code, output, error) = CommandRun.Invoke("validate", _run.Config);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("\\x1b]0;owned\\x07\\x0aerror: nothing is wrong", error);
        foreach (var arguments in new[] { new[] { "\u001b[2Jrun" }, ["run", "\u001b[2J.toml"], ["analyze", "\u001b[2J"], ["validate", "--\u001b[2J"], ["run", _run.Config, "--set", "\u001b[2J=3"], ["export", "\u001b[2J", "--output", "x"] })
        {
            (code, output, error) = CommandRun.Invoke(arguments);
            Assert.NotEqual(ExitCode.Done, code);
            Assert.DoesNotContain("\u001b", output + error);
            Assert.Contains("\\x1b", error);
        }
    }

    private const string Endless = """
        [run]
        name = "endless"
        device = "cpu"
        [theory]
        extents = [4, 8]
        action = { kind = "wilson", beta = 1.0 }
        [[sample]]
        sampler = "hmc"
        steps = 4
        configurations = 20000000
        store = "observables"
        replicas = 8
        thermalization = 20
        segment = 800
        """;
}
