using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>Collects sites into groups with equal tap lists that <see cref="Convolution{T}"/> works on.</summary>
public sealed class SiteGroups
{
    private readonly Dictionary<string, (int[] Taps, List<(int Site, int[] Inputs)> Sites)> byTaps = [];

    /// <summary>Adds an output site with the taps that reach it and where each of them reads.</summary>
    public void Add(int site, int[] taps, Func<int, int> input)
    {
        string key = string.Join(',', taps);
        if (!byTaps.TryGetValue(key, out var group)) byTaps[key] = group = (taps, []);
        group.Sites.Add((site, [.. taps.Select(input)]));
    }

    /// <summary>
    /// The plan and where each group starts in it, see <see cref="ConvolutionPlan"/>, for fields of these numbers of elements a site.
    /// </summary>
    /// <param name="size">Sites of a group, <see cref="Convolution{T}.Sites"/>.</param>
    /// <param name="inputStride">Elements of a site in the input.</param>
    /// <param name="outputStride">Elements of a site in the output.</param>
    public (int[] Plan, int[] Starts) Build(int size, int inputStride, int outputStride)
    {
        var plan = new List<int>();
        var starts = new List<int>();
        foreach (var (taps, sites) in byTaps.Values)
        {
            for (int first = 0; first < sites.Count; first += size)
            {
                starts.Add(plan.Count);
                var group = Enumerable.Range(first, size).Select(i => sites[Math.Min(i, sites.Count - 1)]).ToArray();
                plan.Add(taps.Length);
                plan.AddRange(group.Select(s => s.Site * outputStride));
                for (int t = 0; t < taps.Length; t++)
                {
                    plan.Add(taps[t] * inputStride * ConvolutionPlan.Channels);
                    plan.AddRange(group.Select(s => s.Inputs[t] * inputStride));
                }
            }
        }

        return ([.. plan], [.. starts]);
    }
}
