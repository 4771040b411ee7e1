namespace LatticeFlow.Cli.Services;

/// <summary>Says when the next checkpoint is due by wall clock: <paramref name="interval"/> after the last one was written, so that writing slowly does not mean writing all the time.</summary>
public sealed class CheckpointClock(TimeSpan interval, TimeProvider time)
{
    private long _last = time.GetTimestamp();

    public bool IsDue => time.GetElapsedTime(_last) >= interval;

    public void Restart() => _last = time.GetTimestamp();
}
