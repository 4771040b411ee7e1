using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Tests;

public class LogAndProgressTests
{
    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;

        public override DateTimeOffset GetUtcNow() => new(2026, 2, 28, 23, 59, 58, TimeSpan.Zero);
    }

    private static string[] Lines(bool quiet, long start, long linesEvery, params long[] done)
    {
        using var error = new StringWriter();
        using var log = new Log(error, quiet);
        var clock = new Clock();
        new LineProgress(log, clock).Run("train", 100, progress =>
        {
            foreach (var count in done)
            {
                clock.Seconds = (count - start) * 2;
                progress.Report(count, ("loss", -1.23456), ("ess", 0.5));
            }
            return 0;
        }, start, linesEvery);
        return error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void Lines_tell_speed_and_time_left()
        => Assert.Equal(["2026-02-28T23:59:58Z train 40/100 (40.0 %) loss -1.235 ess 0.5 · 0.5/s, 2 min 0 s left", "2026-02-28T23:59:58Z train 100/100 (100.0 %) loss -1.235 ess 0.5 · 0.5/s, 3 min 20 s in all"],
            Lines(quiet: false, start: 0, linesEvery: 40, 1, 39, 40, 41, 79, 100));

    [Fact]
    public void A_resumed_task_is_timed_from_where_it_began()
        => Assert.Equal(["2026-02-28T23:59:58Z train 60/100 (60.0 %) loss -1.235 ess 0.5 · 0.5/s, 1 min 20 s left"], Lines(quiet: false, start: 50, linesEvery: 20, 50, 51, 60));

    [Fact]
    public void Without_a_count_there_is_a_line_every_ten_seconds()
        => Assert.Equal(["train 5/", "train 10/"], Lines(quiet: false, start: 0, linesEvery: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).Select(line => line[21..(line.IndexOf('/', StringComparison.Ordinal) + 1)]));

    [Fact]
    public void A_task_that_stands_still_shows_every_ten_seconds_that_it_lives()
    {
        using var error = new StringWriter();
        using var log = new Log(error, quiet: false);
        var clock = new Clock();
        new LineProgress(log, clock).Run("hmc", 100, progress =>
        {
            for (clock.Seconds = 1; clock.Seconds <= 31; clock.Seconds++) progress.Report(clock.Seconds < 25 ? 4 : 100, ("plaquette", 0.5), ("acceptance", 0.75));
            return 0;
        });
        Assert.Equal(["hmc 4/100 (4.0 %) plaquette 0.5 acceptance 0.75", "hmc 4/100 (4.0 %) plaquette 0.5 acceptance 0.75", "hmc 100/100 (100.0 %) plaquette 0.5 acceptance 0.75"],
            error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[21..line.IndexOf(" ·", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Quiet_shows_no_progress() => Assert.Empty(Lines(quiet: true, start: 0, linesEvery: 1, 1, 2, 100));

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(61, "1 min 1 s")]
    [InlineData(3600 * 30 + 120, "30 h 2 min")]
    public void Durations(double seconds, string expected) => Assert.Equal(expected, ProgressText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Quiet_hides_information_and_nothing_else()
    {
        using var error = new StringWriter();
        using var log = new Log(error, quiet: true);
        log.Information("a");
        log.Warning("b");
        log.Error("c");
        Assert.Equal("warning: b\nerror: c\n", error.ToString());
    }

    [Fact]
    public void A_log_file_that_cannot_be_written_is_a_user_error()
    {
        using var log = new Log(TextWriter.Null, quiet: false);
        var path = Path.Join(Path.GetTempPath(), "no such directory", "log.txt");
        Assert.Equal(path, Assert.Throws<UserErrorException>(() => log.AttachFile(path)).File);
    }
}
