using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// What a coupling moves and what it looks at, as links: active links with their open paths, further paths, and the loops whose traces are features. No path holds an active link.
/// </summary>
/// <param name="Nodes">The lattice that the network's nodes live on.</param>
/// <param name="Active">The active links, and the node of each.</param>
/// <param name="PathsOfOne">Open paths of an active link, from its end to its beginning.</param>
/// <param name="Paths">Links of each path, −1 − l where they are walked backwards: those of the first active link, of the second, …, then others.</param>
/// <param name="Loops">Loops: a closed path and −1, or two open ones with the same ends; a node, and the number of the loop among those of the node.</param>
/// <param name="LoopsOfNode">Loops of a node.</param>
public sealed record CouplingPaths(
    LatticeGeometry Nodes, (int Link, int Node)[] Active, int PathsOfOne, IReadOnlyList<int[]> Paths, IReadOnlyList<(int First, int Second, int Node, int Place)> Loops, int LoopsOfNode)
{
    /// <summary>Checks the promise that all paths are frozen, and that no link is active twice.</summary>
    /// <exception cref="InvalidOperationException">It is broken.</exception>
    public void Verify()
    {
        var active = Active.Select(one => one.Link).ToHashSet();
        if (active.Count != Active.Length) throw new InvalidOperationException("a link is active twice.");
        foreach (var path in Paths)
        {
            foreach (int entry in path)
            {
                int link = entry >= 0 ? entry : -1 - entry;
                if (active.Contains(link)) throw new InvalidOperationException($"a path holds link {link}, which moves.");
            }
        }
    }

    /// <summary>The same with the loops of these nodes alone, and without paths that nobody needs then.</summary>
    public CouplingPaths ReadBy(IEnumerable<int> nodes)
    {
        var read = nodes.ToHashSet();
        var loops = Loops.Where(loop => read.Contains(loop.Node)).ToArray();
        int own = Active.Length * PathsOfOne;
        int[] kept = [.. Enumerable.Range(0, own), .. loops.SelectMany(loop => new[] { loop.First, loop.Second }).Where(path => path >= own).Distinct().Order()];
        var places = kept.Select((path, place) => (path, place)).ToDictionary();
        return this with
        {
            Paths = [.. kept.Select(path => Paths[path])],
            Loops = [.. loops.Select(loop => (places[loop.First], loop.Second < 0 ? -1 : places[loop.Second], loop.Node, loop.Place))],
        };
    }

    /// <summary>All pairs of the open paths of each active link as loops of its node.</summary>
    public static IReadOnlyList<(int First, int Second, int Node, int Place)> Pairs((int Link, int Node)[] active, int pathsOfOne)
    {
        List<(int, int, int, int)> loops = [];
        for (int a = 0; a < active.Length; a++)
        {
            int place = 0;
            for (int j = 0; j < pathsOfOne; j++)
            {
                for (int k = j + 1; k < pathsOfOne; k++) loops.Add(((a * pathsOfOne) + j, (a * pathsOfOne) + k, active[a].Node, place++));
            }
        }

        return loops;
    }
}
