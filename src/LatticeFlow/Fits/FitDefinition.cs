using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Expressions;

namespace LatticeFlow.Fits;

/// <summary>
/// A fit that a user asks for: <c>name: data = model for x = 1..5 [start a = 0.1, b = 2] [uncorrelated]</c>. Data are a formula of observables in which x stands for each value of the range in turn; the model is one of x and
/// of parameters, which are all names in it that mean nothing else.
/// </summary>
public sealed partial record FitDefinition
{
    private const int MostPoints = 1000;

    public required string Name { get; init; }

    public required Expression Data { get; init; }

    public required Expression Model { get; init; }

    /// <summary>The name of x.</summary>
    public required string Variable { get; init; }

    /// <summary>What x is at the points, in order; null where it is a formula, <see cref="Abscissa"/>.</summary>
    public required IReadOnlyList<double>? Range { get; init; }

    /// <summary>x as a formula, of a fit over several runs; null elsewhere.</summary>
    public Expression? Abscissa { get; init; }

    /// <summary>Values of parameters to begin with.</summary>
    public required IReadOnlyDictionary<string, double> Start { get; init; }

    /// <summary>Whether correlations of the data are left out of χ².</summary>
    public required bool Uncorrelated { get; init; }

    /// <summary>As it was written; positions count in it.</summary>
    public required string Text { get; init; }

    /// <summary>Reads a definition. With <paramref name="overRuns"/> what follows <c>for x =</c> is a formula of what runs have, such as 1/beta^2, and each run is a point.</summary>
    /// <exception cref="ExpressionException">It is none.</exception>
    public static FitDefinition Parse(string text, bool overRuns = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > ExpressionParser.LongestText) throw new ExpressionException(text, 0, "it is too long");
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        Match over = For().Match(text);
        int sign = colon < 0 ? -1 : text.IndexOf('=', colon);
        if (colon < 0 || !over.Success || sign < 0 || sign > over.Index)
            throw new ExpressionException(text, 0, overRuns ? "it has the form name: data = model for x = formula, such as limit: W22 = a + b*x for x = 1/beta" : "it has the form name: data = model for x = 1..5, such as potential: V(r,3) = v + sigma*r - c/r for r = 1..4");
        int tail = over.Index + over.Length;
        bool uncorrelated = text.AsSpan().TrimEnd().EndsWith(" uncorrelated", StringComparison.Ordinal);
        int end = uncorrelated ? text.LastIndexOf("uncorrelated", StringComparison.Ordinal) : text.Length;
        Match start = StartWord().Match(text, tail, end - tail);
        int rangeEnd = start.Success ? start.Index : end;
        return new()
        {
            Name = Derivation.CheckedName(text, 0, colon),
            Data = ExpressionParser.Parse(text, colon + 1, sign),
            Model = ExpressionParser.Parse(text, sign + 1, over.Index),
            Variable = Derivation.CheckedName(text, over.Groups[1].Index, over.Groups[1].Index + over.Groups[1].Length),
            Range = overRuns ? null : ReadRange(text, tail, rangeEnd),
            Abscissa = overRuns ? ExpressionParser.Parse(text, tail, rangeEnd) : null,
            Start = start.Success ? ReadStart(text, start.Index + start.Length, end) : new Dictionary<string, double>(),
            Uncorrelated = uncorrelated,
            Text = text,
        };
    }

    /// <summary>The parameters: names of the model that are neither x nor among the constants, in the order in which they appear.</summary>
    /// <exception cref="ExpressionException">There is none, or something in the model can be no parameter.</exception>
    public IReadOnlyList<string> Parameters(IReadOnlyDictionary<string, double> constants)
    {
        foreach (Expression part in Model.All())
        {
            if (part is Mean) throw new ExpressionException(Text, part.Position, "a model has no mean values");
            if (part is Symbol { Component: not null }) throw new ExpressionException(Text, part.Position, "a parameter has no components");
            if (part is Call call) FormulaScope.CheckFunction(Text, call);
        }

        string[] names = [.. Model.All().OfType<Symbol>().Select(symbol => symbol.Name).Distinct().Where(name => name != Variable && !constants.ContainsKey(name))];
        if (names.Length == 0) throw new ExpressionException(Text, Model.Position, "the model has no parameter");
        if (Start.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new ExpressionException(Text, Text.LastIndexOf(unknown, StringComparison.Ordinal), $"'{unknown}' is no parameter of the model; there are {string.Join(", ", names)}");
        return names;
    }

    private static double[] ReadRange(string text, int start, int end)
    {
        string range = text[start..end];
        ExpressionException Fault(string problem) => new(text, start, problem);
        List<double> values = [];
        if (Steps().Match(range) is { Success: true } match)
        {
            double first = Real(match.Groups[1].Value), last = Real(match.Groups[2].Value), step = match.Groups[3].Success ? Real(match.Groups[3].Value) : 1;
            if (!(step > 0) || !(last >= first)) throw Fault("a range is first..last or first..last..step with last not below first");
            if ((last - first) / step > MostPoints) throw Fault($"a fit has at most {MostPoints} points");
            for (int i = 0; first + (i * step) <= last + (1e-9 * step); i++) values.Add(first + (i * step));
        }
        else
        {
            foreach (string item in range.Split(','))
            {
                if (!double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value)) throw Fault("a range is first..last, first..last..step or a list such as 1,2,4");
                values.Add(value);
            }
        }

        if (values.Count > MostPoints || values.Distinct().Count() < values.Count) throw Fault($"a range has at most {MostPoints} values, and each once");
        return [.. values];
    }

    private static Dictionary<string, double> ReadStart(string text, int start, int end)
    {
        var values = new Dictionary<string, double>();
        int at = start;
        foreach (string item in text[start..end].Split(','))
        {
            int sign = item.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0 || !double.TryParse(item.AsSpan(sign + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || !values.TryAdd(item[..sign].Trim(), value))
                throw new ExpressionException(text, at, "after start stand values of parameters, such as start m = 0.5, a = 1");
            at += item.Length + 1;
        }

        return values;
    }

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bfor\s+(\w+)\s*=")]
    private static partial Regex For();

    [GeneratedRegex(@"\bstart\b")]
    private static partial Regex StartWord();

    [GeneratedRegex(@"^\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)(?:\s*\.\.\s*(\d+(?:\.\d+)?))?\s*\z")]
    private static partial Regex Steps();
}
