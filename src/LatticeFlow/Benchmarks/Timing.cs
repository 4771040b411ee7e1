using System.Diagnostics;

namespace LatticeFlow.Benchmarks;

/// <summary>Times by minima: what other programs take from a machine only ever adds.</summary>
public sealed record Timing(TimeSpan Budget)
{
    // Short enough to fall between two interruptions, long enough for the clock.
    private const double ShortestSeconds = 100e-6;
    private const int FewestRounds = 3;

    /// <summary>The least seconds that <paramref name="work"/> took in many rounds within the budget.</summary>
    public double Seconds(Action work)
    {
        work();
        int repetitions = 1;
        while (Round(work, repetitions) * repetitions < ShortestSeconds) repetitions *= 2;
        double least = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < FewestRounds || Stopwatch.GetElapsedTime(start) < Budget; round++) least = Math.Min(least, Round(work, repetitions));
        return least;
    }

    // Seconds of one call, averaged over the repetitions.
    private static double Round(Action work, int repetitions)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repetitions; i++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions;
    }
}
