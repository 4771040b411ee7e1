using System.Text.RegularExpressions;

namespace LatticeFlow.Interchange;

/// <summary>What tells the chains of several gauge files apart.</summary>
public enum ReplicaSource
{
    /// <summary>Labels or names that say so in the manner of <see cref="ChainNames"/>, where all do; else one chain.</summary>
    Automatic,

    /// <summary>All files are one chain.</summary>
    One,

    /// <summary>A directory is a chain.</summary>
    Directory,

    /// <summary>Files in whose paths a pattern finds the same text are a chain.</summary>
    Pattern,
}

/// <summary>How files are told into chains; <paramref name="Pattern"/> has one group.</summary>
public sealed record ReplicaRule(ReplicaSource Source, Regex? Pattern = null)
{
    /// <summary><c>auto</c>, <c>one</c>, <c>directory</c>, or a regular expression with one group.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static ReplicaRule Parse(string text) => text switch
    {
        "auto" => new(ReplicaSource.Automatic),
        "one" => new(ReplicaSource.One),
        "directory" => new(ReplicaSource.Directory),
        _ => new(ReplicaSource.Pattern, ParsePattern(text)),
    };

    private static Regex ParsePattern(string text)
    {
        // Linear in the length of a path, whatever the pattern.
        Regex pattern;
        try
        {
            pattern = new(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception cause) when (cause is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"is no regular expression that can be used ({cause.Message})", cause);
        }

        return pattern.GetGroupNumbers().Length == 2 ? pattern : throw new ArgumentException("is auto, one, directory, or a regular expression with one group, such as 'run([0-9]+)/'");
    }
}
