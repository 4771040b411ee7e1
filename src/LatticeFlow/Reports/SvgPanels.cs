using System.Globalization;
using System.Text;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>Histories of several chains in strips under each other, with common axes, as inline SVG.</summary>
internal static class SvgPanels
{
    private const double StripHeight = 46, Gap = 6, Top = 4, Bottom = 42, Right = 18;

    /// <summary>Of long series the minimum and maximum of neighbours; <paramref name="exact"/> is a dashed line in each strip.</summary>
    public static XElement Render(IReadOnlyList<(string Name, double[] Values)> strips, PlotAxis axis, double? exact, string description, string colour)
    {
        double name = 6 + SvgPlot.CharacterWidth * strips.Max(strip => strip.Name.Length);
        IReadOnlyList<(double Value, string Text)> ticks = axis.Ticks(3);
        double left = name + 12 + SvgPlot.CharacterWidth * ticks.Select(tick => tick.Text.Length).DefaultIfEmpty(0).Max(), right = SvgPlot.Width - Right;
        double bottom = Top + strips.Count * (StripHeight + Gap);
        var time = PlotAxis.Fixed("stored configuration", 0, Math.Max(1, strips.Max(strip => strip.Values.Length) - 1));
        double X(double value) => left + time.Map(value) * (right - left);
        XElement frame = Tag("g", Class("axes"));
        XElement svg = Tag("svg", Is("viewBox", $"0 0 {Number(SvgPlot.Width)} {Number(bottom + Bottom)}"), Is("role", "img"), Is("aria-label", description), frame);
        for (int i = 0; i < strips.Count; i++)
        {
            double top = Top + i * (StripHeight + Gap);
            double Y(double value) => top + StripHeight * (1 - axis.Map(value));
            foreach ((double value, string text) in ticks)
            {
                frame.Add(Tag("path", Class("grid"), Is("d", $"M{Number(left)} {Number(Y(value))}H{Number(right)}")));
                frame.Add(Tag("text", Is("x", left - 5), Is("y", Math.Clamp(Y(value) + 4, top + 9, top + StripHeight)), Is("text-anchor", "end"), text));
            }

            frame.Add(Tag("path", Class("frame"), Is("d", $"M{Number(left)} {Number(top)}V{Number(top + StripHeight)}H{Number(right)}")));
            svg.Add(Tag("text", Class("group"), Is("x", 2), Is("y", top + StripHeight / 2 + 4), strips[i].Name));
            svg.Add(Curve(strips[i].Values, X, Y, colour));
            if (exact is { } known)
                svg.Add(Tag("path", Class("mark reference"), Is("d", $"M{Number(left)} {Number(Y(known))}H{Number(right)}")));
        }

        foreach ((double value, string text) in time.TicksWithin((right - left) / SvgPlot.CharacterWidth))
        {
            if (text.Length > 0)
                frame.Add(Tag("text", Is("x", X(value)), Is("y", bottom + 9), Is("text-anchor", "middle"), text));
        }

        frame.Add(Tag("text", Class("label"), Is("x", (left + right) / 2), Is("y", bottom + Bottom - 12), Is("text-anchor", "middle"), time.Label));
        return svg;
    }

    private static XElement Curve(double[] values, Func<double, double> x, Func<double, double> y, string colour)
    {
        Envelope envelope = Envelope.Of([values], ReportPlots.HistoryBins);
        var path = new StringBuilder();
        for (int b = 0; b < envelope.Position.Length; b++)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(b == 0 ? 'M' : 'L')}{Number(x(envelope.Position[b]))} {Number(y(envelope.High[b]))}");
            if (envelope.PerBin > 1)
                path.Append(CultureInfo.InvariantCulture, $"V{Number(y(envelope.Low[b]))}");
        }

        return Tag("path", Class($"curve thin {colour}"), Is("d", path.ToString()));
    }
}
