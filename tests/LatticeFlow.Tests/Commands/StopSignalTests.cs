using System.Diagnostics;
using System.Globalization;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Tests.KillTarget;

namespace LatticeFlow.Tests;

/// <summary>A signal reaches every command of the process, so nothing may run beside these tests.</summary>
[CollectionDefinition(nameof(StopSignalTests), DisableParallelization = true)]
public class StopSignalCollection;

[Collection(nameof(StopSignalTests))]
public class StopSignalTests
{
    // A guard against a process that hangs, not a measurement.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Signals_ask_to_stop_and_the_process_lives()
    {
        if (OperatingSystem.IsWindows()) return;
        // SIGINT and SIGHUP stay ignored where the suite was started so, by nohup or in the background of a script.
        foreach (var name in StopSignal.Names.Where(name => !IsIgnoredHere(name)))
        {
            using var announced = new ManualResetEventSlim();
            string? signal = null;
            using var stop = StopSignal.Install(text => { signal = text; announced.Set(); });
            Assert.False(stop.IsRequested);
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name[3..]} {Environment.ProcessId}"]);
            Assert.True(announced.Wait(Patience), $"{name} did not arrive");
            Assert.True(stop.IsRequested);
            Assert.True(stop.Token.IsCancellationRequested);
            Assert.Equal(name, signal);
            kill.WaitForExit();
        }
    }

    [Fact]
    public void Only_the_first_request_is_announced()
    {
        List<string> announced = [];
        using var stop = StopSignal.Install(announced.Add);
        stop.Request("first");
        stop.Request("second");
        Assert.Equal(["first"], announced);
    }

    [LinuxFact]
    public void Work_without_checkpoints_ends_soon_after_any_signal_and_work_with_them_is_given_its_time()
    {
        using var scratch = new ScratchDirectory();
        var config = scratch.At("c.toml");
        File.WriteAllText(config, CommandRun.Small);
        // One of each, all at once: a signal must not end what is about to write a checkpoint.
        (string Signal, Child Process)[] children =
        [
            ("TERM", new("--default-signal=INT,HUP", "analyze", scratch.Path)), ("USR1", new("--default-signal=INT,HUP", "report", scratch.Path)),
            ("USR2", new("--default-signal=INT,HUP", "export", scratch.Path, "--output", scratch.At("x"))), ("XCPU", new("--ignore-signal=INT,HUP,USR1,USR2,XCPU", "import", config, "--to", scratch.At("y"))),
            ("INT", new("--default-signal=INT,HUP", "bench")), ("HUP", new("--default-signal=INT,HUP", "devices")),
            ("TERM", new("--ignore-signal=INT,HUP", "sample", config)),
        ];
        try
        {
            foreach (var (_, child) in children) child.WaitFor("ready");
            foreach (var (signal, child) in children) child.Signal(signal);
            foreach (var (signal, child) in children)
            {
                Assert.Equal(ExitCode.Stopped, child.ExitCode());
                Assert.Contains($"SIG{signal}: stopping", child.Errors);
            }
            Assert.Equal("checkpoint", children[^1].Process.Rest);
            Assert.Contains("stopped: run the same command again", children[0].Process.Errors);
        }
        finally
        {
            foreach (var (_, child) in children) child.Dispose();
        }
    }

    [LinuxFact]
    public void Only_a_second_SIGTERM_ends_a_process_at_once_and_not_an_echo_of_the_first()
    {
        using var scratch = new ScratchDirectory();
        var config = scratch.At("c.toml");
        File.WriteAllText(config, CommandRun.Small);
        using var once = new Child("--default-signal=INT,HUP", "sample", config);
        using var twice = new Child("--default-signal=INT,HUP", "sample", config);
        using var echo = new Child("--default-signal=INT,HUP", "sample", config);
        foreach (var child in new[] { once, twice, echo }) child.WaitFor("ready");
        // Batch systems send SIGUSR1 first and SIGTERM later: that is the first of the signals that end a process.
        once.Signal("USR1");
        once.WaitForError("SIGUSR1");
        once.Signal("TERM");
        echo.Signal("TERM");
        echo.Signal("TERM");
        twice.Signal("TERM");
        twice.WaitForError("SIGTERM");
        Thread.Sleep(StopSignal.Echo + TimeSpan.FromSeconds(0.5));
        twice.Signal("TERM");
        Assert.NotEqual(ExitCode.Stopped, twice.ExitCode());
        Assert.Equal("", twice.Rest);
        Assert.Equal((ExitCode.Stopped, ExitCode.Stopped), (once.ExitCode(), echo.ExitCode()));
        Assert.Equal(("checkpoint", "checkpoint"), (once.Rest, echo.Rest));
    }

    [LinuxFact]
    public void A_signal_that_was_ignored_from_the_start_stays_ignored_if_it_comes_from_a_terminal()
    {
        using var scratch = new ScratchDirectory();
        var config = scratch.At("c.toml");
        File.WriteAllText(config, CommandRun.Small);
        using var child = new Child("--ignore-signal=INT,HUP", "sample", config);
        child.WaitFor("ready");
        child.Signal("INT");
        child.Signal("HUP");
        child.Signal("USR2");
        Assert.Equal(ExitCode.Stopped, child.ExitCode());
        Assert.Contains("SIGUSR2: stopping", child.Errors);
        Assert.DoesNotContain("SIGINT:", child.Errors);
        Assert.DoesNotContain("SIGHUP:", child.Errors);
    }

    private static bool IsIgnoredHere(string name)
    {
        if (!OperatingSystem.IsLinux() || name is not ("SIGINT" or "SIGHUP")) return false;
        var mask = ulong.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask >> (name == "SIGINT" ? 1 : 0) & 1) != 0;
    }

    /// <summary>A command that does not look at signals, with the dispositions that <c>env</c> gives it.</summary>
    private sealed class Child : IDisposable
    {
        private readonly Process _process;
        private readonly System.Text.StringBuilder _errors = new();

        public Child(string dispositions, params string[] command)
        {
            _process = Process.Start(new ProcessStartInfo("env", [dispositions, "dotnet", "exec", typeof(DeafCommand).Assembly.Location, DeafCommand.Word, .. command])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _process.ErrorDataReceived += (_, line) =>
            {
                lock (_errors) _errors.AppendLine(line.Data);
            };
            _process.BeginErrorReadLine();
        }

        public string Errors
        {
            get
            {
                lock (_errors) return _errors.ToString();
            }
        }

        public string Rest => _process.StandardOutput.ReadToEnd().Trim();

        public void WaitFor(string line) => Assert.Equal(line, _process.StandardOutput.ReadLine());

        public void WaitForError(string text) => Assert.True(SpinWait.SpinUntil(() => Errors.Contains(text, StringComparison.Ordinal), Patience), $"no \"{text}\" in {Errors}");

        public void Signal(string name) => Assert.Equal(0, Shell.Run("/bin/sh", "-c", $"kill -{name} {_process.Id}").ExitCode);

        public int ExitCode()
        {
            Assert.True(_process.WaitForExit(Patience), "it did not end");
            _process.WaitForExit();
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
    }
}
