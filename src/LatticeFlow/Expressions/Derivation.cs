namespace LatticeFlow.Expressions;

/// <summary>A quantity that a user asks for: <c>name = formula</c> over mean values of observables.</summary>
/// <param name="Name">Letters, digits and _.</param>
/// <param name="Formula">What it is.</param>
/// <param name="Text">As it was written; positions count in it.</param>
public sealed record Derivation(string Name, Expression Formula, string Text)
{
    /// <summary>Reads <c>name = formula</c>.</summary>
    /// <exception cref="ExpressionException">It is none.</exception>
    public static Derivation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 0) throw new ExpressionException(text, 0, "it has the form name = formula, such as creutz = -log(W22*W11/(W12*W21))");
        return new(CheckedName(text, 0, sign), ExpressionParser.Parse(text, sign + 1), text);
    }

    /// <summary>The name that stands from <paramref name="start"/> to <paramref name="end"/>.</summary>
    /// <exception cref="ExpressionException">It is no name.</exception>
    internal static string CheckedName(string text, int start, int end)
    {
        string name = text[start..end].Trim();
        int first = start + text[start..end].TakeWhile(char.IsWhiteSpace).Count();
        if (name.Length == 0) throw new ExpressionException(text, start, "the name is missing");
        if (!char.IsLetter(name[0]) || !name.All(c => char.IsLetterOrDigit(c) || c == '_')) throw new ExpressionException(text, first, $"'{PrintableText.Short(name)}' is no name: letters, digits and _, a letter first");
        if (ExpressionFunctions.Find(name) is not null) throw new ExpressionException(text, first, $"'{name}' is a function: choose another name");
        return name;
    }
}
