using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>Collects sites into the groups of four with equal tap lists that <see cref="Convolution{T}"/> works on.</summary>
public sealed class SiteGroups
{
    private readonly Dictionary<string, (int[] Taps, List<(int Site, int[] Inputs)> Sites)> byTaps = [];
    private int[]? plan;
    private int[]? starts;

    /// <summary>Adds an output site with the taps that reach it and where each of them reads.</summary>
    public void Add(int site, int[] taps, Func<int, int> input)
    {
        string key = string.Join(',', taps);
        if (!byTaps.TryGetValue(key, out var group)) byTaps[key] = group = (taps, []);
        group.Sites.Add((site, [.. taps.Select(input)]));
        plan = null;
    }

    /// <summary>The plan, see <see cref="ConvolutionPlan"/>.</summary>
    public int[] Plan
    {
        get
        {
            Build();
            return plan!;
        }
    }

    /// <summary>Where each group starts in the plan.</summary>
    public int[] Starts
    {
        get
        {
            Build();
            return starts!;
        }
    }

    private void Build()
    {
        if (plan is not null) return;
        var table = new List<int>();
        var positions = new List<int>();
        foreach (var (taps, sites) in byTaps.Values)
        {
            for (int first = 0; first < sites.Count; first += ConvolutionPlan.Sites)
            {
                positions.Add(table.Count);
                var four = Enumerable.Range(first, ConvolutionPlan.Sites).Select(i => sites[Math.Min(i, sites.Count - 1)]).ToArray();
                table.Add(taps.Length);
                table.AddRange(four.Select(s => s.Site));
                for (int t = 0; t < taps.Length; t++)
                {
                    table.Add(taps[t]);
                    table.AddRange(four.Select(s => s.Inputs[t]));
                }
            }
        }

        plan = [.. table];
        starts = [.. positions];
    }
}
