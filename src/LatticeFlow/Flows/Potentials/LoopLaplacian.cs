namespace LatticeFlow.Flows;

/// <summary>The Laplacian Σ_links Σ_a ∂_a ∂_a of monomials in letters, as a sum of such monomials.</summary>
/// <remarks>
/// Σ_a (T_a)_ij (T_a)_kl = ½ (δ_il δ_jk − δ_ij δ_kl/N): two generators put into one trace, tr(X T_a Y T_a) → ½ (tr X tr Y − tr XY/N), or into two, tr(X T_a) tr(Y T_a) → ½ (tr XY − tr X tr Y/N). P → e^{isT} P puts iT before P and −iT
/// behind P†, P → P e^{isT} puts iT behind P and −iT before P†. Of U(1) the generator is 1.
/// </remarks>
public static class LoopLaplacian
{
    /// <summary>Lap M.</summary>
    public static Dictionary<LoopMonomial, double> Of(LoopMonomial monomial, LoopLetters letters, int order)
    {
        Dictionary<LoopMonomial, double> sum = [];
        foreach (var turns in letters.Turns)
        {
            List<(int Word, int Gap, int Sign)> places = [];
            foreach (var (letter, isLeft, sign) in turns)
            {
                for (int w = 0; w < monomial.Words.Count; w++)
                {
                    var word = monomial.Words[w];
                    for (int p = 0; p < word.Length; p++)
                    {
                        if (Math.Abs(word[p]) != letter + 1) continue;
                        bool plain = word[p] > 0;
                        places.Add((w, plain == isLeft ? p : p + 1, plain ? sign : -sign));
                    }
                }
            }

            foreach (var first in places)
            {
                foreach (var second in places) AddPair(sum, monomial, first, second, order);
            }
        }

        return sum;
    }

    private static void AddPair(Dictionary<LoopMonomial, double> sum, LoopMonomial monomial, (int Word, int Gap, int Sign) first, (int Word, int Gap, int Sign) second, int order)
    {
        // (i T_a)(i T_a) and the signs of adjoints and of turns from the right.
        double scale = -first.Sign * second.Sign;
        if (order == 1)
        {
            Add(sum, monomial.Words, scale, order);
            return;
        }

        var others = monomial.Words.Where((_, w) => w != first.Word && w != second.Word).ToList();
        int[] a = monomial.Words[first.Word], b = monomial.Words[second.Word];
        if (first.Word == second.Word)
        {
            int low = Math.Min(first.Gap, second.Gap), high = Math.Max(first.Gap, second.Gap);
            Add(sum, [.. others, a[low..high], [.. a[high..], .. a[..low]]], 0.5 * scale, order);
            Add(sum, [.. others, a], -0.5 * scale / order, order);
            return;
        }

        Add(sum, [.. others, [.. a[first.Gap..], .. a[..first.Gap], .. b[second.Gap..], .. b[..second.Gap]]], 0.5 * scale, order);
        Add(sum, [.. others, a, b], -0.5 * scale / order, order);
    }

    private static void Add(Dictionary<LoopMonomial, double> sum, IEnumerable<int[]> words, double coefficient, int order)
    {
        var monomial = LoopMonomial.Of(words, order, out double factor);
        sum[monomial] = sum.GetValueOrDefault(monomial) + (factor * coefficient);
    }
}
