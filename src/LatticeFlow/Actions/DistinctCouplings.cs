namespace LatticeFlow.Actions;

/// <summary>The different couplings that loops have: v_i^(k), k = 0 … K − 1, numbered in the order in which they are met.</summary>
internal sealed class DistinctCouplings(int components)
{
    // A tuple is found number by number: what the first k numbers have led to, and the next one.
    private readonly Dictionary<(int Before, double Next), int>[] steps = [.. Enumerable.Range(0, components).Select(_ => new Dictionary<(int, double), int>())];
    private readonly List<double>[] values = [.. Enumerable.Range(0, components).Select(_ => new List<double>())];

    /// <summary>v_i^(k), <c>[k][i]</c>.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Components => values;

    /// <summary>The number i of these K couplings.</summary>
    public int NumberOf(ReadOnlySpan<double> couplings)
    {
        int number = 0;
        bool isNew = false;
        for (int k = 0; k < couplings.Length; k++)
        {
            if (!steps[k].TryGetValue((number, couplings[k]), out int next))
            {
                next = steps[k].Count;
                steps[k].Add((number, couplings[k]), next);
                isNew = true;
            }

            number = next;
        }

        if (!isNew) return number;
        for (int k = 0; k < couplings.Length; k++) values[k].Add(couplings[k]);
        return number;
    }
}
