using LatticeFlow.Fields;

namespace LatticeFlow.Cli.Configuration;

/// <summary>
/// The memory that the chains of a configuration need at least, so that a run that cannot fit is refused before it begins (exit code 2) and not ended by the system after hours. Counted are configurations,
/// what trajectories keep beside them, and the block of a segment as it is drawn and stored; flows and their training are not.
/// </summary>
public static class MemoryEstimate
{
    /// <summary>What the program takes before the first configuration.</summary>
    private const long Program = 200L << 20;

    /// <summary>Lattices that share their working memory at most: those that a core of many registers works on at once.</summary>
    private const int LanesOfCore = 8;

    /// <summary>Tables of neighbours and of loops, and buffers of files, in parts of one configuration.</summary>
    private const double Tables = 0.25;

    /// <summary>Numbers of a row beside its configuration, twice: of the chain, and some observables.</summary>
    private const int NumbersOfRow = 32;

    private const double Giga = 1e9;

    /// <summary>Throws <see cref="UserErrorException"/> for the first sample that cannot be drawn within a limit.</summary>
    public static void Check(RunConfiguration configuration, string file, MemoryLimit limit)
    {
        var (available, source) = limit.Least();
        for (var i = 0; i < configuration.Samples.Count; i++)
        {
            var sample = configuration.Samples[i];
            var numbers = (double)configuration.Theory.NumbersOfConfiguration * Lattices(sample);
            if (numbers > int.MaxValue)
            {
                throw new UserErrorException($"{Lattices(sample)} lattices of {configuration.Theory.NumbersOfConfiguration} numbers are more than the {int.MaxValue} that one field can hold")
                {
                    File = file,
                    Key = $"sample.{i}",
                    Remedy = "use fewer replicas or a smaller lattice",
                };
            }
            var needed = Bytes(configuration.Theory, sample, configuration.Run);
            if (needed <= available) continue;
            throw new UserErrorException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"\"{sample.Name}\" needs some {needed / Giga:F1} GB of memory ({configuration.Theory.BytesOfConfiguration / Giga:F2} GB a configuration, {Lattices(sample)} lattice(s), {FieldRowsOfBlock(sample)} configuration(s) in a segment), and {source} allows {available / Giga:F1} GB"))
            {
                File = file,
                Key = $"sample.{i}",
                Remedy = "use a smaller segment, fewer replicas or a smaller lattice, or ask for more memory",
            };
        }
    }

    /// <summary>The estimate for one sample, in bytes.</summary>
    public static double Bytes(TheorySettings theory, SampleSettings sample, RunSettings run)
    {
        double configuration = sizeof(double) * (double)theory.NumbersOfConfiguration, stored = theory.BytesOfConfiguration;
        int lattices = Lattices(sample), rows = FieldRowsOfBlock(sample);
        var onHost = run.Device is "cpu" or "auto";
        // The block of a segment, that of the segment before, which may not be collected yet, and the block as it is stored where that differs.
        var bytes = Program + (2 * rows * configuration) + (theory.Field.StoresElements ? 0 : rows * stored);
        // The state of the chain, where the rows of the segment are not it, and what is converted for a file.
        if (!sample.Store.IsWhole || !sample.Store.Encoding.IsExact) bytes += lattices * configuration;
        bytes += NumbersOfRow * (double)RowsOfBlock(sample) * sizeof(double);
        // Of a ladder the state as it is written, and the replicas that are measured: on the host, on the device and smeared.
        if (sample.Transition.ReplicasOfChain > 1) bytes += (lattices + (3 * sample.Replicas)) * configuration;
        // Starts of trajectories, those of the way back, or what is put back, and what is written of them.
        if (sample.Transition is AnnealedSettings annealed) bytes += (annealed.RunsBothWays ? 4 : 2) * lattices * configuration;
        if (sample.Transition.UsesFlow) bytes += lattices * configuration;
        if (!onHost) return bytes;
        var threads = run.Threads > 0 ? run.Threads : Environment.ProcessorCount;
        double atOnce = Math.Min(lattices, (double)threads * LanesOfCore);
        return bytes + (lattices * configuration) + (Tables * configuration) + (atOnce * configuration * OfTrajectories(theory, sample.Transition));
    }

    /// <summary>Lattices that the chains of a sample move: a ladder has one a rung.</summary>
    internal static int Lattices(SampleSettings sample) => sample.Replicas * sample.Transition.ReplicasOfChain;

    private static int RowsOfBlock(SampleSettings sample) => Math.Min(sample.Segment / sample.Replicas, (sample.Configurations + sample.Replicas - 1) / sample.Replicas) * sample.Replicas;

    private static int FieldRowsOfBlock(SampleSettings sample)
    {
        if (sample.Store.Every == 0) return 0;
        var draws = RowsOfBlock(sample) / sample.Replicas;
        return ((draws / sample.Store.Every) + (draws % sample.Store.Every == 0 ? 0 : 1)) * sample.Replicas;
    }

    // The configuration to go back to, the momenta, where these have a fixed length the force, and where the force is taken elsewhere a configuration and a displacement.
    private static double OfTrajectories(TheorySettings theory, TransitionSettings transition)
    {
        var tangent = (double)theory.Field.TangentComponents / theory.Field.Components;
        return transition.Trajectories.Select(hmc => ((1 + tangent) * (hmc.Integrator == IntegratorKind.ForceGradient4 ? 2 : 1)) + (hmc.Microcanonical ? tangent : 0)).DefaultIfEmpty(0).Sum();
    }
}
