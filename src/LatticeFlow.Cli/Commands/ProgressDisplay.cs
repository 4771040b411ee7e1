using System.Globalization;
using Spectre.Console;

namespace LatticeFlow.Cli.Commands;

/// <summary>Shows how far a long task is while it runs.</summary>
public interface IProgressDisplay
{
    /// <summary>
    /// Runs <paramref name="work"/>, which reports absolute counts out of <paramref name="total"/>; a resumed task begins at
    /// <paramref name="start"/>. Without a terminal there is a line each time <paramref name="linesEvery"/> more are done, or, if that is 0,
    /// every ten seconds.
    /// </summary>
    T Run<T>(string task, long total, Func<ITaskProgress, T> work, long start = 0, long linesEvery = 0);
}

/// <summary>Chooses the display: a bar on a terminal that can show one, else plain lines, else (quiet) nothing.</summary>
public static class ProgressDisplay
{
    /// <summary>Whether this is a terminal that can move its cursor.</summary>
    public static bool CanDraw(TextWriter error) => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>A display on <paramref name="terminal"/>, or in lines where that is null.</summary>
    public static IProgressDisplay For(Log log, TextWriter? terminal)
        => terminal is not null && !log.Quiet ? new TerminalProgress(log, terminal) : new LineProgress(log, TimeProvider.System);
}

/// <summary>Progress as log lines with the time (UTC), for files and pipes.</summary>
public sealed class LineProgress(Log log, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public T Run<T>(string task, long total, Func<ITaskProgress, T> work, long start = 0, long linesEvery = 0)
        => work(new Lines(log, time, task, total, start, linesEvery));

    private sealed class Lines(Log log, TimeProvider time, string task, long total, long start, long linesEvery) : ITaskProgress
    {
        private readonly long _began = time.GetTimestamp();
        private TimeSpan _shownAt;
        private long _shown;

        public void Report(long done, params ReadOnlySpan<(string Name, double Value)> metrics)
        {
            var elapsed = time.GetElapsedTime(_began);
            var isDue = linesEvery > 0 ? done / linesEvery > Math.Max(start, _shown) / linesEvery : elapsed - _shownAt >= Interval;
            var isNew = done > Math.Max(start, _shown);
            // By time there is a line even where nothing new is done: it shows that the task lives.
            if (isNew ? !isDue && done < total : linesEvery > 0 || !isDue || done >= total) return;
            _shown = Math.Max(done, _shown);
            _shownAt = elapsed;
            log.ProgressLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {ProgressText.Line(task, start, done, total, elapsed, metrics)}"));
        }
    }
}

/// <summary>Progress as a bar with the time left, redrawn in place; log messages scroll above it.</summary>
public sealed class TerminalProgress(Log log, TextWriter error) : IProgressDisplay
{
    public T Run<T>(string task, long total, Func<ITaskProgress, T> work, long start = 0, long linesEvery = 0)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        log.RouteThrough(console.WriteLine);
        try
        {
            return console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => work(new Bar(context.AddTask(Markup.Escape(task), maxValue: Math.Max(1, total)), task, total, start)));
        }
        finally
        {
            log.RouteThrough(null);
        }
    }

    private sealed class Bar : ITaskProgress
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
        private readonly ProgressTask _bar;
        private readonly string _task;
        private readonly long _total;
        private long _shownAt;

        public Bar(ProgressTask bar, string task, long total, long start)
        {
            _bar = bar;
            _task = task;
            _total = total;
            bar.Value = start;
        }

        public void Report(long done, params ReadOnlySpan<(string Name, double Value)> metrics)
        {
            var now = TimeProvider.System.GetTimestamp();
            if (done < _total && _shownAt != 0 && TimeProvider.System.GetElapsedTime(_shownAt, now) < Interval) return;
            _shownAt = now;
            _bar.Value = Math.Max(done, _total == 0 ? 1 : 0);
            _bar.Description = Markup.Escape($"{_task} {done}/{_total} {ProgressText.Metrics(metrics)}");
        }
    }
}
