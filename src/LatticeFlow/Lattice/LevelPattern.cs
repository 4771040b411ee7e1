namespace LatticeFlow.Lattice;

/// <summary>
/// Which coordinates of a lattice a level of a multiscale flow keeps: those with certain residues modulo a period, in each direction. The links of the level join neighbouring kept sites; a link is
/// held where the fine link that begins at its first site is, so that a configuration of a level and what is still to be inserted fill the same numbers as the finest one.
/// </summary>
public sealed class LevelPattern : IEquatable<LevelPattern>
{
    private readonly int[][] residues;

    /// <summary>The pattern with these residues of each direction, all of the same period.</summary>
    /// <exception cref="ArgumentException">Residues are not in increasing order from 0 on, below the period.</exception>
    public LevelPattern(int period, IReadOnlyList<IReadOnlyList<int>> residues)
    {
        foreach (var one in residues)
        {
            if (one.Count == 0 || one[0] != 0 || one[^1] >= period || one.Zip(one.Skip(1)).Any(pair => pair.First >= pair.Second))
                throw new ArgumentException($"residues {string.Join(", ", one)} modulo {period} do not increase from 0 on.", nameof(residues));
        }

        Period = period;
        this.residues = [.. residues.Select(one => one.ToArray())];
    }

    /// <summary>The period.</summary>
    public int Period { get; }

    /// <summary>Directions.</summary>
    public int Dimensions => residues.Length;

    /// <summary>Every coordinate.</summary>
    public static LevelPattern Fine(int dimensions) => new(1, [.. Enumerable.Repeat<int[]>([0], dimensions)]);

    /// <summary>Every <paramref name="spacing"/>-th coordinate of each direction.</summary>
    public static LevelPattern Coarse(int dimensions, int spacing) => new(spacing, [.. Enumerable.Repeat<int[]>([0], dimensions)]);

    /// <summary>The residues that are kept in a direction.</summary>
    public IReadOnlyList<int> Residues(int mu) => residues[mu];

    /// <summary>The pattern that also keeps <paramref name="inserted"/> residues in a direction.</summary>
    public LevelPattern With(int mu, IEnumerable<int> inserted) =>
        new(Period, [.. residues.Select((one, nu) => nu == mu ? [.. one.Union(inserted).Order()] : one)]);

    /// <summary>Why a lattice does not have this pattern, or null.</summary>
    public string? Refusal(LatticeGeometry lattice)
    {
        if (lattice.Dimensions != Dimensions) return $"the pattern of levels is for {Dimensions} dimensions, not {lattice.Dimensions}";
        int bad = lattice.Extents.FirstOrDefault(extent => extent % Period != 0);
        return bad == 0 ? null : $"extent {bad} is not a multiple of {Period}, the spacing of the coarsest level: use {Period}, {2 * Period}, {3 * Period}, …";
    }

    /// <summary>As text, e.g. <c>0,4 | 0,2,4,6 mod 8</c>.</summary>
    public override string ToString() => $"{string.Join(" | ", residues.Select(one => string.Join(',', one)))} mod {Period}";

    /// <inheritdoc/>
    public bool Equals(LevelPattern? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LevelPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
