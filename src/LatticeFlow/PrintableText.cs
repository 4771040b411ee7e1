using System.Globalization;
using System.Text;

namespace LatticeFlow;

/// <summary>
/// Text from files, file names and other programs, made fit for a terminal and a log: whatever could move the cursor, change colours, hide or reorder text, or forge a line comes out as a visible
/// escape. Everything that shows such text passes through here.
/// </summary>
public static class PrintableText
{
    /// <summary>One line: control characters (C0, DEL, C1), line and paragraph separators, bidirectional and other format controls and halves of surrogate pairs as <c>\x1b</c> or <c>\u202e</c>; tabs as blanks.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>As <see cref="Line"/>, but line feeds stay: for reports of several lines.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    /// <summary>A <see cref="Line"/> of at most 80 characters, for values that are quoted in messages.</summary>
    public static string Short(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const int Longest = 80;
        return text.Length <= Longest ? Line(text) : Line(text[..(Longest - 1)]) + "…";
    }

    private static string Clean(string text, bool keepLines)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = FirstUnprintable(text, keepLines);
        if (first < 0)
            return text;
        var clean = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (int at = first; at < text.Length; at++)
        {
            char c = text[at];
            if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                clean.Append(c).Append(text[++at]);
            else if (IsPrintable(c) || (keepLines && c == '\n'))
                clean.Append(c);
            else if (c == '\t')
                clean.Append(' ');
            else
                clean.Append(CultureInfo.InvariantCulture, $"{(c < 0x100 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}")}");
        }

        return clean.ToString();
    }

    private static int FirstUnprintable(string text, bool keepLines)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (!IsPrintable(text[at]) && !(keepLines && text[at] == '\n'))
                return at;
        }

        return -1;
    }

    private static bool IsPrintable(char c) => c is >= ' ' and <= '~'
        || (c > '\x9f' && char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate));
}
