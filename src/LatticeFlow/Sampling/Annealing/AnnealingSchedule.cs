namespace LatticeFlow.Sampling;

/// <summary>The times 0 = s_0 &lt; s_1 &lt; … &lt; s_n = 1 of a protocol: at step t the action changes from that of s_{t−1} to that of s_t.</summary>
public sealed class AnnealingSchedule
{
    /// <summary>The most steps of a protocol.</summary>
    public const int MostSteps = 1_000_000;

    private AnnealingSchedule(IReadOnlyList<double> times, int? pilotAfter) => (Times, PilotAfter) = (times, pilotAfter);

    /// <summary>s_0 … s_n; of an optimised schedule those that its pilot trajectories take.</summary>
    public IReadOnlyList<double> Times { get; }

    /// <summary>n.</summary>
    public int Steps => Times.Count - 1;

    /// <summary>Of an optimised schedule, the steps of the thermalization before the first of its pilot trajectories, from which the times are found; null: the times stay.</summary>
    public int? PilotAfter { get; }

    /// <summary>s_t = t/n.</summary>
    /// <exception cref="ArgumentException">The number of steps is impossible.</exception>
    public static AnnealingSchedule Linear(int steps) => new(Even(steps), null);

    /// <summary>Given times s_1 … s_n = 1.</summary>
    /// <exception cref="ArgumentException">They do not ascend from above 0 to 1.</exception>
    public static AnnealingSchedule Given(IReadOnlyList<double> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (times.Count is 0 or > MostSteps) throw new ArgumentException($"times: {times.Count} steps, there are 1 to {MostSteps}.", nameof(times));
        double[] all = [0, .. times];
        if (all[^1] != 1 || all.Zip(all.Skip(1)).Any(pair => !(pair.First < pair.Second))) throw new ArgumentException("times: they ascend from above 0 to 1, at which the action is the one that is sampled.", nameof(times));
        return new(all, null);
    }

    /// <summary>
    /// Times at equal distance in thermodynamic length (<see cref="ThermodynamicLength"/>), found from trajectories with s_t = t/n: those of the steps of the thermalization but the first <paramref name="pilotAfter"/>. They stay the same from then on.
    /// </summary>
    /// <exception cref="ArgumentException">A number is impossible.</exception>
    public static AnnealingSchedule Optimised(int steps, int pilotAfter)
    {
        if (pilotAfter < 0) throw new ArgumentException($"{pilotAfter} steps before the pilot: at least 0.", nameof(pilotAfter));
        return new(Even(steps), pilotAfter);
    }

    private static double[] Even(int steps)
    {
        if (steps is < 1 or > MostSteps) throw new ArgumentException($"steps = {steps}: there are 1 to {MostSteps}.", nameof(steps));
        return [.. Enumerable.Range(0, steps + 1).Select(t => (double)t / steps)];
    }
}
