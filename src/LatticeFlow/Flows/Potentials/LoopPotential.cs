using System.Collections.Concurrent;

namespace LatticeFlow.Flows;

/// <summary>
/// The loops that a potential S̃ = Σ_i c_i W_i is made of: every W_i is the sum over all translations, turns and reflections of the real part of a product of traces of words in up to <see cref="PlaquetteOrder"/> plaquettes, each
/// of which shares a link with another one. Order 1 is the Wilson action, order 2 the second order of the trivialising flow, order 3 (in two dimensions) all that its third order can hold.
/// </summary>
/// <remarks>
/// Source of the idea: M. Lüscher 2010 (arXiv:0907.5491), section 4; S. Bacchio, P. Kessel, S. Schaefer, L. Vaitl 2023 (arXiv:2212.08469). Of SU(2), whose traces are real and whose P + P† is a number, of all words that differ by
/// adjoints or by direction there is one, with no letter twice in a row; of SU(3) no letter twice in a row, as P² = P tr P − tr P* + P†.
/// </remarks>
public sealed class LoopPotential
{
    /// <summary>The largest order in two dimensions.</summary>
    public const int MostPlaquettes = 3;

    private static readonly ConcurrentDictionary<(int, int, int), LoopPotential> Known = new();
    private readonly Dictionary<string, int> termOfShape = [];
    private readonly IReadOnlyList<(int[] Axes, int[] Signs)> symmetries;

    private LoopPotential(int order, int dimensions, int plaquettes)
    {
        Order = order;
        PlaquetteOrder = plaquettes;
        Letters = new LoopLetters(dimensions);
        symmetries = Symmetries(dimensions);
        List<LoopMonomial> monomials = [];
        List<int> terms = [];
        HashSet<string> seen = [];
        for (int length = 1; length <= plaquettes; length++)
        {
            foreach (var monomial in Monomials(length))
            {
                if (!seen.Add(monomial.Shape(Letters, [symmetries[0]], order == 2))) continue;
                string shape = monomial.Shape(Letters, symmetries, order == 2);
                if (!termOfShape.TryGetValue(shape, out int term)) termOfShape[shape] = term = termOfShape.Count;
                monomials.Add(monomial);
                terms.Add(term);
            }
        }

        // Terms one after the other: the order of monomials is that of the table of coefficients.
        int[] sorted = [.. Enumerable.Range(0, monomials.Count).OrderBy(m => terms[m])];
        TermOf = [.. sorted.Select(m => terms[m])];
        List<LoopMonomial> all = [.. sorted.Select(m => monomials[m])];
        Dictionary<LoopMonomial, int> numbers = all.Select((monomial, m) => (monomial, m)).ToDictionary(pair => pair.monomial, pair => pair.m);
        var laplacians = Enumerable.Range(0, termOfShape.Count).Select(_ => new SortedDictionary<int, double>()).ToArray();
        for (int m = 0; m < TermOf.Count; m++)
        {
            foreach (var (monomial, coefficient) in LoopLaplacian.Of(all[m], Letters, order))
            {
                if (Math.Abs(coefficient) < 1e-14) continue;
                if (!numbers.TryGetValue(monomial, out int number))
                {
                    numbers[monomial] = number = all.Count;
                    all.Add(monomial);
                }

                var row = laplacians[TermOf[m]];
                row[number] = row.GetValueOrDefault(number) + coefficient;
            }
        }

        AllMonomials = all;
        Laplacians = [.. laplacians.Select(row => row.Where(pair => Math.Abs(pair.Value) > 1e-14).Select(pair => (pair.Key, pair.Value)).ToList())];
    }

    /// <summary>N.</summary>
    public int Order { get; }

    /// <summary>The most plaquettes of a monomial.</summary>
    public int PlaquetteOrder { get; }

    /// <summary>The letters.</summary>
    public LoopLetters Letters { get; }

    /// <summary>Terms W_i.</summary>
    public int Terms => termOfShape.Count;

    /// <summary>The term of each of the first monomials: those that the potential consists of.</summary>
    public IReadOnlyList<int> TermOf { get; }

    /// <summary>The monomials of the potential, then those that only its Laplacian has.</summary>
    public IReadOnlyList<LoopMonomial> AllMonomials { get; }

    /// <summary>Lap W_i as a sum of monomials.</summary>
    public IReadOnlyList<IReadOnlyList<(int Monomial, double Coefficient)>> Laplacians { get; }

    /// <summary>The potential of a group and dimension; built once.</summary>
    /// <exception cref="NotSupportedException">Three plaquettes in more than two dimensions.</exception>
    public static LoopPotential Of(int order, int dimensions, int plaquettes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plaquettes, 1);
        if (plaquettes > (dimensions == 2 ? MostPlaquettes : 2))
            throw new NotSupportedException($"in {dimensions} dimensions a potential has loops of up to {(dimensions == 2 ? MostPlaquettes : 2)} plaquettes, not {plaquettes}.");
        return Known.GetOrAdd((order, dimensions, plaquettes), key => new(key.Item1, key.Item2, key.Item3));
    }

    /// <summary>The number of the term that a product of traces belongs to, or −1.</summary>
    public int TermOfWords(params int[][] words) => termOfShape.GetValueOrDefault(LoopMonomial.Of(words, Order, out _).Shape(Letters, symmetries, Order == 2), -1);

    /// <summary>λ_m of all monomials for coefficients c_i of the terms.</summary>
    public double[] LaplacianOf(ReadOnlySpan<double> coefficients)
    {
        var sum = new double[AllMonomials.Count];
        for (int i = 0; i < Terms; i++)
        {
            foreach (var (monomial, coefficient) in Laplacians[i]) sum[monomial] += coefficients[i] * coefficient;
        }

        return sum;
    }

    private static List<(int[] Axes, int[] Signs)> Symmetries(int dimensions)
    {
        List<int[]> orders = [[]];
        for (int mu = 0; mu < dimensions; mu++) orders = [.. orders.SelectMany(axes => Enumerable.Range(0, dimensions).Except(axes).Select(next => (int[])[.. axes, next]))];
        return [.. orders.OrderBy(axes => axes.Select((axis, mu) => axis == mu ? 0 : 1).Sum())
            .SelectMany(axes => Enumerable.Range(0, 1 << dimensions).Select(bits => (axes, (int[])[.. Enumerable.Range(0, dimensions).Select(mu => (bits >> mu & 1) == 0 ? 1 : -1)])))];
    }

    // All monomials of so many letters whose plaquettes hang together.
    private IEnumerable<LoopMonomial> Monomials(int length)
    {
        HashSet<LoopMonomial> found = [];
        foreach (var letters in Multisets(length, 0))
        {
            if (!HangTogether(letters)) continue;
            for (int signs = 0; signs < 1 << length; signs++)
            {
                int[] signed = [.. letters.Select((letter, i) => (signs >> i & 1) == 0 ? letter + 1 : -1 - letter)];
                foreach (var words in Partitions(signed))
                {
                    var monomial = LoopMonomial.Of(words, Order, out _);
                    if (monomial.Length == length && IsKept(monomial) && found.Add(monomial)) yield return monomial;
                }
            }
        }
    }

    private bool IsKept(LoopMonomial monomial)
    {
        if (Order is not (2 or 3)) return true;
        foreach (var word in monomial.Words)
        {
            for (int p = 0; p < word.Length && word.Length > 1; p++)
            {
                if (word[p] == word[(p + 1) % word.Length]) return false;
            }

            if (Order == 2 && (LoopMonomial.Cyclic([.. word.Reverse()]).AsSpan().SequenceCompareTo(word) < 0 || !IsShortest(word))) return false;
        }

        return true;
    }

    // Of the words that differ by adjoints of letters, tr a b + tr a b† = tr a tr b, one is kept: with the shortest loop, and of those with the least word.
    private bool IsShortest(int[] word)
    {
        int own = LoopLength(word);
        for (int signs = 0; signs < 1 << word.Length; signs++)
        {
            int[] other = [.. word.Select((letter, i) => (signs >> i & 1) == 0 ? Math.Abs(letter) : -Math.Abs(letter))];
            int length = LoopLength(other);
            if (length < own || (length == own && LoopMonomial.Of([other], Order, out _).ToString() is var text && string.CompareOrdinal(text, LoopMonomial.Of([word], Order, out _).ToString()) < 0)) return false;
        }

        return true;
    }

    private int LoopLength(int[] word) => LoopMonomial.Reduced([.. word.SelectMany(letter => letter > 0 ? Letters.Paths[letter - 1] : LoopMonomial.Inverse(Letters.Paths[-1 - letter]))]).Length;

    private IEnumerable<int[]> Multisets(int length, int first)
    {
        if (length == 0)
        {
            yield return [];
            yield break;
        }

        for (int letter = first; letter < Letters.Paths.Count; letter++)
        {
            foreach (var rest in Multisets(length - 1, letter)) yield return [letter, .. rest];
        }
    }

    private bool HangTogether(int[] letters)
    {
        List<int> reached = [letters[0]];
        for (int k = 0; k < reached.Count; k++) reached.AddRange(letters.Distinct().Where(letter => !reached.Contains(letter) && Letters.AreNeighbours(reached[k], letter)).ToList());
        return letters.Distinct().All(reached.Contains);
    }

    // All ways to make words of letters.
    private static IEnumerable<List<int[]>> Partitions(int[] letters)
    {
        if (letters.Length == 0)
        {
            yield return [];
            yield break;
        }

        // The word that holds the first letter starts with it.
        int others = letters.Length - 1;
        for (int chosen = 0; chosen < 1 << others; chosen++)
        {
            int[] with = [.. letters[1..].Where((_, i) => (chosen >> i & 1) == 1)], without = [.. letters[1..].Where((_, i) => (chosen >> i & 1) == 0)];
            foreach (var arranged in Arrangements(with))
            {
                foreach (var rest in Partitions(without)) yield return [[letters[0], .. arranged], .. rest];
            }
        }
    }

    private static IEnumerable<int[]> Arrangements(int[] letters)
    {
        if (letters.Length == 0) yield return [];
        for (int i = 0; i < letters.Length; i++)
        {
            foreach (var rest in Arrangements([.. letters[..i], .. letters[(i + 1)..]])) yield return [letters[i], .. rest];
        }
    }
}
