using System.Globalization;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Elements of the small XML texts in gauge files, by searching for their tags: files of other codes have malformed declarations and trailing bytes that a strict parser refuses.
/// </summary>
internal static class XmlText
{
    /// <summary>The trimmed text of the first element of this name, with or without attributes, or null. Nested elements are not looked into.</summary>
    public static string? Element(string xml, string name)
    {
        // A tag ends at the next '<' at the latest, so that every character is looked at once, whatever the text.
        string tag = "<" + name;
        for (int at = 0; (at = xml.IndexOf(tag, at, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            at += tag.Length;
            int close = xml.AsSpan(at).IndexOfAny('>', '<');
            if (close < 0)
                return null;
            if (xml[at + close] == '<' || (close != 0 && !char.IsWhiteSpace(xml[at])))
                continue;
            int start = at + close + 1, length = xml.AsSpan(start).IndexOf('<');
            return length < 0 ? null : xml.AsSpan(start, length).Trim().ToString();
        }

        return null;
    }

    /// <summary>The element as a whole number, or null where there is none; StorageException where there is something else.</summary>
    public static long? Integer(string path, string xml, string name)
    {
        if (Element(xml, name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new StorageException(path, $"says <{name}>{PrintableText.Short(text)}</{name}>, where a whole number is understood", "Correct it, or restore the file from a copy");
    }

    public static string Escape(string text) => System.Security.SecurityElement.Escape(text);
}
