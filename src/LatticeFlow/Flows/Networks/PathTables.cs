using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>The tables of <see cref="Kernels.Flows.PathOperands{T}"/> and of the loops made of paths.</summary>
internal sealed class PathTables<T>
    where T : unmanaged, IReal<T>
{
    public PathTables(LayerContext<T> context, CouplingPaths paths, int featuresOfLoop)
    {
        List<int> starts = [0], entries = [];
        SortedDictionary<int, List<(int Path, int Place)>> uses = [];
        for (int path = 0; path < paths.Paths.Count; path++)
        {
            for (int place = 0; place < paths.Paths[path].Length; place++)
            {
                int entry = paths.Paths[path][place], link = entry >= 0 ? entry : -1 - entry;
                entries.Add(entry);
                if (!uses.TryGetValue(link, out var list)) uses[link] = list = [];
                list.Add((path, place));
            }

            starts.Add(entries.Count);
        }

        List<int> firsts = [], occurrences = [];
        foreach (var (link, list) in uses)
        {
            firsts.AddRange([link, occurrences.Count / 2]);
            foreach (var (path, place) in list) occurrences.AddRange([path, place]);
        }

        firsts.AddRange([-1, occurrences.Count / 2]);
        var loopsOfPaths = Enumerable.Range(0, paths.Paths.Count).Select(_ => new List<int>()).ToArray();
        for (int loop = 0; loop < paths.Loops.Count; loop++)
        {
            loopsOfPaths[paths.Loops[loop].First].Add(loop);
            if (paths.Loops[loop].Second >= 0) loopsOfPaths[paths.Loops[loop].Second].Add(loop);
        }

        List<int> startsOfPaths = [0];
        foreach (var list in loopsOfPaths) startsOfPaths.Add(startsOfPaths[^1] + list.Count);
        UsedLinks = uses.Count;
        Starts = context.Table([.. starts]);
        Entries = context.Table([.. entries]);
        Uses = context.Table([.. firsts]);
        Occurrences = context.Table([.. occurrences]);
        Active = context.Table([.. paths.Active.SelectMany(one => new[] { one.Link, one.Node })]);
        Loops = context.Table([.. paths.Loops.SelectMany(loop => new[] { loop.First, loop.Second, loop.Node, loop.Place * featuresOfLoop })]);
        StartsOfPaths = context.Table([.. startsOfPaths]);
        LoopsOfPaths = context.Table([.. loopsOfPaths.SelectMany(list => list)]);
    }

    public int UsedLinks { get; }

    public IndexTable Starts { get; }

    public IndexTable Entries { get; }

    public IndexTable Uses { get; }

    public IndexTable Occurrences { get; }

    public IndexTable Active { get; }

    public IndexTable Loops { get; }

    public IndexTable StartsOfPaths { get; }

    public IndexTable LoopsOfPaths { get; }
}
