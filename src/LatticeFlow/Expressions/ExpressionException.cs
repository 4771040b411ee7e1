namespace LatticeFlow.Expressions;

/// <summary>An expression that cannot be read or has no meaning; the message names the character, counted from 1.</summary>
public sealed class ExpressionException(string text, int position, string problem) : ArgumentException($"\"{PrintableText.Short(text)}\", character {position + 1}: {problem}")
{
    /// <summary>Of the first character that is wrong, from 0.</summary>
    public int Position { get; } = position;

    /// <summary>What is wrong, without the text.</summary>
    public string Problem { get; } = problem;
}
