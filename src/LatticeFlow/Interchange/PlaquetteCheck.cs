using System.Globalization;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>Whether links have the plaquette that their file states, and whether its extents are in the right order: the plaquette notices, lengths and checksums do not.</summary>
internal static class PlaquetteCheck
{
    public const string NotStated = "states no plaquette, so the order of its extents, sites and directions could not be checked by it";

    /// <summary>Throws <see cref="StorageException"/> with exit code 4 when a stated value is not that of the links; the message names the order of the extents with which it would be.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="configuration">The links as read.</param>
    /// <param name="measured">Their mean of Re tr P / N.</param>
    /// <param name="what">Where it is stated, such as <c>its header says PLAQUETTE</c>.</param>
    /// <param name="stated">The value.</param>
    /// <param name="tolerance">Of the difference, in units of the mean of Re tr P / N.</param>
    /// <param name="norms">The values on the trivial configuration that writers use: 1, N.</param>
    public static void Require(string path, GaugeConfiguration configuration, double measured, string what, double stated, double tolerance, params double[] norms)
    {
        if (Agrees(measured))
            return;
        string said = string.Create(CultureInfo.InvariantCulture, $"has the mean plaquette {measured:G10}, {what} {stated:G10}");
        foreach (var other in Permuted(configuration))
        {
            if (Agrees(GaugeMeasurement.MeanPlaquette(other)))
            {
                throw new StorageException(
                    path, $"{said}, which its links have on {GaugeDescription.Extents(other.Lattice)}: the extents {GaugeDescription.Extents(configuration.Lattice)} (x, y, z, t) are in another order",
                    "Correct the extents, or restore the file from a copy");
            }
        }

        throw new StorageException(path, said, "The description belongs to other links, or its dimensions are in another order: restore the file from a copy");

        bool Agrees(double plaquette) => norms.Any(norm => Math.Abs(plaquette - (stated / norm)) <= tolerance);
    }

    /// <summary>
    /// For files that state no plaquette: a sentence when the mean plaquette is what random links have (below five deviations 1/(N √(2·planes·V))) and is far from it (ten) with the extents in another order.
    /// </summary>
    public static string? OrderWarning(GaugeConfiguration configuration, double measured)
    {
        double deviation = 1 / (configuration.N * Math.Sqrt(2.0 * configuration.Lattice.Plaquettes));
        if (Math.Abs(measured) >= 5 * deviation)
            return null;
        // Some planes keep their loops in a wrong order too, so the largest is the right one.
        var (best, plaquette) = Permuted(configuration).Select(other => (Links: other, Value: GaugeMeasurement.MeanPlaquette(other))).DefaultIfEmpty((Links: configuration, Value: measured)).MaxBy(other => Math.Abs(other.Value));
        return Math.Abs(plaquette) < 10 * deviation
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"has the mean plaquette {measured:G6} with the extents {GaugeDescription.Extents(configuration.Lattice)}, as random links have, and {plaquette:G6} with {GaugeDescription.Extents(best.Lattice)} (x, y, z, t): they are probably in that order");
    }

    /// <summary>The same numbers on the lattices with these extents in another order.</summary>
    private static IEnumerable<GaugeConfiguration> Permuted(GaugeConfiguration configuration)
    {
        int[] own = [.. configuration.Lattice.Extents];
        foreach (int[] extents in Orders(own).DistinctBy(order => string.Join('x', order)).Where(order => !order.AsSpan().SequenceEqual(own)))
            yield return new(new LatticeGeometry(extents), configuration.N, configuration.Links);
    }

    private static IEnumerable<int[]> Orders(int[] extents)
    {
        if (extents.Length == 1)
        {
            yield return extents;
            yield break;
        }

        for (int at = 0; at < extents.Length; at++)
        {
            foreach (int[] rest in Orders([.. extents[..at], .. extents[(at + 1)..]]))
                yield return [extents[at], .. rest];
        }
    }
}
