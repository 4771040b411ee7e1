using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace LatticeFlow.Storage;

/// <summary>Who computed a run, with what and when; <c>provenance.json</c>. Times are UTC.</summary>
public sealed record Provenance
{
    public required string Version { get; init; }
    public required string Commit { get; init; }
    public required string CommandLine { get; init; }
    public required string Device { get; init; }

    /// <summary>Instruction set of the host's kernels, for instance "AVX-512".</summary>
    public required string Isa { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What the command line put in the place of values of the configuration, as <c>run.seed=5</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];
    public string Host { get; init; } = Environment.MachineName;
    public string Runtime { get; init; } = RuntimeInformation.FrameworkDescription;
    public string System { get; init; } = RuntimeInformation.OSDescription;
    public DateTime Start { get; init; } = DateTime.UtcNow;

    /// <summary>Version and commit of this build, as the compiler stamped them ("0.1.0+abc…").</summary>
    public static (string Version, string Commit) OfThisBuild()
    {
        string stamp = typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        int plus = stamp.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? (stamp, "unknown") : (stamp[..plus], stamp[(plus + 1)..]);
    }

    /// <summary>Arguments as a shell would take them again: what holds anything but letters, digits and %+,-./:=@_ stands in single quotes.</summary>
    public static string Quoted(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(argument =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "%+,-./:=@_".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    internal JsonObject ToJson() => new()
    {
        ["version"] = Version,
        ["commit"] = Commit,
        ["command_line"] = CommandLine,
        ["overrides"] = new JsonArray([.. Overrides.Select(item => JsonValue.Create(item))]),
        ["device"] = Device,
        ["isa"] = Isa,
        ["host"] = Host,
        ["runtime"] = Runtime,
        ["system"] = System,
        ["seed"] = Seed,
        ["start"] = Stamp(Start),
    };

    internal static string Stamp(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", global::System.Globalization.CultureInfo.InvariantCulture);
}
