using System.Globalization;
using System.Text;

namespace LatticeFlow.Cli.Commands;

/// <summary>Words for how far a task is.</summary>
public static class ProgressText
{
    // Three centuries.
    private const double LongestSeconds = 1e10;

    /// <summary>One line: <c>train 120/1000 (12.0 %) loss -1.234 ess 0.31 · 3.2/s, 4 min 35 s left</c>.</summary>
    public static string Line(string task, long start, long done, long total, TimeSpan elapsed, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        var line = new StringBuilder();
        var percent = total > 0 ? 100.0 * done / total : 100;
        line.Append(CultureInfo.InvariantCulture, $"{task} {done}/{total} ({percent:0.0} %)");
        if (metrics.Length > 0) line.Append(' ').Append(Metrics(metrics));
        if (Remaining(start, done, total, elapsed) is not { } remaining) return line.ToString();
        line.Append(CultureInfo.InvariantCulture, $" · {Significant((done - start) / elapsed.TotalSeconds)}/s, ");
        return line.Append(done >= total ? $"{Duration(elapsed)} in all" : $"{Duration(remaining)} left").ToString();
    }

    public static string Metrics(ReadOnlySpan<(string Name, double Value)> metrics)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in metrics)
        {
            if (text.Length > 0) text.Append(' ');
            text.Append(name).Append(' ').Append(Significant(value));
        }
        return text.ToString();
    }

    /// <summary>Time still needed at the mean speed since the start; null before anything can be said.</summary>
    public static TimeSpan? Remaining(long start, long done, long total, TimeSpan elapsed)
        => done <= start || elapsed <= TimeSpan.Zero ? null : elapsed * ((double)Math.Max(0, total - done) / (done - start));

    /// <summary>Of seconds, as far as there is a word for so many.</summary>
    public static string Duration(double seconds) => Duration(TimeSpan.FromSeconds(Math.Clamp(double.IsNaN(seconds) ? 0 : seconds, 0, LongestSeconds)));

    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} min {duration.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalHours} h {duration.Minutes} min"),
    };

    private static string Significant(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
