using System.Runtime.InteropServices;

namespace LatticeFlow.Cli.Commands;

/// <summary>
/// Turns SIGTERM, SIGINT and SIGUSR1 (which batch systems send before the time is up) into a request that loops look at:
/// they write a checkpoint and the command ends with <see cref="ExitCode.Stopped"/>. A second SIGINT or SIGTERM ends the process at once.
/// </summary>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<string> _announce;

    private StopSignal(Action<string> announce) => _announce = announce;

    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Watches for signals until disposed; <paramref name="announce"/> gets the name of the first.</summary>
    public static StopSignal Install(Action<string> announce)
    {
        var stop = new StopSignal(announce);
        stop.Watch(PosixSignal.SIGINT, "SIGINT", secondEndsProcess: true);
        stop.Watch(PosixSignal.SIGTERM, "SIGTERM", secondEndsProcess: true);
        // .NET has no name for SIGUSR1 but passes raw numbers through: 30 on the BSD family, 10 on Linux.
        if (!OperatingSystem.IsWindows()) stop.Watch((PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), "SIGUSR1", secondEndsProcess: false);
        return stop;
    }

    /// <summary>Asks the loops to stop, as a signal would.</summary>
    public void Request(string reason)
    {
        lock (_lock)
        {
            if (_source.IsCancellationRequested) return;
            _source.Cancel();
        }
        _announce(reason);
    }

    public void Dispose()
    {
        // The source is left to the collector: a handler that is already on its way may still cancel it.
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Watch(PosixSignal signal, string name, bool secondEndsProcess)
        => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = !(secondEndsProcess && IsRequested);
            Request(name);
        }));
}
