using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace LatticeFlow.Reports;

/// <summary>Elements of a page that is well-formed as HTML and as XML.</summary>
internal static class Markup
{
    // Only these may be written <x/> in HTML; SVG's elements may always.
    private static readonly HashSet<string> _mayBeEmpty = ["meta", "br", "hr", "path", "line", "rect", "circle"];

    /// <summary>An element; strings, elements, attributes and lists of them as content. Characters XML forbids become U+FFFD.</summary>
    public static XElement Tag(string name, params object?[] content)
    {
        var element = new XElement(name, [.. content.Select(part => part is string text ? Clean(text) : part)]);
        if (element.IsEmpty && !_mayBeEmpty.Contains(name))
            element.Value = "";
        return element;
    }

    public static XAttribute Is(string name, string value) => new(name, Clean(value));

    public static XAttribute Is(string name, double value) => new(name, Number(value));

    public static XAttribute Class(string value) => new("class", value);

    /// <summary>A coordinate: a hundredth of a pixel is enough.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                clean.Append(text[i]).Append(text[++i]);
            else
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return clean.ToString();
    }
}
