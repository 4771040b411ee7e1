using System.Diagnostics;
using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Tests;

/// <summary>A signal reaches every command of the process, so nothing may run beside these tests.</summary>
[CollectionDefinition(nameof(StopSignalTests), DisableParallelization = true)]
public class StopSignalCollection;

[Collection(nameof(StopSignalTests))]
public class StopSignalTests
{
    [Fact]
    public void Signals_ask_to_stop_and_the_process_lives()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var name in new[] { "USR1", "TERM", "INT" })
        {
            using var announced = new ManualResetEventSlim();
            string? signal = null;
            using var stop = StopSignal.Install(text => { signal = text; announced.Set(); });
            Assert.False(stop.IsRequested);
            using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Environment.ProcessId}"]);
            Assert.True(announced.Wait(TimeSpan.FromSeconds(10)), $"SIG{name} did not arrive");
            Assert.True(stop.IsRequested);
            Assert.True(stop.Token.IsCancellationRequested);
            Assert.Equal("SIG" + name, signal);
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
}
