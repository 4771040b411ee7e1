using LatticeFlow.Groups;

namespace LatticeFlow.Storage;

/// <summary>Between the numbers of links in chains (see <see cref="GaugeGroup.Components"/>) and those in files: angles of U(1), N×N matrices of SU(N) with interleaved real and imaginary parts.</summary>
public static class StoredLinks
{
    /// <summary>Numbers of a link in a file: 1 for U(1), else 2N².</summary>
    public static int Numbers(GaugeGroup group) => group == GaugeGroup.U1 ? 1 : 2 * group.Order * group.Order;

    /// <summary>The links as they are stored, in the same order.</summary>
    public static double[] Of(GaugeGroup group, ReadOnlySpan<double> links)
    {
        int numbers = Numbers(group), components = group.Components;
        if (numbers == 1) return links.ToArray();
        var stored = new double[links.Length / components * numbers];
        for (int link = 0; link < links.Length / components; link++) group.ToMatrix(links.Slice(link * components, components), stored.AsSpan(link * numbers, numbers));
        return stored;
    }

    /// <summary>The reverse of <see cref="Of"/>, to the bit.</summary>
    public static double[] Read(GaugeGroup group, ReadOnlySpan<double> stored)
    {
        int numbers = Numbers(group), components = group.Components;
        if (numbers == 1) return stored.ToArray();
        var links = new double[stored.Length / numbers * components];
        for (int link = 0; link < stored.Length / numbers; link++) group.FromMatrix(stored.Slice(link * numbers, numbers), links.AsSpan(link * components, components));
        return links;
    }
}
