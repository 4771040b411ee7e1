namespace LatticeFlow.Flows;

/// <summary>
/// How the traces of a potential are found from its letters: nodes, products of two slots, and traces tr(a b†) of two slots, as <see cref="Kernels.Flows.PotentialOperands{T}"/> wants them. Letters that no word has are left out.
/// </summary>
public sealed class LoopTables
{
    private readonly Dictionary<string, int> slotOfWord = [];
    private readonly Dictionary<string, int> traceOfWord = [];
    private readonly List<int> nodes = [];
    private readonly List<int> traces = [];

    /// <summary>The tables of a potential.</summary>
    public LoopTables(LoopPotential potential)
    {
        var monomials = potential.AllMonomials;
        Letters = [.. monomials.SelectMany(monomial => monomial.Words).SelectMany(word => word).Select(letter => Math.Abs(letter) - 1).Distinct().Order()];
        slotOfWord[string.Empty] = 0;
        for (int l = 0; l < Letters.Count; l++)
        {
            slotOfWord[Text([Letters[l] + 1])] = 1 + l;
            slotOfWord[Text([-1 - Letters[l]])] = 1 + Letters.Count + l;
        }

        var words = monomials.SelectMany(monomial => monomial.Words).Select(Trace).DistinctBy(Text).OrderBy(word => word.Length).ToList();
        ChooseNodes(words);
        foreach (var word in words) AddTrace(word);
        List<int> table = [];
        foreach (var monomial in monomials)
        {
            if (monomial.Words.Count > Kernels.Flows.PotentialOperands<Kernels.Lanes.Double1>.Factors) throw new InvalidOperationException("a monomial has too many traces.");
            for (int f = 0; f < Kernels.Flows.PotentialOperands<Kernels.Lanes.Double1>.Factors; f++) table.Add(f < monomial.Words.Count ? Factor(monomial.Words[f]) : 0);
        }

        Monomials = table;
    }

    /// <summary>The letters that are used, by their numbers in <see cref="LoopLetters"/>.</summary>
    public IReadOnlyList<int> Letters { get; }

    /// <summary>Pairs of slots.</summary>
    public IReadOnlyList<int> Nodes => nodes;

    /// <summary>Pairs of slots.</summary>
    public IReadOnlyList<int> Traces => traces;

    /// <summary>Up to three traces of each monomial.</summary>
    public IReadOnlyList<int> Monomials { get; }

    // A trace and its complex conjugate are one.
    private static int[] Trace(int[] word)
    {
        int[] own = LoopMonomial.Cyclic(word), inverse = LoopMonomial.Cyclic(LoopMonomial.Inverse(word));
        return own.AsSpan().SequenceCompareTo(inverse) <= 0 ? own : inverse;
    }

    private static string Text(int[] word) => string.Join(',', word);

    private int Factor(int[] word)
    {
        int[] own = LoopMonomial.Cyclic(word), kept = Trace(word);
        int trace = traceOfWord[Text(kept)];
        return own.AsSpan().SequenceEqual(kept) ? 1 + trace : -1 - trace;
    }

    // Words of three letters are a pair and a letter: the pairs that serve most words first. Longer ones grow letter by letter.
    private void ChooseNodes(List<int[]> words)
    {
        var open = words.Where(word => word.Length >= 3).ToList();
        while (open.Count > 0)
        {
            var best = open.SelectMany(word => Pairs(word).DistinctBy(Text)).GroupBy(Text).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First().First();
            Node(best);
            open.RemoveAll(word => Pairs(word).Any(pair => Text(pair) == Text(best)));
        }
    }

    private static IEnumerable<int[]> Pairs(int[] word) => Enumerable.Range(0, word.Length).SelectMany(p =>
    {
        int[] pair = [word[p], word[(p + 1) % word.Length]];
        return (int[][])[pair, LoopMonomial.Inverse(pair)];
    });

    private int Node(int[] word)
    {
        if (slotOfWord.TryGetValue(Text(word), out int slot)) return slot;
        int first = Node(word[..^1]);
        slot = 1 + (2 * Letters.Count) + (nodes.Count / 2);
        nodes.AddRange([first, slotOfWord[Text(word[^1..])]]);
        return slotOfWord[Text(word)] = slot;
    }

    private void AddTrace(int[] word)
    {
        traceOfWord[Text(word)] = traces.Count / 2;

        // tr(a b†): the word is a, and its last letter is the adjoint of b, where a may be a node as it is, or b one.
        if (word.Length == 1)
        {
            traces.AddRange([slotOfWord[Text(word)], 0]);
            return;
        }

        if (word.Length > 2)
        {
            for (int turn = 0; turn < word.Length; turn++)
            {
                int[] turned = [.. word[turn..], .. word[..turn]];
                if (slotOfWord.TryGetValue(Text(turned[..^1]), out int whole))
                {
                    traces.AddRange([whole, slotOfWord[Text([-turned[^1]])]]);
                    return;
                }

                if (slotOfWord.TryGetValue(Text(LoopMonomial.Inverse(turned[1..])), out int inverse))
                {
                    traces.AddRange([slotOfWord[Text(turned[..1])], inverse]);
                    return;
                }
            }
        }

        int slot = Node(word[..^1]);
        traces.AddRange([slot, slotOfWord[Text([-word[^1]])]]);
    }
}
