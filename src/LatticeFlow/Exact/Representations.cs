namespace LatticeFlow.Exact;

/// <summary>
/// The irreducible representations of SU(N) up to a quadratic Casimir, as Young diagrams λ_1 ≥ … ≥ λ_N = 0, number 0 the trivial one, and the fusion r ⊗ f = ⊕ (r + one box)
/// by which multiplication with (1/N) Re tr U acts on characters: (1/N) Re tr U · χ_r = (1/2N) (Σ_{r+□} + Σ_{r−□}) χ.
/// </summary>
internal sealed class Representations
{
    private readonly int[] _larger;

    private Representations(int colors, List<int[]> diagrams, Dictionary<UInt128, int> numbers)
    {
        Colors = colors;
        Dimension = [.. diagrams.Select(WeylDimension)];
        _larger = new int[diagrams.Count * colors];
        var boundary = new List<int>();
        for (int r = 0; r < diagrams.Count; r++)
        {
            bool complete = true;
            for (int row = 0; row < colors; row++)
            {
                int[]? grown = Move(diagrams[r], row, 1), shrunk = Move(diagrams[r], row, -1);
                int number = -1;
                complete &= grown is null || numbers.TryGetValue(Key(grown), out number);
                complete &= shrunk is null || numbers.ContainsKey(Key(shrunk));
                _larger[r * colors + row] = grown is not null && numbers.ContainsKey(Key(grown)) ? number : -1;
            }

            if (!complete)
                boundary.Add(r);
        }

        Boundary = [.. boundary];
    }

    public int Colors { get; }

    public int Count => Dimension.Length;

    public double[] Dimension { get; }

    /// <summary>Representations with a neighbour that was left out.</summary>
    public int[] Boundary { get; }

    /// <summary>All representations with C_2 ≤ <paramref name="casimir"/>, tr(T_a T_b) = ½ δ_ab, or null where there are more than <paramref name="most"/>.</summary>
    public static Representations? UpTo(int colors, double casimir, int most)
    {
        int[] trivial = new int[colors];
        var diagrams = new List<int[]> { trivial };
        var numbers = new Dictionary<UInt128, int> { [Key(trivial)] = 0 };
        for (int next = 0; next < diagrams.Count; next++)
        {
            for (int row = 0; row < colors; row++)
            {
                foreach (int sign in (ReadOnlySpan<int>)[1, -1])
                {
                    if (Move(diagrams[next], row, sign) is not { } moved || Casimir(moved) > casimir || !numbers.TryAdd(Key(moved), diagrams.Count))
                        continue;
                    diagrams.Add(moved);
                    if (diagrams.Count > most)
                        return null;
                }
            }
        }

        return new Representations(colors, diagrams, numbers);
    }

    /// <summary>Numbers of r + one box, −1 where there is none.</summary>
    public ReadOnlySpan<int> WithOneBoxMore(int r) => _larger.AsSpan(r * Colors, Colors);

    /// <summary>result = coefficients of (1/N) Re tr U · Σ_r v_r χ_r. What would leave the set is dropped.</summary>
    public void Multiply(double[] coefficients, double[] result)
    {
        Array.Clear(result);
        for (int r = 0; r < coefficients.Length; r++)
        {
            foreach (int larger in WithOneBoxMore(r))
            {
                if (larger < 0)
                    continue;
                result[larger] += coefficients[r];
                result[r] += coefficients[larger];
            }
        }

        for (int r = 0; r < result.Length; r++)
            result[r] /= 2 * Colors;
    }

    // One box more or less in a row, whole columns of N boxes removed; null where no diagram results.
    private static int[]? Move(int[] diagram, int row, int sign)
    {
        int[] moved = (int[])diagram.Clone();
        moved[row] += sign;
        if ((row > 0 && moved[row - 1] < moved[row]) || (row + 1 < moved.Length && moved[row] < moved[row + 1]))
            return null;
        int columns = moved[^1];
        for (int i = 0; i < moved.Length; i++)
            moved[i] -= columns;
        return moved;
    }

    private static UInt128 Key(int[] diagram)
    {
        UInt128 key = 0;
        foreach (int boxes in diagram.AsSpan(0, diagram.Length - 1))
            key = (key << 16) | (UInt128)(uint)boxes;
        return key;
    }

    // 2 C_2 = Σ (l_i − mean)² − N (N² − 1)/12 with l_i = λ_i + N − i.
    private static double Casimir(int[] diagram)
    {
        double sum = 0, squares = 0;
        int n = diagram.Length;
        for (int i = 0; i < n; i++)
        {
            double l = diagram[i] + n - 1 - i;
            sum += l;
            squares += l * l;
        }

        return (squares - sum * sum / n - n * ((double)n * n - 1) / 12) / 2;
    }

    private static double WeylDimension(int[] diagram)
    {
        double dimension = 1;
        for (int i = 0; i < diagram.Length; i++)
        {
            for (int j = i + 1; j < diagram.Length; j++)
                dimension *= (diagram[i] - diagram[j] + j - i) / (double)(j - i);
        }

        return dimension;
    }
}
