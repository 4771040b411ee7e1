using System.Globalization;
using LatticeFlow.Cli.Output;

namespace LatticeFlow.Cli.Commands;

/// <summary>
/// Messages to stderr and, once a run directory is open, to its <c>log.txt</c> with times. Quiet hides information from stderr, never
/// warnings and errors, and hides nothing from the file. Safe to use from several threads.
/// </summary>
public sealed class Log(TextWriter error, bool quiet) : IDisposable
{
    private readonly Lock _lock = new();
    private StreamWriter? _file;
    private Action<string>? _live;

    public bool Quiet { get; } = quiet;

    /// <summary>The file attached, or null.</summary>
    public string? FilePath { get; private set; }

    public void Information(string message) => Write("info", message, Quiet ? null : message);

    public void Warning(string message) => Write("warning", message, $"warning: {message}");

    public void Error(string message) => Write("error", message, $"error: {message}");

    /// <summary>An error of which the stack goes to the file alone, if there is one.</summary>
    public void Error(string message, Exception exception)
    {
        Error(message);
        Write("stack", exception.ToString(), null);
    }

    /// <summary>Appends to <paramref name="path"/> from now on.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void AttachFile(string path)
    {
        lock (_lock)
        {
            try
            {
                _file?.Dispose();
                _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
                FilePath = path;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new UserErrorException($"cannot be written: {exception.Message}", inner: exception) { File = path };
            }
        }
    }

    /// <summary>While a live display owns the terminal, messages pass through it; null gives stderr back.</summary>
    internal void RouteThrough(Action<string>? live)
    {
        lock (_lock) _live = live;
    }

    /// <summary>A line that belongs to stderr alone.</summary>
    internal void ProgressLine(string line) => Write(null, line, Quiet ? null : line);

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Write(string? level, string message, string? shown)
    {
        // Messages quote file names, headers and keys, which may hold anything; a stack has lines of its own.
        message = level == "stack" ? PrintableText.Lines(message) : PrintableText.Line(message);
        shown = shown is null ? null : PrintableText.Line(shown);
        lock (_lock)
        {
            // The file first: it is what is left when the terminal is gone.
            if (level is not null) Append(level, message);
            if (shown is null) return;
            if (_live is not null) _live(shown);
            else error.WriteLine(shown);
        }
    }

    private void Append(string level, string message)
    {
        if (_file is null) return;
        try
        {
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {level,-7} {message}"));
        }
        catch (IOException exception)
        {
            // A full disk must not hide the message that says so.
            _file = null;
            error.WriteLine($"warning: {FilePath}: no longer written: {exception.Message}");
        }
    }
}
