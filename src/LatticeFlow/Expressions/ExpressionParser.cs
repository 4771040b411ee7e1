using System.Globalization;

namespace LatticeFlow.Expressions;

/// <summary>
/// Reads formulas: numbers, names, + − * / ^ (or **, to the right), parentheses, functions f(a, b), components name[3] and means over configurations &lt;…&gt;. Names are letters, digits, _ and points
/// between them, or any text in quotation marks. −2^2 is −4.
/// </summary>
public sealed class ExpressionParser
{
    /// <summary>Longer texts are something else, given by mistake.</summary>
    public const int LongestText = 10_000;

    private const int DeepestNesting = 200;

    private readonly string text;
    private readonly int end;
    private int at;
    private int depth;

    private ExpressionParser(string text, int start, int end)
    {
        this.text = text;
        this.end = end;
        at = start;
    }

    /// <summary>The formula in a text, or in the part of it from <paramref name="start"/> to <paramref name="end"/>.</summary>
    /// <exception cref="ExpressionException">It is none.</exception>
    public static Expression Parse(string text, int start = 0, int? end = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText) throw new ExpressionException(text, LongestText, $"a formula has at most {LongestText} characters");
        var parser = new ExpressionParser(text, start, end ?? text.Length);
        var expression = parser.Sum();
        if (parser.Peek() is { } left) throw parser.Fault(left is ')' or ']' or '>' or '⟩' ? $"'{left}' closes nothing" : $"an operator is missing before '{left}'");
        return expression;
    }

    private ExpressionException Fault(string problem) => new(text, Math.Min(at, text.Length), problem);

    private char? Peek()
    {
        while (at < end && char.IsWhiteSpace(text[at])) at++;
        return at < end ? text[at] : null;
    }

    private bool Take(params ReadOnlySpan<char> any)
    {
        if (Peek() is not { } next || !any.Contains(next)) return false;
        at++;
        return true;
    }

    private Expression Sum()
    {
        if (++depth > DeepestNesting) throw Fault($"more than {DeepestNesting} levels of parentheses");
        var left = Product();
        while (true)
        {
            Peek();
            int start = at;
            if (Take('+')) left = new Operation('+', left, Product(), start);
            else if (Take('-', '−')) left = new Operation('-', left, Product(), start);
            else break;
        }

        depth--;
        return left;
    }

    private Expression Product()
    {
        var left = Signed();
        while (true)
        {
            Peek();
            int start = at;
            if (Take('*', '·')) left = new Operation('*', left, Signed(), start);
            else if (Take('/')) left = new Operation('/', left, Signed(), start);
            else return left;
        }
    }

    private Expression Signed()
    {
        Peek();
        int start = at;
        if (++depth > DeepestNesting) throw Fault($"more than {DeepestNesting} levels of signs and parentheses");
        var result = Take('-', '−') ? new Negation(Signed(), start) : Take('+') ? Signed() : Power();
        depth--;
        return result;
    }

    private Expression Power()
    {
        var left = Operand();
        Peek();
        int start = at;
        bool stars = at + 1 < end && text[at] == '*' && text[at + 1] == '*';
        if (stars) at += 2;
        return stars || Take('^') ? new Operation('^', left, Signed(), start) : left;
    }

    private Expression Operand()
    {
        if (Peek() is not { } next) throw Fault("an operand is missing at the end");
        int start = at;
        if (Take('('))
        {
            var inner = Sum();
            Close(')', '(', start);
            return inner;
        }

        if (Take('<', '⟨'))
        {
            var body = Sum();
            Close(next == '<' ? '>' : '⟩', next, start);
            return new Mean(body, start);
        }

        if (next is '"' or '\'') return Component(Quoted(next), start);
        if (char.IsAsciiDigit(next) || (next == '.' && at + 1 < end && char.IsAsciiDigit(text[at + 1]))) return Literal();
        if (!char.IsLetter(next) && next != '_') throw Fault(next is ')' or ']' or '>' or ',' or '*' or '/' or '^' ? $"an operand is missing before '{next}'" : $"'{next}' has no meaning here");
        string name = Name();
        return Take('(') ? Called(name, start) : Component(name, start);
    }

    private Expression Component(string name, int start)
    {
        if (!Take('[')) return new Symbol(name, null, start);
        int bracket = at - 1;
        var component = Sum();
        Close(']', '[', bracket);
        return new Symbol(name, component, start);
    }

    private Expression Called(string name, int start)
    {
        int bracket = at - 1;
        List<Expression> arguments = [];
        do arguments.Add(Sum());
        while (Take(','));
        Close(')', '(', bracket);
        string suffix = at < end && text[at] == '_' ? Name() : "";
        return new Call(name, arguments, suffix, start);
    }

    private void Close(char closing, char opening, int start)
    {
        if (Take(closing)) return;
        throw Peek() is { } next ? Fault($"'{closing}' or an operator is missing before '{next}'") : new ExpressionException(text, start, $"'{opening}' is not closed");
    }

    private string Quoted(char mark)
    {
        int start = at++;
        int close = text.IndexOf(mark, at, end - at);
        if (close < 0) throw new ExpressionException(text, start, "the quotation mark is not closed");
        string name = text[at..close];
        at = close + 1;
        return name.Length > 0 ? name : throw new ExpressionException(text, start, "a name is empty");
    }

    // A point belongs to a name where a letter or a digit follows: wilson_loop_2x2_flow0.3, potential.sigma.
    private string Name()
    {
        int start = at;
        while (at < end && (char.IsLetterOrDigit(text[at]) || text[at] == '_' || (text[at] == '.' && at + 1 < end && char.IsLetterOrDigit(text[at + 1])))) at++;
        return text[start..at];
    }

    private Number Literal()
    {
        int start = at;
        Digits();
        if (at < end && text[at] == '.' && !(at + 1 < end && text[at + 1] == '.'))
        {
            at++;
            Digits();
        }

        if (at < end && text[at] is 'e' or 'E')
        {
            int mark = at++;
            if (at < end && text[at] is '+' or '-') at++;
            int first = at;
            Digits();
            if (at == first) at = mark;
        }

        double value = double.Parse(text.AsSpan(start, at - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? new(value, start) : throw new ExpressionException(text, start, "the number is too large");
    }

    private void Digits()
    {
        while (at < end && char.IsAsciiDigit(text[at])) at++;
    }
}
