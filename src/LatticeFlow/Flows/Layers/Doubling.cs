using LatticeFlow.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// The layers of a multiscale flow: it starts on a lattice of spacing 2^levels and doubles it again and again, direction by direction; the links at inserted coordinates are mapped one direction
/// after the other, given the two frozen staples between which they stand. In two dimensions these staples are all that their distribution depends on.
/// </summary>
public static class Doubling
{
    /// <summary>The layers, coarsest level first. <paramref name="maps"/> makes the couplings of the links of a mask.</summary>
    public static IEnumerable<IFlowLayer> Layers(int dimensions, int levels, Func<InsertedLinks, IEnumerable<IFlowLayer>> maps)
    {
        int period = 1 << levels;
        var level = LevelPattern.Coarse(dimensions, period);
        for (int spacing = period / 2; spacing >= 1; spacing /= 2)
        {
            int[] inserted = [.. Enumerable.Range(0, period / spacing).Where(k => k % 2 == 1).Select(k => k * spacing)];
            for (int mu = 0; mu < dimensions; mu++)
            {
                yield return new LevelSplit(level, mu, inserted);
                level = level.With(mu, inserted);
                for (int nu = 0; nu < dimensions; nu++)
                {
                    if (nu == mu) continue;
                    foreach (var layer in maps(new InsertedLinks(level, mu, nu, inserted))) yield return layer;
                }
            }
        }
    }

    /// <summary>Spectral couplings of the links of a mask, one with each pair of weights of the two staples.</summary>
    public static IEnumerable<IFlowLayer> SpectralMaps(
        GaugeGroup group, int dimensions, InsertedLinks mask, IReadOnlyList<IReadOnlyList<double>> weights, SpectralOptions options) =>
        weights.Select(pair => options.Create(group, dimensions, mask, pair));
}

/// <summary>What all spectral couplings of a flow share.</summary>
public sealed record SpectralOptions(int Bins, int Orders, int Powers, IReadOnlyList<int> Hidden, int KernelSize, int Activation, bool LearnsWeights = true, bool HalfAngle = false)
{
    /// <summary>A coupling with these options.</summary>
    public SpectralCoupling Create(GaugeGroup group, int dimensions, ICouplingMask mask, IReadOnlyList<double> weights) =>
        new(mask, weights, LearnsWeights, Bins, Orders, Powers, HalfAngle, Hidden, KernelSize, Activation) { Group = group, Dimensions = dimensions };
}
