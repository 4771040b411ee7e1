namespace LatticeFlow.Actions;

/// <summary>One number of an action in a configuration: its key, default and range, and what it means, of which reading, checking, writing and documentation derive.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What it is, for the manual.</param>
/// <param name="Default">The value where it is left out; null: it has to be given.</param>
public sealed record ActionParameter(string Name, string Meaning, double? Default = null)
{
    /// <summary>Beyond, S of a lattice has too few digits left for differences of 1, and sums overflow at last.</summary>
    public const double LargestCoupling = 1e9;

    /// <summary>Of a ratio of couplings.</summary>
    public const double LargestRatio = 1e3;

    /// <summary>The least value.</summary>
    public double Minimum { get; init; } = -LargestCoupling;

    /// <summary>The largest value.</summary>
    public double Maximum { get; init; } = LargestCoupling;

    /// <summary>The least value in a term of a sum, which may take away from another.</summary>
    public double MinimumOfTerm { get; init; } = double.NaN;

    /// <summary>The range in words, where its ends alone do not say why.</summary>
    public string? Range { get; init; }

    /// <summary>Whether it is left out of what is written where it has its default: of few theories it says anything.</summary>
    public bool IsRare { get; init; }

    /// <summary>A value for examples.</summary>
    public double Example { get; init; } = 1;

    /// <summary>Words that stand for values.</summary>
    public IReadOnlyList<(string Word, double Value)> Words { get; init; } = [];

    /// <summary>The word that stands for a value, or null.</summary>
    public string? WordOf(double value) => Words.FirstOrDefault(word => word.Value == value).Word;
}
