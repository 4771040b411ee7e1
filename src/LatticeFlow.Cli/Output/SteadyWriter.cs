using System.Text;

namespace LatticeFlow.Cli.Output;

/// <summary>
/// A writer that never throws: a terminal that is gone, a full disk or a closed pipe behind stdout or stderr must not end a run of days. What could not be written is lost; <see cref="Failure"/> says
/// why. Safe to use from several threads if the writer below is.
/// </summary>
/// <param name="inner">Where the text goes.</param>
/// <param name="plain">Whether the text is made harmless on its way (<see cref="PrintableText"/>); not for what draws on a terminal.</param>
public sealed class SteadyWriter(TextWriter inner, bool plain) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>The first failure, or null.</summary>
    public Exception? Failure { get; private set; }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value)) Steadily(() => inner.Write(plain ? PrintableText.Lines(value) : value));
    }

    public override void WriteLine() => Write(CoreNewLine, 0, CoreNewLine.Length);

    // One call, so that lines of several threads stay whole.
    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush() => Steadily(inner.Flush);

    private void Steadily(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            Failure ??= exception;
        }
    }
}
