using System.Globalization;

namespace LatticeFlow.Reports;

/// <summary>One axis of a plot: range, ticks and the map of values to 0 … 1.</summary>
internal sealed class PlotAxis
{
    private const int MostWanted = 6;

    // Of neighbouring labels, in characters.
    private const double Gap = 1.5;

    // A constant series still needs a range to be drawn in.
    private const double FlatMargin = 0.05;

    // Beyond these, differences and quotients of the ends of an axis do not exist; nothing that is measured comes near.
    private const double Largest = 1e300, Smallest = 1e-300;

    // Closer ends cannot be told apart by the ticks between them.
    private const double Narrowest = 1e-12;

    private const int MostTicks = 40;

    private PlotAxis(string label, bool logarithmic, double first, double last)
    {
        (first, last) = logarithmic
            ? (Math.Clamp(Usable(first, 1), Smallest, Largest), Math.Clamp(Usable(last, 1), Smallest, Largest))
            : (Math.Clamp(Usable(first, 0), -Largest, Largest), Math.Clamp(Usable(last, 0), -Largest, Largest));
        double size = Math.Max(Math.Abs(first), Math.Abs(last));
        if (!(last - first > Narrowest * size))
            (first, last) = logarithmic ? (first / 2, first * 2) : (first - Math.Max(size * FlatMargin, Narrowest), first + Math.Max(size * FlatMargin, Narrowest));
        (Label, Logarithmic, First, Last) = (label, logarithmic, first, last);
    }

    public string Label { get; }

    public bool Logarithmic { get; }

    public double First { get; }

    public double Last { get; }

    /// <summary>The range of the finite values (positive ones on a logarithmic axis), with a margin where asked for.</summary>
    public static PlotAxis Around(string label, IEnumerable<double> values, bool logarithmic = false, double margin = 0)
    {
        double[] usable = [.. values.Where(x => double.IsFinite(x) && (!logarithmic || x > 0))];
        if (usable.Length == 0)
            return logarithmic ? new PlotAxis(label, true, 0.1, 10) : new PlotAxis(label, false, 0, 1);
        double first = usable.Min(), last = usable.Max();
        if (logarithmic)
        {
            double factor = Math.Max(Math.Pow(10, (Math.Log10(last) - Math.Log10(first)) * margin), first == last ? 2 : 1);
            return new PlotAxis(label, true, first / factor, last * factor);
        }

        double extra = first == last ? Math.Max(Math.Abs(first) * FlatMargin, 1e-12) : (last - first) * margin;
        if (first == last && first == 0)
            extra = 1;
        return new PlotAxis(label, false, first - extra, last + extra);
    }

    public static PlotAxis Fixed(string label, double first, double last) => new(label, false, first, last);

    /// <summary>0 at the first end, 1 at the last; values outside are drawn on the border, and one that is no number at the first end.</summary>
    public double Map(double value)
    {
        double place = Logarithmic
            ? (Math.Log(Math.Max(value, double.Epsilon)) - Math.Log(First)) / (Math.Log(Last) - Math.Log(First))
            : (value - First) / (Last - First);
        return double.IsNaN(place) ? 0 : Math.Clamp(place, 0, 1);
    }

    /// <summary>At most as many as are <paramref name="wanted"/>, or one more.</summary>
    public IReadOnlyList<(double Value, string Text)> Ticks(int wanted = MostWanted)
    {
        // Within a part of a decade there may be no round number.
        if (Logarithmic && LogarithmicTicks().ToArray() is { Length: > 1 } ticks)
            return ticks;
        return [.. LinearTicks(wanted)];
    }

    /// <summary>As many ticks as have room for their labels side by side in a length of so many characters; of a logarithmic axis labels that would touch the one before are empty.</summary>
    public IReadOnlyList<(double Value, string Text)> TicksWithin(double characters)
    {
        for (int wanted = MostWanted; wanted > 1; wanted--)
        {
            IReadOnlyList<(double Value, string Text)> ticks = Ticks(wanted);
            if (Logarithmic || ticks.Sum(tick => tick.Text.Length + Gap) <= characters)
                return Apart(ticks, characters);
        }

        return Apart(Ticks(1), characters);
    }

    private List<(double Value, string Text)> Apart(IReadOnlyList<(double Value, string Text)> ticks, double characters)
    {
        var apart = new List<(double, string)>();
        double end = double.NegativeInfinity;
        foreach ((double value, string text) in ticks)
        {
            double centre = Map(value) * characters, half = text.Length / 2.0;
            bool fits = centre - half >= end + Gap / 2;
            apart.Add((value, fits ? text : ""));
            end = fits ? centre + half : end;
        }

        return apart;
    }

    private IEnumerable<(double, string)> LinearTicks(int wanted)
    {
        double step = Step(First, Last, wanted), first = Math.Ceiling(First / step - 1e-9);
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        bool huge = Math.Max(Math.Abs(First), Math.Abs(Last)) >= 1e7 || decimals > 7;
        string format = huge ? "G3" : "F" + decimals;
        // Counted, and not stepped up to the end: adding 1 to a large number can leave it as it is.
        for (int tick = 0; tick < MostTicks && (first + tick) * step <= Last + step * 1e-9; tick++)
        {
            double k = first + tick;
            yield return (k * step, (k == 0 ? 0 : k * step).ToString(format, CultureInfo.InvariantCulture).Replace('-', '−'));
        }
    }

    private IEnumerable<(double, string)> LogarithmicTicks()
    {
        double decades = Math.Log10(Last) - Math.Log10(First);
        double[] mantissas = decades < 1 ? [1, 2, 3, 5, 7] : decades < 2.5 ? [1, 2, 5] : [1];
        int every = (int)Math.Ceiling(decades / 8);
        for (int power = (int)Math.Floor(Math.Log10(First)); power <= Math.Ceiling(Math.Log10(Last)); power++)
        {
            foreach (double mantissa in mantissas)
            {
                double value = mantissa * Math.Pow(10, power);
                if (value >= First * 0.999 && value <= Last * 1.001 && power % every == 0)
                    yield return (value, power is >= -3 and <= 4 ? value.ToString("0.####", CultureInfo.InvariantCulture) : $"{mantissa:0}e{power}".Replace('-', '−'));
            }
        }
    }

    private static double Usable(double end, double otherwise) => double.IsNaN(end) ? otherwise : end;

    private static double Step(double first, double last, int wanted)
    {
        double raw = (last - first) / wanted;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power * ((raw / power) switch { <= 1.001 => 1, <= 2.001 => 2, <= 5.001 => 5, _ => 10 });
    }
}
