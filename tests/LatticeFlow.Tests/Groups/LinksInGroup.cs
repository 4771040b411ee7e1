using System.Numerics;
using LatticeFlow.Groups;

namespace LatticeFlow.Tests;

/// <summary>How far links are from their group, by plain loops.</summary>
internal static class LinksInGroup
{
    /// <summary>The largest |(U U†)_ij − δ_ij| of links, <c>[link][component]</c>; of angles 0 in (−π, π], else infinity.</summary>
    public static double LargestDistance(GaugeGroup group, ReadOnlySpan<double> links)
    {
        double largest = 0;
        if (group == GaugeGroup.U1)
        {
            foreach (double angle in links) largest = Math.Max(largest, angle is > -Math.PI and <= Math.PI ? 0 : double.PositiveInfinity);
            return largest;
        }

        int order = group.Order;
        var numbers = new double[2 * order * order];
        var u = new Complex[order * order];
        var product = new Complex[order * order];
        for (int first = 0; first < links.Length; first += group.Components)
        {
            group.ToMatrix(links.Slice(first, group.Components), numbers);
            for (int i = 0; i < u.Length; i++) u[i] = new(numbers[2 * i], numbers[(2 * i) + 1]);
            HostLinks.Multiply(order, u, false, u, true, product);
            for (int i = 0; i < order; i++) product[i * (order + 1)] -= 1;
            largest = Math.Max(largest, product.Max(Complex.Abs));
        }

        return largest;
    }
}
