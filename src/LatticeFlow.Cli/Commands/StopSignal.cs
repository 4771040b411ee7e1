using System.Runtime.InteropServices;

namespace LatticeFlow.Cli.Commands;

/// <summary>
/// Turns the signals with which people and batch systems end a program (<see cref="Names"/>) into a request that loops look at: what has a checkpoint writes it, everything else ends within
/// <see cref="Grace"/>, and the command ends with <see cref="ExitCode.Stopped"/>. A second SIGINT or SIGTERM ends the process at once.
/// </summary>
/// <remarks>
/// SIGINT and SIGHUP stay ignored where they were ignored when the program began (by nohup, or by a shell that runs a script in the background), which says that a key or a hang-up is not meant for
/// it. Every other signal is watched even then: a batch script that ignores SIGUSR1 for itself leaves that to what it starts.
/// </remarks>
public sealed class StopSignal : IDisposable
{
    /// <summary>How long work without a checkpoint may go on after a signal; batch systems wait 30 s before they kill.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Within this time a second signal is the first once more: batch systems signal every process of a job, and <c>dotnet run</c> passes its own on.</summary>
    public static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<string> _announce;
    private readonly Action _breakOff;
    private LauncherWatch? _launcher;
    private Timer? _deadline;
    private long? _firstToKill;
    private int _checkpointed;
    private bool _signalled;
    private bool _isDisposed;

    private StopSignal(Action<string> announce, Action? breakOff)
    {
        _announce = announce;
        _breakOff = breakOff ?? (() => { });
    }

    /// <summary>The signals that are watched. .NET has no names for most, but passes raw numbers through.</summary>
    public static IReadOnlyList<string> Names { get; } = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGXCPU"];

    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// Watches for signals until disposed. <paramref name="announce"/> gets the name of the first; <paramref name="breakOff"/> says that the process ends now, because what it does has no checkpoint
    /// and did not end by itself.
    /// </summary>
    public static StopSignal Install(Action<string> announce, Action? breakOff = null)
    {
        var stop = new StopSignal(announce, breakOff);
        foreach (var name in OperatingSystem.IsWindows() ? ["SIGINT", "SIGTERM"] : Names)
        {
            if (!StaysIgnored(name)) stop.Watch(name);
        }
        stop._launcher = LauncherWatch.Start(() => stop.Signal("dotnet run has ended"));
        return stop;
    }

    /// <summary>While this is not disposed the work writes a checkpoint when asked to stop, for which it is given the time it takes.</summary>
    public IDisposable Checkpointed() => new CheckpointedWork(this);

    /// <summary>Asks the loops to stop, as a signal would, but never ends the process.</summary>
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
        _launcher?.Dispose();
        lock (_lock)
        {
            _deadline?.Dispose();
            _deadline = null;
            _isDisposed = true;
        }
    }

    private void Watch(string name)
    {
        var number = Number(name);
        InitialSignals.Heed(number == PosixSignal.SIGTERM ? 15 : (int)number);
        _registrations.Add(PosixSignalRegistration.Create(number, context =>
        {
            context.Cancel = !(name is "SIGINT" or "SIGTERM" && IsSecondToKill());
            Signal(name);
        }));
    }

    private bool IsSecondToKill()
    {
        lock (_lock)
        {
            var first = _firstToKill ??= TimeProvider.System.GetTimestamp();
            return TimeProvider.System.GetElapsedTime(first) > Echo;
        }
    }

    private void Signal(string name)
    {
        Request(name);
        lock (_lock)
        {
            if (_signalled) return;
            _signalled = true;
            StartDeadline();
        }
    }

    // Under the lock.
    private void StartDeadline()
    {
        // A handler may still be on its way when the command has ended.
        if (_signalled && _checkpointed == 0 && !_isDisposed) _deadline ??= new Timer(_ => BreakOff(), null, Grace, Timeout.InfiniteTimeSpan);
    }

    private void BreakOff()
    {
        lock (_lock)
        {
            if (_deadline is null) return;
            if (_checkpointed > 0)
            {
                _deadline.Dispose();
                _deadline = null;
                return;
            }
        }
        // A message must not hold up the end: whoever reads stderr may have stopped reading.
        Task.Run(_breakOff).Wait(Echo);
        Environment.Exit(ExitCode.Stopped);
    }

    private static PosixSignal Number(string name) => name switch
    {
        "SIGINT" => PosixSignal.SIGINT,
        "SIGTERM" => PosixSignal.SIGTERM,
        "SIGHUP" => PosixSignal.SIGHUP,
        // Linux, and the BSD family.
        "SIGUSR1" => (PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10),
        "SIGUSR2" => (PosixSignal)(OperatingSystem.IsMacOS() ? 31 : 12),
        _ => (PosixSignal)24,
    };

    private static bool StaysIgnored(string name) => name switch
    {
        "SIGINT" => InitialSignals.Ignores(2),
        "SIGHUP" => InitialSignals.Ignores(1),
        _ => false,
    };

    private sealed class CheckpointedWork : IDisposable
    {
        private StopSignal? _stop;

        public CheckpointedWork(StopSignal stop)
        {
            _stop = stop;
            lock (stop._lock) stop._checkpointed++;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _stop, null) is not { } stop) return;
            lock (stop._lock)
            {
                stop._checkpointed--;
                stop.StartDeadline();
            }
        }
    }
}
