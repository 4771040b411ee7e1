using System.Globalization;
using System.Text.RegularExpressions;

namespace LatticeFlow.Expressions;

/// <summary>What the names of a formula mean: observables by their names and short ones, constants of the theory, and quantities defined before.</summary>
public abstract partial class FormulaScope(IReadOnlyDictionary<string, double> constants)
{
    private static readonly Dictionary<string, string> _short = new()
    {
        ["P"] = "plaquette",
        ["Q"] = "topological_charge",
        ["Q2"] = "topological_charge_squared",
        ["absP"] = "polyakov_abs",
        ["absM"] = "magnetization_abs",
        ["M2"] = "magnetization_squared",
        ["M4"] = "magnetization_fourth",
    };

    /// <summary>Names that stand for numbers.</summary>
    protected IReadOnlyDictionary<string, double> Constants => constants;

    /// <summary>Observables by name.</summary>
    protected abstract IEnumerable<string> Names { get; }

    /// <summary>Numbers of each configuration of an observable; 0 where there is none of this name.</summary>
    protected abstract int Components(string name);

    /// <summary>The mean of an observable, or of one of its components; null: the one that tables show.</summary>
    protected abstract Expression Observable(string name, int? component, int position);

    /// <summary>The mean of a formula over configurations; of its names <see cref="Resolve"/> tells the observable.</summary>
    protected abstract Expression Average(string text, Mean mean);

    /// <summary>A quantity that is defined elsewhere, or null.</summary>
    protected abstract Expression? Defined(string text, string name, int position);

    /// <summary>The formula with every name replaced.</summary>
    /// <exception cref="ExpressionException">A name means nothing, or not what it is used for.</exception>
    public Expression Bind(string text, Expression formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        return formula.Rewrite(part =>
        {
            switch (part)
            {
                case Mean mean:
                    return Average(text, mean);
                case Symbol symbol when Resolve(text, symbol) is { } found:
                    return Observable(found.Name, found.Component, symbol.Position);
                case Symbol { Component: null } symbol:
                    if (Defined(text, symbol.Name, symbol.Position) is { } defined) return defined;
                    return constants.TryGetValue(symbol.Name, out double value) ? new Number(value, symbol.Position) : throw Unknown(text, symbol.Name, symbol.Position);
                case Symbol symbol:
                    throw Unknown(text, symbol.Name, symbol.Position);
                case Call call when ExpressionFunctions.Find(call.Name) is null:
                    if (Resolve(text, call) is { } sized) return Observable(sized.Name, sized.Component, call.Position);
                    if (DerivedName(text, call) is { } name)
                    {
                        // A column of a file may have the name of what runs derive.
                        if (Components(name) > 0) return Observable(name, null, call.Position);
                        if (Defined(text, name, call.Position) is { } quantity) return quantity;
                    }

                    throw DerivedName(text, call) is { } wanted ? Unknown(text, wanted, call.Position) : NoFunction(text, call);
                case Call call:
                    CheckFunction(text, call);
                    return null;
                default:
                    return null;
            }
        });
    }

    /// <summary>The observable that a name or W(R, T), Wt(R, T), C(t), E(t) stands for; null where it is none.</summary>
    protected (string Name, int? Component)? Resolve(string text, Expression leaf)
    {
        switch (leaf)
        {
            case Symbol symbol:
                string? name = Components(symbol.Name) > 0 ? symbol.Name : _short.TryGetValue(symbol.Name, out string? known) && Components(known) > 0 ? known
                    : SidesInName().Match(symbol.Name) is { Success: true } match ? Loop(match.Groups[1].Success, Digit(match, 2), Digit(match, 3), match.Groups[4].Value) : null;
                if (name is null) return null;
                if (symbol.Component is null) return (name, null);
                int component = Whole(text, symbol.Component);
                if (component >= Components(name)) throw new ExpressionException(text, symbol.Component.Position, $"{name} has the components 0 to {Components(name) - 1}");
                return (name, component);
            case Call { Name: "W" or "Wt", Arguments: [var r, var t] } call:
                return Loop(call.Name == "Wt", Whole(text, r), Whole(text, t), call.Suffix) is { } loop ? (loop, null) : throw Unknown(text, $"wilson_loop_{(call.Name == "Wt" ? "temporal_" : "")}{Whole(text, r)}x{Whole(text, t)}{call.Suffix}", call.Position);
            case Call { Name: "C", Arguments: [var t], Suffix: "" } call when Components("two_point") > 0:
                int separation = Whole(text, t);
                return separation < Components("two_point") ? ("two_point", separation) : throw new ExpressionException(text, t.Position, $"two_point has the separations 0 to {Components("two_point") - 1}");
            default:
                return null;
        }
    }

    /// <summary>That there is such a function, of so many arguments.</summary>
    internal static void CheckFunction(string text, Call call)
    {
        if (ExpressionFunctions.Find(call.Name) is not { } function) throw NoFunction(text, call);
        if (call.Suffix.Length > 0) throw new ExpressionException(text, call.Position, $"'{call.Suffix}' follows a function");
        if (function.Arguments is { } count && count != call.Arguments.Count) throw new ExpressionException(text, call.Position, $"{call.Name} takes {count} argument{(count == 1 ? "" : "s")}, not {call.Arguments.Count}");
    }

    /// <summary>The whole number that an argument is once all its names are numbers.</summary>
    protected int Whole(string text, Expression argument)
    {
        Expression known = argument.Rewrite(part => part is Symbol { Component: null } symbol && constants.TryGetValue(symbol.Name, out double constant) ? new Number(constant, symbol.Position) : null);
        if (known.All().FirstOrDefault(part => part is Symbol or Mean or Variable) is { } open) throw new ExpressionException(text, open.Position, "a size or a component is a number");
        double value = known.At([]).Value;
        return value == Math.Round(value) && value is >= 0 and < 1 << 20 ? (int)value : throw new ExpressionException(text, argument.Position, FormattableString.Invariant($"a size or a component is a whole number, not {value}"));
    }

    private string? Loop(bool temporal, int r, int t, string suffix)
    {
        string[] names = temporal ? [$"wilson_loop_temporal_{r}x{t}{suffix}"]
            : [$"wilson_loop_{r}x{t}{suffix}", $"wilson_loop_{t}x{r}{suffix}", .. r == 1 && t == 1 ? (ReadOnlySpan<string>)[$"plaquette{suffix}"] : []];
        return names.FirstOrDefault(name => Components(name) > 0);
    }

    private string? DerivedName(string text, Call call) => call is { Name: "V" or "creutz", Arguments: [var r, var t] }
        ? string.Create(CultureInfo.InvariantCulture, $"{(call.Name == "V" ? "static_potential" : "creutz_ratio")}_{Whole(text, r)}x{Whole(text, t)}{call.Suffix}") : null;

    private ExpressionException Unknown(string text, string name, int position)
    {
        string[] names = [.. Names];
        string listed = names.Length == 0 ? "nothing" : string.Join(", ", names.Take(40)) + (names.Length > 40 ? ", …" : "");
        string known = constants.Count == 0 ? "" : $"; constants are {string.Join(", ", constants.Keys)}";
        return new(text, position, $"'{PrintableText.Short(name)}' is not known; there is {listed}{known}");
    }

    private static ExpressionException NoFunction(string text, Call call)
        => new(text, call.Position, $"'{call.Name}' is no function; there are {string.Join(", ", ExpressionFunctions.All.Select(function => function.Name))}, and W(R,T), Wt(R,T), C(t), V(R,T), creutz(R,T)");

    private static int Digit(Match match, int group) => match.Groups[group].ValueSpan[0] - '0';

    [GeneratedRegex(@"^W(t)?([1-9])([1-9])(_.+)?\z")]
    private static partial Regex SidesInName();
}
