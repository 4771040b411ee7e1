using System.Numerics;

namespace LatticeFlow.Compute;

/// <summary>Moves numbers between <c>[element][lane]</c> and <c>[replica][element]</c>.</summary>
internal static class Transpose
{
    public static void FromLanes<TNumber>(ReadOnlySpan<TNumber> tile, Span<double> replicas, int width, int lanes)
        where TNumber : unmanaged, INumber<TNumber>
    {
        int elements = replicas.Length / lanes;
        for (int lane = 0; lane < lanes; lane++)
        {
            var one = replicas.Slice(lane * elements, elements);
            for (int e = 0; e < one.Length; e++) one[e] = double.CreateTruncating(tile[(e * width) + lane]);
        }
    }

    public static void ToLanes<TNumber>(ReadOnlySpan<double> replicas, Span<TNumber> tile, int width, int lanes)
        where TNumber : unmanaged, INumber<TNumber>
    {
        int elements = replicas.Length / lanes;
        for (int lane = 0; lane < width; lane++)
        {
            var one = replicas.Slice(Math.Min(lane, lanes - 1) * elements, elements);
            for (int e = 0; e < one.Length; e++) tile[(e * width) + lane] = TNumber.CreateTruncating(one[e]);
        }
    }
}
