using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>One row of a row plot: a value with its error, the exact one where it is known, and the text written at the right.</summary>
internal sealed record PlotRow(string Group, string Name, string Colour, double Value, double Error, string Text, double? Exact = null);

/// <summary>Named rows under each other with one point and error bar each along a common axis, as inline SVG; a group of rows has its name above them.</summary>
internal static class SvgRows
{
    private const double RowHeight = 19, HeadHeight = 20, Top = 4, Bottom = 42, Gap = 8;

    // A figure as high as a screen is long enough; the next goes on with the same axis.
    private const int MostRows = 24;

    // Names are cut beyond.
    private const int LongestName = 14;

    /// <summary>Points with error bars, in as many parts as are needed; <paramref name="bands"/> are shaded behind them, as (from, to).</summary>
    public static IEnumerable<XElement> Render(IReadOnlyList<PlotRow> rows, PlotAxis axis, string description, params (double From, double To)[] bands)
    {
        var part = new List<PlotRow>();
        foreach (PlotRow[] group in rows.GroupBy(row => row.Group).Select(group => group.ToArray()))
        {
            if (part.Count > 0 && part.Count + group.Length > MostRows)
            {
                yield return Part(part, axis, description, bands);
                part.Clear();
            }

            part.AddRange(group);
        }

        if (part.Count > 0)
            yield return Part(part, axis, description, bands);
    }

    private static XElement Part(List<PlotRow> rows, PlotAxis axis, string description, (double From, double To)[] bands)
    {
        double left = 10 + SvgPlot.CharacterWidth * Math.Min(LongestName, rows.Max(row => row.Name.Length));
        double right = SvgPlot.Width - 2 * Gap - SvgPlot.CharacterWidth * rows.Max(row => row.Text.Length);
        double height = Top + Bottom + rows.Count * RowHeight + HeadHeight * rows.Select(row => row.Group).Distinct().Count(), bottom = height - Bottom;
        double Pixel(double value) => left + axis.Map(value) * (right - left);
        XElement svg = Tag("svg", Is("viewBox", $"0 0 {Number(SvgPlot.Width)} {Number(height)}"), Is("role", "img"), Is("aria-label", description));
        foreach ((double from, double to) in bands)
            svg.Add(Tag("rect", Class("sigma"), Is("x", Pixel(from)), Is("y", Top), Is("width", Pixel(to) - Pixel(from)), Is("height", bottom - Top)));
        svg.Add(Frame(axis, left, right, bottom, Pixel));

        double y = Top;
        for (int i = 0; i < rows.Count; i++)
        {
            PlotRow row = rows[i];
            if (i == 0 || rows[i - 1].Group != row.Group)
            {
                svg.Add(Tag("text", Class("group"), Is("x", 2), Is("y", y + HeadHeight - 6), SvgPlot.Fitted(row.Group, SvgPlot.Width)));
                y += HeadHeight;
            }

            double middle = y + RowHeight / 2;
            svg.Add(Tag("text", Is("x", left - Gap), Is("y", middle + 4), Is("text-anchor", "end"), row.Name.Length > LongestName ? row.Name[..(LongestName - 1)] + "…" : row.Name));
            svg.Add(Mark(row, middle, axis, Pixel));
            svg.Add(Tag("text", Class("value"), Is("x", SvgPlot.Width - 2), Is("y", middle + 4), Is("text-anchor", "end"), row.Text));
            y += RowHeight;
        }

        return svg;
    }

    private static XElement Frame(PlotAxis axis, double left, double right, double bottom, Func<double, double> pixel)
    {
        XElement frame = Tag("g", Class("axes"));
        foreach ((double value, string text) in axis.TicksWithin((right - left) / SvgPlot.CharacterWidth))
        {
            frame.Add(Tag("path", Class("grid"), Is("d", $"M{Number(pixel(value))} {Number(Top)}V{Number(bottom)}")));
            if (text.Length > 0)
                frame.Add(Tag("text", Is("x", pixel(value)), Is("y", bottom + 15), Is("text-anchor", "middle"), text));
        }

        frame.Add(Tag("path", Class("frame"), Is("d", $"M{Number(left)} {Number(bottom)}H{Number(right)}")));
        frame.Add(Tag("text", Class("label"), Is("x", SvgPlot.Width / 2), Is("y", bottom + Bottom - 7), Is("text-anchor", "middle"), SvgPlot.Fitted(axis.Label, SvgPlot.Width)));
        return frame;
    }

    private static XElement Mark(PlotRow row, double y, PlotAxis axis, Func<double, double> pixel)
    {
        XElement mark = Tag("g", Class("point " + row.Colour), Tag("title", $"{row.Group}, {row.Name}: {row.Text}{(row.Exact is { } known ? $", exact {ValueWithError.Plain(known, "G7")}" : "")}"));
        if (!double.IsFinite(row.Value))
            return mark;
        if (row.Exact is { } exact)
            mark.Add(Tag("path", Class("target"), Is("d", $"M{Number(pixel(exact))} {Number(y - 8)}v16")));
        if (row.Error > 0 && double.IsFinite(row.Error))
        {
            double low = axis.Logarithmic ? Math.Max(row.Value - row.Error, axis.First) : row.Value - row.Error;
            mark.Add(Tag("line", Is("x1", pixel(low)), Is("x2", pixel(row.Value + row.Error)), Is("y1", y), Is("y2", y)));
        }

        mark.Add(Tag("circle", Is("cx", pixel(row.Value)), Is("cy", y), Is("r", 3.6)));
        return mark;
    }
}
