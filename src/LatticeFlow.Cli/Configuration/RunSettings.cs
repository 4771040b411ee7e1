using System.Text.RegularExpressions;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The number type of links, momenta and network arithmetic; log-densities and sums are double in both.</summary>
public enum Precision { Float, Double }

/// <summary><c>[run]</c>: what the run is called and where it is computed.</summary>
public sealed partial record RunSettings
{
    public static readonly string[] Keys = ["name", "seed", "precision", "device", "threads", "checkpoint_seconds"];
    public static readonly Choice<Precision> Precisions = new(("float", Precision.Float), ("double", Precision.Double));

    private const double LongestCheckpointSeconds = 1e6;

    /// <summary>Name of the directory under <c>runs/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Key of every random number of the run.</summary>
    public required long Seed { get; init; }

    public required Precision Precision { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>opencl</c>, the last two with an index <c>:n</c> where there are several.</summary>
    public required string Device { get; init; }

    /// <summary>Worker threads on the CPU; 0 takes every core. Results do not depend on it.</summary>
    public required int Threads { get; init; }

    /// <summary>Wall time between two checkpoints of a training or of a chain; 0 saves after every step.</summary>
    public required double CheckpointSeconds { get; init; }

    public static RunSettings Read(SectionReader reader)
    {
        var name = reader.RequiredText("name", "\"u1_L8_beta2\"");
        if (name is not null && !SafeFileName().IsMatch(name))
            reader.Fail("name", $"names a directory: use 1 to 100 letters, digits, '.', '_' or '-', beginning with a letter or digit, not {TomlText.Quote(name)}");
        var device = reader.Text("device", "auto");
        if (!IsDeviceName(device)) reader.FailChoice("device", reader.PlaceOf("device"), device, ["auto", "cpu", "cuda", "opencl", "cuda:n", "opencl:n"]);
        var settings = new RunSettings
        {
            Name = name ?? "",
            Seed = reader.Long("seed", 1, 0),
            Precision = reader.OneOf("precision", Precisions, Precision.Float),
            Device = device,
            Threads = reader.Integer("threads", 0, 0, 4096),
            CheckpointSeconds = reader.Number("checkpoint_seconds", 300, value => value is >= 0 and <= LongestCheckpointSeconds, "between 0 and 1e6"),
        };
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("name", Of(Name)), ("seed", Of(Seed)), ("precision", Of(Precisions.Text(Precision))),
        ("device", Of(Device)), ("threads", Of((long)Threads)), ("checkpoint_seconds", Of(CheckpointSeconds)));

    /// <summary>Whether the text has the form of a device; whether there is such a device is found out when it is opened.</summary>
    public static bool IsDeviceName(string text) => DeviceName().IsMatch(text);

    /// <summary>What can be a file name on every system.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    public static partial Regex SafeFileName();

    [GeneratedRegex(@"^(auto|cpu|(cuda|opencl)(:[0-9]{1,3})?)\z")]
    private static partial Regex DeviceName();
}
