using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>One row of a row plot: a value with its error, and the text written at the right.</summary>
internal sealed record PlotRow(string Group, string Name, string Colour, double Value, double Error, string Text);

/// <summary>Named rows under each other with one point or bar each along a common axis, as inline SVG.</summary>
internal static class SvgRows
{
    private const double Width = 760, RowHeight = 21, GroupGap = 9, Top = 8, Bottom = 44, TextRoom = 120, CharacterWidth = 6.6;

    /// <summary>
    /// Points with error bars, or bars from the axis' first end; <paramref name="bands"/> are shaded behind them, as (from, to).
    /// </summary>
    public static XElement Render(IReadOnlyList<PlotRow> rows, PlotAxis axis, bool bars, string description, params (double From, double To)[] bands)
    {
        double left = 24 + CharacterWidth * rows.Select(row => row.Group.Length + row.Name.Length + 2).DefaultIfEmpty().Max();
        double right = Width - TextRoom;
        double height = Top + Bottom + rows.Count * RowHeight + GroupGap * rows.Select(row => row.Group).Distinct().Count();
        double Pixel(double value) => left + axis.Map(value) * (right - left);
        XElement svg = Tag("svg", Is("viewBox", $"0 0 {Number(Width)} {Number(height)}"), Is("role", "img"), Is("aria-label", description));
        double bottom = height - Bottom;
        foreach ((double from, double to) in bands)
            svg.Add(Tag("rect", Class("sigma"), Is("x", Pixel(from)), Is("y", Top), Is("width", Pixel(to) - Pixel(from)), Is("height", bottom - Top)));
        XElement frame = Tag("g", Class("axes"));
        foreach ((double value, string text) in axis.Ticks())
        {
            frame.Add(Tag("path", Class("grid"), Is("d", $"M{Number(Pixel(value))} {Number(Top)}V{Number(bottom)}")));
            frame.Add(Tag("text", Is("x", Pixel(value)), Is("y", bottom + 16), Is("text-anchor", "middle"), text));
        }

        frame.Add(Tag("path", Class("frame"), Is("d", $"M{Number(left)} {Number(bottom)}H{Number(right)}")));
        frame.Add(Tag("text", Class("label"), Is("x", (left + right) / 2), Is("y", height - 8), Is("text-anchor", "middle"), axis.Label));
        svg.Add(frame);

        double y = Top + RowHeight / 2;
        for (int i = 0; i < rows.Count; i++)
        {
            PlotRow row = rows[i];
            bool opens = i == 0 || rows[i - 1].Group != row.Group;
            y += opens && i > 0 ? GroupGap : 0;
            if (opens)
                svg.Add(Tag("text", Class("group"), Is("x", 8), Is("y", y + 4), row.Group));
            svg.Add(Tag("text", Is("x", left - 8), Is("y", y + 4), Is("text-anchor", "end"), row.Name));
            svg.Add(Mark(row, y, bars ? left : null, axis, Pixel));
            svg.Add(Tag("text", Class("value"), Is("x", right + 10), Is("y", y + 4), row.Text));
            y += RowHeight;
        }

        return svg;
    }

    private static XElement Mark(PlotRow row, double y, double? left, PlotAxis axis, Func<double, double> pixel)
    {
        XElement mark = Tag("g", Class((left is null ? "point " : "rowbar ") + row.Colour), Tag("title", $"{row.Group}, {row.Name}: {row.Text}"));
        if (!double.IsFinite(row.Value))
            return mark;
        if (left is { } from)
            mark.Add(Tag("rect", Is("x", from), Is("y", y - 6), Is("width", Math.Max(1, pixel(row.Value) - from)), Is("height", 12)));
        if (row.Error > 0 && double.IsFinite(row.Error))
        {
            double low = row.Value - row.Error, high = row.Value + row.Error;
            mark.Add(Tag("line", Is("x1", pixel(axis.Logarithmic ? Math.Max(low, axis.First) : low)), Is("x2", pixel(high)), Is("y1", y), Is("y2", y)));
        }

        if (left is null)
            mark.Add(Tag("circle", Is("cx", pixel(row.Value)), Is("cy", y), Is("r", 4)));
        return mark;
    }
}
