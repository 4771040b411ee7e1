namespace LatticeFlow.Analysis;

/// <summary>
/// How often chains change between topological sectors. A chain that seldom does looks converged: what it has not visited is in no sum. The number of changes says how many independent visits its averages over sectors
/// rest on.
/// </summary>
/// <param name="Changes">Stored configurations of a charge other than that of the one before, all chains together.</param>
/// <param name="Fewest">The same of the chain with the fewest.</param>
/// <param name="Chains">Chains.</param>
/// <param name="Configurations">All together.</param>
public sealed record SectorChanges(long Changes, long Fewest, int Chains, long Configurations)
{
    // P(no visit in n independent ones) = (1 − p)ⁿ = 5 % at p = 3/n.
    private const double VisitsAt95Percent = 3;

    /// <summary>Of integer charges, <c>[chain][configuration]</c>; values are rounded.</summary>
    public static SectorChanges Of(IReadOnlyList<double[]> charges)
    {
        ArgumentNullException.ThrowIfNull(charges);
        long[] changes = [.. charges.Select(Count)];
        return new(changes.Sum(), changes.Min(), charges.Count, charges.Sum(chain => (long)chain.Length));
    }

    /// <summary>Configurations to a visit: the time scale of changes, N/(changes + chains), as each chain starts with a visit.</summary>
    public double Time => Configurations / (double)(Changes + Chains);

    /// <summary>At 95 % confidence, the largest probability that sectors of no configuration can have together, from so many visits; at most 1. It takes starts of chains for visits, so that it is only as good as the thermalization.</summary>
    public double UnvisitedLimit => Math.Min(1, VisitsAt95Percent / (Changes + Chains));

    private static long Count(double[] chain)
    {
        long changes = 0;
        for (int i = 1; i < chain.Length; i++)
        {
            if (Math.Round(chain[i]) != Math.Round(chain[i - 1])) changes++;
        }

        return changes;
    }
}
