namespace LatticeFlow;

/// <summary>
/// An error that the user can do something about: it names what is wrong and, where known, the file, the key and the remedy.
/// Commands print <see cref="Report"/> without a stack trace and end with <see cref="ExitCode"/>.
/// </summary>
public class UserErrorException(string message, int exitCode = LatticeFlow.ExitCode.BadUsage, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>One of the constants in <see cref="LatticeFlow.ExitCode"/>, never 0.</summary>
    public int ExitCode { get; } = exitCode != LatticeFlow.ExitCode.Done
        ? exitCode
        : throw new ArgumentOutOfRangeException(nameof(exitCode), "an error cannot end with exit code 0");

    /// <summary>The file or directory the error is about, as the user named it.</summary>
    public string? File { get; init; }

    /// <summary>The configuration key or dataset the error is about.</summary>
    public string? Key { get; init; }

    /// <summary>What to do about it, as a full sentence without its full stop.</summary>
    public string? Remedy { get; init; }

    /// <summary>The text for the user: <c>file: key: message; remedy</c>, leaving out what is unknown.</summary>
    public virtual string Report
    {
        get
        {
            var text = Message;
            if (Key is not null) text = $"{Key}: {text}";
            if (File is not null) text = $"{File}: {text}";
            return Remedy is null ? text : $"{text}; {Remedy}";
        }
    }
}
