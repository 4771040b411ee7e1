namespace LatticeFlow.Series;

/// <summary>Which columns of a file mean what.</summary>
public sealed record SeriesChoice
{
    /// <summary>The word for no column.</summary>
    public const string None = "none";

    /// <summary>Observables, by name or by number from 1; empty: all columns that mean nothing else.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The column that tells chains apart; null: one that is called so (<see cref="ChainNames"/>) and holds whole numbers, if there is one.</summary>
    public string? Chain { get; init; }

    /// <summary>The column with the numbers of the configurations; null: one that is called so (<see cref="NumberNames"/>) and grows along each chain, if there is one.</summary>
    public string? Number { get; init; }

    /// <summary>What separates the fields of a line; null: that is found out.</summary>
    public char? Separator { get; init; }

    /// <summary>Names of columns that tell chains apart.</summary>
    public static IReadOnlyList<string> ChainNames { get; } = ["chain", "replica", "chain_id", "replicum", "stream"];

    /// <summary>Names of columns that number configurations.</summary>
    public static IReadOnlyList<string> NumberNames { get; } = ["configuration", "config", "conf", "cfg", "trajectory", "traj", "step", "sweep", "iteration", "draw"];
}
