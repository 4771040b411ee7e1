using System.Globalization;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The room on the disk that a run takes when all is stored that it asks for: configurations, columns, states of chains, checkpoints of the flow. So that one that cannot fit is refused before it begins (exit code 2).</summary>
public static class DiskEstimate
{
    /// <summary>Replica, step, S, and log q, log weight or ΔH of a row.</summary>
    private const int BytesOfChainRow = 6 * sizeof(double);

    /// <summary>Structure of a file beside its data and the text of the configuration.</summary>
    private const int BytesOfStructure = 8 << 10;

    // Newest, the one before, best and trained, each with two moments of the optimiser.
    private const int CheckpointsOfFlow = 4;
    private const int NumbersOfParameter = 3;

    private static readonly string[] _units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>All of it, in bytes.</summary>
    public static double Bytes(RunConfiguration configuration)
    {
        double text = configuration.ToToml().Length;
        return configuration.Samples.Sum(sample => Bytes(configuration, sample) + (Segments(sample) * (BytesOfStructure + text))) + BytesOfFlow(configuration);
    }

    /// <summary>What a run takes, in words: <c>1.2 GB on disk, 510 MB of memory</c>.</summary>
    public static string Words(RunConfiguration configuration)
    {
        var memory = configuration.Samples.Select(sample => MemoryEstimate.Bytes(configuration.Theory, sample, configuration.Run)).DefaultIfEmpty(0).Max();
        return $"{Text(Bytes(configuration))} on disk{(memory > 0 ? $", {Text(memory)} of memory" : "")}";
    }

    /// <summary>Throws <see cref="UserErrorException"/> where a run has less room than what it still has to store.</summary>
    /// <param name="configuration">The run.</param>
    /// <param name="file">Its configuration file, for the message.</param>
    /// <param name="directory">Its directory, which need not exist.</param>
    /// <param name="free">The room in bytes where a directory is, or would be.</param>
    public static void Check(RunConfiguration configuration, string file, string directory, Func<string, double> free)
    {
        var needed = Bytes(configuration) - Stored(directory);
        var room = free(directory);
        if (needed <= room) return;
        throw new UserErrorException($"the run needs some {Text(needed)} on the disk{(Stored(directory) > 0 ? " beside what it has stored" : "")}, and {Text(room)} are free where {directory} is")
        {
            File = file,
            Key = "sample",
            Remedy = "make room, choose another --run-dir, or store less: store = \"observables\", store_every, links_precision = \"float\"",
        };
    }

    /// <summary>A number of bytes in words: <c>1.2 GB</c>.</summary>
    public static string Text(double bytes)
    {
        var unit = 0;
        for (; bytes >= 999.5 && unit < _units.Length - 1; unit++) bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{(bytes < 10 && unit > 0 ? bytes.ToString("F1", CultureInfo.InvariantCulture) : Math.Round(bytes).ToString(CultureInfo.InvariantCulture))} {_units[unit]}");
    }

    /// <summary>The ensemble of a sample without the structure of its files, in bytes.</summary>
    public static double Bytes(RunConfiguration configuration, SampleSettings sample)
    {
        var lattice = new LatticeGeometry([.. configuration.Theory.Extents]);
        var components = configuration.Analyze.Observables.Sum(name => ObservableRegistry.Create(name, lattice, configuration.Theory.Field).Components());
        var configurations = sample.Store.Every == 0 ? 0 : (double)sample.Configurations / sample.Store.Every;
        var state = MemoryEstimate.Lattices(sample) * (double)configuration.Theory.NumbersOfConfiguration * sizeof(double);
        // Where every row is stored to the bit, the last ones are the state; a ladder has more lattices than rows.
        var inRows = sample.Store.IsWhole && sample.Store.Encoding.IsExact && sample.Transition.ReplicasOfChain == 1;
        // The end within a draw has the state of the chain and the rows that are left over.
        var rest = (sample.Replicas - (sample.Configurations % sample.Replicas)) % sample.Replicas;
        var end = rest == 0 ? 0 : (inRows ? state : 0) + (rest * (double)configuration.Theory.BytesOfConfiguration);
        return end + (sample.Configurations * (double)(BytesOfChainRow + 1 + (components * sizeof(double)))) + (configurations * sample.Store.BytesOfConfiguration(configuration.Theory)) + (inRows ? 0 : Segments(sample) * state) + (sample.Transition.KeepsMoreThanRows ? Segments(sample) * state : 0);
    }

    /// <summary>The checkpoints of the flow, in bytes.</summary>
    public static double BytesOfFlow(RunConfiguration configuration)
        => configuration.Flow is null ? 0 : CheckpointsOfFlow * NumbersOfParameter * (double)sizeof(double) * configuration.NewFlow().Parameters.Length;

    private static double Segments(SampleSettings sample)
    {
        var rows = sample.Segment / sample.Replicas * sample.Replicas;
        return Math.Ceiling((double)sample.Configurations / rows);
    }

    /// <summary>Segments and checkpoints that are there; nothing else that lies in the directory, and nothing behind links.</summary>
    private static double Stored(string directory) => Length(Path.Join(directory, "ensemble"), "seg-*.h5", 1) + Length(Path.Join(directory, "flow"), "*.h5", 0);

    private static double Length(string folder, string pattern, int depth)
    {
        if (!Directory.Exists(folder)) return 0;
        var options = new EnumerationOptions { RecurseSubdirectories = depth > 0, MaxRecursionDepth = depth, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        return new DirectoryInfo(folder).EnumerateFiles(pattern, options).Sum(file => Length(file));
    }

    // One that was renamed or removed meanwhile is not there.
    private static double Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
