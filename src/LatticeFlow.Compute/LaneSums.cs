using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LatticeFlow.Compute;

/// <summary>Sums over the lanes of <c>[element][lane]</c> in double: four partial sums of every fourth lane each, then these.</summary>
internal static class LaneSums
{
    /// <summary>Adds the sum of the lanes of every element to <paramref name="sums"/>.</summary>
    public static void Add(ReadOnlySpan<float> tile, Span<double> sums, int width)
    {
        if (width % 8 != 0 || !Vector256.IsHardwareAccelerated)
        {
            AddOneByOne(tile, sums, width);
            return;
        }

        ref float first = ref MemoryMarshal.GetReference(tile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tile.Length, sums.Length * width);
        for (int e = 0; e < sums.Length; e++)
        {
            var sum = Vector256<double>.Zero;
            for (int lane = 0; lane < width; lane += 8)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref first, (nuint)((e * width) + lane)));
                sum += low + high;
            }

            sums[e] += Vector256.Sum(sum);
        }
    }

    /// <summary>Adds the sum of the lanes of every element to <paramref name="sums"/>.</summary>
    public static void Add(ReadOnlySpan<double> tile, Span<double> sums, int width)
    {
        if (width % 4 != 0 || !Vector256.IsHardwareAccelerated)
        {
            AddOneByOne(tile, sums, width);
            return;
        }

        ref double first = ref MemoryMarshal.GetReference(tile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tile.Length, sums.Length * width);
        for (int e = 0; e < sums.Length; e++)
        {
            var sum = Vector256<double>.Zero;
            for (int lane = 0; lane < width; lane += 4) sum += Vector256.LoadUnsafe(ref first, (nuint)((e * width) + lane));
            sums[e] += Vector256.Sum(sum);
        }
    }

    private static void AddOneByOne<TNumber>(ReadOnlySpan<TNumber> tile, Span<double> sums, int width)
        where TNumber : unmanaged, System.Numerics.INumber<TNumber>
    {
        for (int e = 0; e < sums.Length; e++)
        {
            double sum = 0;
            foreach (var x in tile.Slice(e * width, width)) sum += double.CreateTruncating(x);
            sums[e] += sum;
        }
    }
}
