using System.Numerics;

namespace LatticeFlow.Compute;

/// <summary>Moves numbers between <c>[element][lane]</c> and <c>[replica][element]</c>.</summary>
internal static class Transpose
{
    public static void FromLanes<TNumber>(ReadOnlySpan<TNumber> tile, Span<double> replicas, int width, int lanes)
        where TNumber : unmanaged, INumber<TNumber> => FromLanes(tile, replicas, width, lanes, replicas.Length / lanes, replicas.Length / lanes);

    /// <summary>As above for a part of the elements: those of a lane begin <paramref name="stride"/> numbers after those of the lane before.</summary>
    public static void FromLanes<TNumber>(ReadOnlySpan<TNumber> tile, Span<double> replicas, int width, int lanes, int elements, int stride)
        where TNumber : unmanaged, INumber<TNumber>
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            var one = replicas.Slice(lane * stride, elements);
            for (int e = 0; e < one.Length; e++) one[e] = double.CreateTruncating(tile[(e * width) + lane]);
        }
    }

    public static void ToLanes<TNumber>(ReadOnlySpan<double> replicas, Span<TNumber> tile, int width, int lanes)
        where TNumber : unmanaged, INumber<TNumber> => ToLanes(replicas, tile, width, lanes, replicas.Length / lanes, replicas.Length / lanes);

    /// <summary>The reverse; lanes without numbers repeat the last one.</summary>
    public static void ToLanes<TNumber>(ReadOnlySpan<double> replicas, Span<TNumber> tile, int width, int lanes, int elements, int stride)
        where TNumber : unmanaged, INumber<TNumber>
    {
        for (int lane = 0; lane < width; lane++)
        {
            var one = replicas.Slice(Math.Min(lane, lanes - 1) * stride, elements);
            for (int e = 0; e < one.Length; e++) tile[(e * width) + lane] = TNumber.CreateTruncating(one[e]);
        }
    }
}
