using System.Text;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>
/// A plot of curves, bands, steps, bars and points as inline SVG; colours come from the page's classes s0 … s5 and reference. It is as wide as a telephone, so that its text is as large there as on a desk.
/// </summary>
internal sealed class SvgPlot(PlotAxis x, PlotAxis y, string description)
{
    /// <summary>Of every figure, in pixels.</summary>
    public const double Width = 350;

    /// <summary>Mean advance of the page's font of 11.5 pixels in a wide face; only the places of legends and labels depend on it.</summary>
    public const double CharacterWidth = 6.7;

    private const double Bottom = 42, Right = 18, LegendLine = 18;

    private readonly double _left = 30 + CharacterWidth * y.Ticks().Select(tick => tick.Text.Length).DefaultIfEmpty(1).Max();
    private readonly List<XElement> _shapes = [];
    private readonly List<(string Text, string Colour, bool Dashed)> _legend = [];

    /// <summary>Whether a unit is as long on one axis as on the other, if both have the same range.</summary>
    public bool Square { get; init; }

    /// <summary>Without the legend, which is above.</summary>
    public double PlotHeight { get; init; } = 190;

    private double Height => Top + (Square ? Width - Right - _left : PlotHeight) + Bottom;

    private int LegendRows => Places(out int rows).Count == 0 ? 0 : rows;

    private double Top => 10 + LegendRows * LegendLine;

    public SvgPlot Curve(IReadOnlyList<double> xs, IReadOnlyList<double> ys, string colour, bool steps = false)
    {
        var path = new StringBuilder();
        bool pen = false;
        for (int i = 0; i < xs.Count; i++)
        {
            // A value that does not exist leaves a gap, not a line through it.
            if (!double.IsFinite(xs[i]) || !double.IsFinite(ys[i]) || (y.Logarithmic && ys[i] <= 0))
            {
                pen = false;
                continue;
            }

            string at = $"{X(xs[i])} {Y(ys[i])}";
            path.Append(!pen ? $"M{at}" : steps ? $"H{X(xs[i])}V{Y(ys[i])}" : $"L{at}");
            pen = true;
        }

        if (path.Length > 0)
            _shapes.Add(Tag("path", Class($"curve {colour}"), Is("d", path.ToString())));
        return this;
    }

    /// <summary>The area between two curves.</summary>
    public SvgPlot Band(IReadOnlyList<double> xs, IReadOnlyList<double> low, IReadOnlyList<double> high, string style)
    {
        var path = new StringBuilder();
        for (int i = 0; i < xs.Count; i++)
            path.Append(i == 0 ? 'M' : 'L').Append(X(xs[i])).Append(' ').Append(Y(high[i]));
        for (int i = xs.Count - 1; i >= 0; i--)
            path.Append('L').Append(X(xs[i])).Append(' ').Append(Y(low[i]));
        if (xs.Count > 0)
            _shapes.Add(Tag("path", Class(style), Is("d", path.Append('Z').ToString())));
        return this;
    }

    /// <summary>Dots without error bars, of what is many.</summary>
    public SvgPlot Cloud(IReadOnlyList<double> xs, IReadOnlyList<double> ys, string colour)
    {
        var path = new StringBuilder();
        for (int i = 0; i < xs.Count; i++)
            path.Append('M').Append(X(xs[i])).Append(' ').Append(Y(ys[i])).Append("h0");
        if (path.Length > 0)
            _shapes.Add(Tag("path", Class($"cloud {colour}"), Is("d", path.ToString())));
        return this;
    }

    /// <summary>A histogram's outline: <paramref name="heights"/> over bins of equal width from <paramref name="first"/> on.</summary>
    public SvgPlot Outline(double first, double width, IReadOnlyList<double> heights, string colour)
    {
        var path = new StringBuilder($"M{X(first)} {Y(0)}");
        for (int b = 0; b < heights.Count; b++)
            path.Append('V').Append(Y(heights[b])).Append('H').Append(X(first + ((b + 1) * width)));
        _shapes.Add(Tag("path", Class($"outline {colour}"), Is("d", path.Append('V').Append(Y(0)).ToString())));
        return this;
    }

    /// <summary>A line from one point of the plot to another.</summary>
    public SvgPlot Line((double X, double Y) from, (double X, double Y) to, string style)
    {
        _shapes.Add(Tag("path", Class(style), Is("d", $"M{X(from.X)} {Y(from.Y)}L{X(to.X)} {Y(to.Y)}")));
        return this;
    }

    /// <summary>A bar from the bottom of the plot to the value, with a tooltip.</summary>
    public SvgPlot Bar(double from, double to, double value, string colour, string tooltip)
    {
        if (!double.IsFinite(value))
            return this;
        double left = PixelX(from), top = PixelY(value);
        _shapes.Add(Tag("rect", Class($"bar {colour}"), Is("x", left), Is("y", top), Is("width", Math.Max(0.5, PixelX(to) - left)), Is("height", Height - Bottom - top), Tag("title", tooltip)));
        return this;
    }

    /// <summary>A point with an error bar of one sigma and a tooltip; <paramref name="shift"/> moves it by pixels off its neighbours.</summary>
    public SvgPlot Point(double at, double value, double error, string colour, string tooltip, double shift = 0)
    {
        if (!double.IsFinite(at) || !double.IsFinite(value))
            return this;
        double centre = PixelX(at) + shift;
        XElement group = Tag("g", Class($"point {colour}"), Tag("title", tooltip));
        if (error > 0 && double.IsFinite(error))
            group.Add(Tag("line", Is("x1", centre), Is("x2", centre), Is("y1", PixelY(value - error)), Is("y2", PixelY(value + error))));
        group.Add(Tag("circle", Is("cx", centre), Is("cy", PixelY(value)), Is("r", 3.2)));
        _shapes.Add(group);
        return this;
    }

    public SvgPlot Horizontal(double value, string style = "reference")
    {
        if (double.IsFinite(value) && value >= y.First && value <= y.Last)
            _shapes.Add(Tag("path", Class($"mark {style}"), Is("d", $"M{Number(_left)} {Y(value)}H{Number(Width - Right)}")));
        return this;
    }

    public SvgPlot Vertical(double value, string style = "reference")
    {
        if (value >= x.First && value <= x.Last)
            _shapes.Add(Tag("path", Class($"mark {style}"), Is("d", $"M{X(value)} {Number(Top)}V{Number(Height - Bottom)}")));
        return this;
    }

    /// <summary>Entries are declared before the shapes: the legend takes height from the plot.</summary>
    public SvgPlot Legend(string text, string colour, bool dashed = false)
    {
        if (_shapes.Count > 0)
            throw new InvalidOperationException("The legend comes before the first shape.");
        _legend.Add((text, colour, dashed));
        return this;
    }

    public XElement Render()
    {
        double bottom = Height - Bottom, right = Width - Right;
        XElement frame = Tag("g", Class("axes"));
        foreach ((double value, string text) in x.TicksWithin((right - _left) / CharacterWidth))
        {
            frame.Add(Tag("path", Class("grid"), Is("d", $"M{X(value)} {Number(Top)}V{Number(bottom)}")));
            if (text.Length > 0)
                frame.Add(Tag("text", Is("x", PixelX(value)), Is("y", bottom + 16), Is("text-anchor", "middle"), text));
        }

        foreach ((double value, string text) in y.Ticks())
        {
            frame.Add(Tag("path", Class("grid"), Is("d", $"M{Number(_left)} {Y(value)}H{Number(right)}")));
            frame.Add(Tag("text", Is("x", _left - 6), Is("y", PixelY(value) + 4), Is("text-anchor", "end"), text));
        }

        frame.Add(Tag("path", Class("frame"), Is("d", $"M{Number(_left)} {Number(Top)}V{Number(bottom)}H{Number(right)}")));
        frame.Add(Tag("text", Class("label"), Is("x", (_left + right) / 2), Is("y", Height - 7), Is("text-anchor", "middle"), Fitted(x.Label, right - _left)));
        double middle = (Top + bottom) / 2;
        frame.Add(Tag("text", Class("label"), Is("x", 12), Is("y", middle), Is("text-anchor", "middle"), Is("transform", $"rotate(-90 12 {Number(middle)})"), Fitted(y.Label, bottom - Top)));
        return Tag("svg", Is("viewBox", $"0 0 {Number(Width)} {Number(Height)}"), Is("role", "img"), Is("aria-label", description), frame, _shapes, RenderLegend());
    }

    private XElement RenderLegend()
    {
        XElement group = Tag("g", Class("legend"));
        List<(double X, int Row)> places = Places(out _);
        for (int i = 0; i < places.Count; i++)
        {
            double at = _left + places[i].X, line = 12 + places[i].Row * LegendLine;
            group.Add(Tag("path", Class((_legend[i].Dashed ? "mark " : "key ") + _legend[i].Colour), Is("d", $"M{Number(at)} {Number(line)}h18")));
            group.Add(Tag("text", Is("x", at + 23), Is("y", line + 4), Fitted(_legend[i].Text, Width - at - 23)));
        }

        return group;
    }

    private List<(double X, int Row)> Places(out int rows)
    {
        var places = new List<(double, int)>();
        double at = 0;
        rows = 1;
        foreach ((string text, _, _) in _legend)
        {
            double width = 23 + CharacterWidth * text.Length;
            if (at > 0 && at + width > Width - Right - _left)
                (at, rows) = (0, rows + 1);
            places.Add((at, rows - 1));
            at += width + 14;
        }

        return places;
    }

    /// <summary>The text, cut where it has no room.</summary>
    public static string Fitted(string text, double width)
    {
        int most = Math.Max(2, (int)(width / CharacterWidth));
        return text.Length <= most ? text : text[..(most - 1)] + "…";
    }

    private double PixelX(double value) => _left + x.Map(value) * (Width - Right - _left);

    private double PixelY(double value) => Height - Bottom - y.Map(value) * (Height - Bottom - Top);

    private string X(double value) => Number(PixelX(value));

    private string Y(double value) => Number(PixelY(value));
}
