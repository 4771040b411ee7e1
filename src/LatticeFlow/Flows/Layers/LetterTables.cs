using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>The links of all letters of a potential at all sites of a lattice, as <see cref="Kernels.Flows.LetterOperands{T}"/> wants them.</summary>
internal sealed class LetterTables
{
    public LetterTables(ContinuousSchedule schedule, LatticeGeometry lattice)
    {
        var letters = schedule.Potential.Letters;
        List<int> starts = [0], entries = [];
        var uses = Enumerable.Range(0, lattice.Links).Select(_ => new List<int>()).ToArray();
        var paths = schedule.Tables.Letters.Select(letter => letters.Links(letter).ToArray()).ToArray();
        for (int site = 0; site < lattice.Volume; site++)
        {
            foreach (var path in paths)
            {
                foreach (var (at, mu, isForward) in path)
                {
                    int from = site;
                    for (int nu = 0; nu < lattice.Dimensions; nu++) from = lattice.Neighbour(from, nu, at[nu]);
                    int link = lattice.Link(from, mu);
                    uses[link].Add(entries.Count);
                    entries.Add(isForward ? link : -1 - link);
                }

                starts.Add(entries.Count);
            }
        }

        List<int> firsts = [0];
        foreach (var list in uses) firsts.Add(firsts[^1] + list.Count);
        Starts = [.. starts];
        Entries = [.. entries];
        FirstUses = [.. firsts];
        Uses = [.. uses.SelectMany(list => list)];
    }

    public int[] Starts { get; }

    public int[] Entries { get; }

    public int[] FirstUses { get; }

    public int[] Uses { get; }
}
