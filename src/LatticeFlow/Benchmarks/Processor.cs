namespace LatticeFlow.Benchmarks;

/// <summary>The processor of this machine, as far as the times of other programs depend on it.</summary>
/// <param name="Name">As the system calls it.</param>
/// <param name="IsThatOfPeers">Whether it is an AMD Zen 5, on which the other programs were measured.</param>
public sealed record Processor(string Name, bool IsThatOfPeers)
{
    // AMD's family of Zen 5.
    private const string Vendor = "AuthenticAMD";
    private const string Family = "26";

    /// <summary>Reads <c>/proc/cpuinfo</c>; where there is none the processor is unknown, and not that of the peers.</summary>
    public static Processor Here()
    {
        try
        {
            return Parse(File.ReadAllText("/proc/cpuinfo"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new("an unknown processor", false);
        }
    }

    /// <summary>From the text of <c>/proc/cpuinfo</c>.</summary>
    public static Processor Parse(string text)
    {
        var facts = new Dictionary<string, string>();
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) facts.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        return new(facts.GetValueOrDefault("model name", "an unknown processor"), facts.GetValueOrDefault("vendor_id") == Vendor && facts.GetValueOrDefault("cpu family") == Family);
    }
}
