using LatticeFlow.Storage;

namespace LatticeFlow.Tests.KillTarget;

/// <summary>
/// A chain whose every segment follows from the state stored with the one before: a 64-bit linear congruential generator (Knuth, MMIX constants) and the current angles.
/// Any step lost or repeated across a kill changes all later bytes.
/// </summary>
public static class DeterministicChain
{
    private const int PerSegment = 4;

    public static EnsembleHeader Header { get; } = new()
    {
        Field = "U1",
        Extents = [4, 4],
        Action = "wilson",
        ActionParameters = new Dictionary<string, double> { ["beta"] = 2.0 },
        Sampler = "chain",
        Seed = 7,
        Precision = "double",
        Device = "cpu",
        Version = "test",
        Commit = "none",
        Config = "[run]\nseed = 7\n",
    };

    /// <summary>Opens or resumes the folder and appends until it holds <paramref name="segments"/> segments; calls back after each.</summary>
    public static void Run(string folder, int segments, System.Action? stored = null)
    {
        using var writer = EnsembleWriter.Resume(folder, Header);
        ulong state = writer.State?.Sections.GetUnsigned("generator") ?? 1;
        double[] angles = writer.State?.Sections.GetDoubles("angles") ?? new double[Header.DoublesPerConfiguration];
        long step = writer.State?.Sections.GetLong("step") ?? 0;
        while (writer.NextSegment < segments)
        {
            var block = Next(ref state, angles, ref step);
            var sections = new StateSections().Set("generator", state).Set("angles", (double[])angles.Clone()).Set("step", step);
            writer.Append(block, new ChainState { RngCounter = (ulong)step, Sections = sections });
            stored?.Invoke();
        }
    }

    private static EnsembleBlock Next(ref ulong state, double[] angles, ref long step)
    {
        var links = new List<double>();
        var plaquette = new double[PerSegment];
        var steps = new long[PerSegment];
        for (int n = 0; n < PerSegment; n++)
        {
            for (int link = 0; link < angles.Length; link++)
            {
                state = unchecked((state * 6364136223846793005UL) + 1442695040888963407UL);
                double kick = ((state >> 11) * (1.0 / (1UL << 53))) - 0.5;
                angles[link] = Math.Clamp(Math.IEEERemainder(angles[link] + kick, 2 * Math.PI), -3.14, 3.14);
                plaquette[n] += Math.Cos(angles[link]) / angles.Length;
            }

            links.AddRange(angles);
            steps[n] = step++;
        }

        return new EnsembleBlock
        {
            Count = PerSegment,
            Field = [.. links],
            Replica = new long[PerSegment],
            Step = steps,
            Accepted = [1, 0, 1, 1],
            Action = Array.ConvertAll(plaquette, value => -32 * value),
            Observables = { ["plaquette"] = plaquette },
        };
    }
}
