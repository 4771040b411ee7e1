using System.Text;

namespace LatticeFlow.Flows;

/// <summary>
/// A product of traces of words in letters: letter l is 1 + l, its adjoint −1 − l. In canonical form: words are reduced, turned to the first of their cyclic forms, and in order. Of U(1) there is one word, in the order of its
/// letters.
/// </summary>
public sealed class LoopMonomial : IEquatable<LoopMonomial>
{
    private readonly string key;

    private LoopMonomial(IReadOnlyList<int[]> words)
    {
        Words = words;
        key = string.Join('|', words.Select(word => string.Join(',', word)));
    }

    /// <summary>The words, none of which is empty.</summary>
    public IReadOnlyList<int[]> Words { get; }

    /// <summary>Letters of all words.</summary>
    public int Length => Words.Sum(word => word.Length);

    /// <summary>
    /// The canonical form of the product, or of its complex conjugate where that comes first: both have the same real part. <paramref name="factor"/> is what empty words, tr 1 = N, leave.
    /// </summary>
    public static LoopMonomial Of(IEnumerable<int[]> words, int order, out double factor)
    {
        factor = 1;
        List<int[]> reduced = [];
        var all = order == 1 ? [[.. words.SelectMany(word => word)]] : words;
        foreach (var word in all)
        {
            var canonical = order == 1 ? Sorted(word) : Cyclic(Reduced(word));
            if (canonical.Length > 0) reduced.Add(canonical);
            else factor *= order;
        }

        reduced.Sort(Compare);
        List<int[]> conjugate = [.. reduced.Select(word => order == 1 ? Sorted(Inverse(word)) : Cyclic(Inverse(word)))];
        conjugate.Sort(Compare);
        for (int i = 0; i < reduced.Count; i++)
        {
            int difference = Compare(reduced[i], conjugate[i]);
            if (difference != 0) return new(difference < 0 ? reduced : conjugate);
        }

        return new(reduced);
    }

    /// <summary>The inverse of a word.</summary>
    public static int[] Inverse(int[] word) => [.. word.Reverse().Select(letter => -letter)];

    /// <summary>A word without letters beside their adjoints, at its ends neither.</summary>
    public static int[] Reduced(int[] word)
    {
        List<int> rest = [];
        foreach (int letter in word)
        {
            if (rest.Count > 0 && rest[^1] == -letter) rest.RemoveAt(rest.Count - 1);
            else rest.Add(letter);
        }

        int ends = 0;
        while (rest.Count - (2 * ends) > 1 && rest[ends] == -rest[^(1 + ends)]) ends++;
        return [.. rest[ends..(rest.Count - ends)]];
    }

    /// <summary>The first of the cyclic forms of a word.</summary>
    public static int[] Cyclic(int[] word)
    {
        int[] first = word;
        for (int turn = 1; turn < word.Length; turn++)
        {
            int[] turned = [.. word[turn..], .. word[..turn]];
            if (Compare(turned, first) < 0) first = turned;
        }

        return first;
    }

    /// <inheritdoc/>
    public bool Equals(LoopMonomial? other) => other is not null && other.key == key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LoopMonomial);

    /// <inheritdoc/>
    public override int GetHashCode() => key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => key;

    /// <summary>The same for all monomials that translations and the given turns of the lattice take to each other or to their complex conjugates; where traces are real, a trace is that of its own inverse.</summary>
    public string Shape(LoopLetters letters, IReadOnlyList<(int[] Axes, int[] Signs)> turned, bool isReal)
    {
        string? least = null;
        foreach (var (axes, signs) in turned)
        {
            foreach (bool conjugate in (bool[])[false, true])
            {
                string shape = Shape(letters, axes, signs, conjugate, isReal);
                if (least is null || string.CompareOrdinal(shape, least) < 0) least = shape;
            }
        }

        return least ?? string.Empty;
    }

    private static int[] Sorted(int[] word)
    {
        List<int> rest = [];
        foreach (var group in word.GroupBy(Math.Abs).OrderBy(group => group.Key))
        {
            int sum = group.Sum(Math.Sign);
            rest.AddRange(Enumerable.Repeat(Math.Sign(sum) * group.Key, Math.Abs(sum)));
        }

        return [.. rest];
    }

    private static int Compare(int[] a, int[] b) => a.Length != b.Length ? a.Length - b.Length : a.AsSpan().SequenceCompareTo(b);

    private string Shape(LoopLetters letters, int[] axes, int[] signs, bool conjugate, bool isReal)
    {
        int dimensions = letters.Dimensions;
        List<List<(int[] At, int Step)>> loops = [];
        var least = new int[dimensions];
        foreach (var word in Words)
        {
            int[] steps = Reduced([.. (conjugate ? Inverse(word) : word).SelectMany(letter => letter > 0 ? letters.Paths[letter - 1] : Inverse(letters.Paths[-1 - letter]))]);
            var at = Start(letters, conjugate ? Inverse(word) : word, axes, signs);
            List<(int[], int)> loop = [];
            foreach (int step in steps)
            {
                int mu = axes[Math.Abs(step) - 1], sign = Math.Sign(step) * signs[Math.Abs(step) - 1];
                loop.Add(([.. at], sign * (mu + 1)));
                at[mu] += sign;
            }

            loops.Add(loop);
        }

        // The least coordinates over all sites of all loops.
        for (int nu = 0; nu < dimensions; nu++) least[nu] = loops.SelectMany(loop => loop).Min(step => step.At[nu]);
        List<string> texts = [];
        foreach (var loop in loops)
        {
            string text = Least([.. loop.Select(step => Text(step.At, least, step.Step))]);
            if (isReal)
            {
                string inverse = Least([.. Backwards(loop).Select(step => Text(step.At, least, step.Step))]);
                if (string.CompareOrdinal(inverse, text) < 0) text = inverse;
            }

            texts.Add(text);
        }

        texts.Sort(string.CompareOrdinal);
        return string.Join('|', texts);
    }

    private static IEnumerable<(int[] At, int Step)> Backwards(List<(int[] At, int Step)> loop)
    {
        for (int k = loop.Count - 1; k >= 0; k--) yield return (loop[(k + 1) % loop.Count].At, -loop[k].Step);
    }

    private static string Least(string[] parts)
    {
        string first = string.Concat(parts);
        for (int turn = 1; turn < parts.Length; turn++)
        {
            string text = string.Concat(parts[turn..].Concat(parts[..turn]));
            if (string.CompareOrdinal(text, first) < 0) first = text;
        }

        return first;
    }

    // Where a cyclically reduced path starts, if the whole one starts at the site.
    private static int[] Start(LoopLetters letters, int[] word, int[] axes, int[] signs)
    {
        List<int> rest = [];
        foreach (int step in word.SelectMany(letter => letter > 0 ? letters.Paths[letter - 1] : Inverse(letters.Paths[-1 - letter])))
        {
            if (rest.Count > 0 && rest[^1] == -step) rest.RemoveAt(rest.Count - 1);
            else rest.Add(step);
        }

        var at = new int[letters.Dimensions];
        for (int ends = 0; rest.Count - (2 * ends) > 1 && rest[ends] == -rest[^(1 + ends)]; ends++)
            at[axes[Math.Abs(rest[ends]) - 1]] += Math.Sign(rest[ends]) * signs[Math.Abs(rest[ends]) - 1];
        return at;
    }

    private static string Text(int[] at, int[] least, int step)
    {
        var text = new StringBuilder();
        for (int nu = 0; nu < at.Length; nu++) text.Append((char)('0' + at[nu] - least[nu]));
        return text.Append((char)('a' + 4 + step)).ToString();
    }
}
