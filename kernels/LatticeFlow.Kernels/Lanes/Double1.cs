using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>One replica in double precision on the CPU: the reference every other lane type is compared with.</summary>
public readonly unsafe struct Double1 : IReal64<Double1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly double value;

    /// <summary>One replica.</summary>
    public Double1(double value) => this.value = value;

    /// <summary>The number.</summary>
    public double Value => value;

    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    public static int Bytes => 8;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    [MethodImpl(Inline)]
    public static Double1 Of(double value) => new(value);

    [MethodImpl(Inline)]
    public static Double1 operator +(Double1 a, Double1 b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static Double1 operator -(Double1 a, Double1 b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static Double1 operator *(Double1 a, Double1 b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static Double1 operator /(Double1 a, Double1 b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static Double1 operator -(Double1 a) => new(-a.value);

    [MethodImpl(Inline)]
    public static Double1 Fma(Double1 a, Double1 b, Double1 c) => new(Math.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Double1 Fnma(Double1 a, Double1 b, Double1 c) => new(Math.FusedMultiplyAdd(-a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Double1 Sqrt(Double1 a) => new(Math.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static Double1 Abs(Double1 a) => new(Math.Abs(a.value));

    [MethodImpl(Inline)]
    public static Double1 Min(Double1 a, Double1 b) => new(a.value < b.value ? a.value : b.value);

    [MethodImpl(Inline)]
    public static Double1 Max(Double1 a, Double1 b) => new(b.value < a.value ? a.value : b.value);

    // Adding and subtracting 1.5·2^52 rounds to the nearest integer.
    [MethodImpl(Inline)]
    public static Double1 Round(Double1 a) => new((a.value + 6755399441055744.0) - 6755399441055744.0);

    [MethodImpl(Inline)]
    public static Double1 SelectLess(Double1 a, Double1 b, Double1 whenLess, Double1 otherwise) => a.value < b.value ? whenLess : otherwise;

    [MethodImpl(Inline)]
    public static bool AllLess(Double1 a, Double1 b) => a.value < b.value;

    // Adding 1.5·2^52 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static Double1 Pow2(Double1 n) => new(Number(Bits(n.value + (6755399441055744.0 + 1023.0)) << 52));

    // The biased exponent becomes the low bits of a number in [2^52, 2^53).
    [MethodImpl(Inline)]
    public static Double1 Exponent(Double1 a) => new(Number((Bits(a.value) >> 52) | 0x4330000000000000UL) - (4503599627370496.0 + 1023.0));

    [MethodImpl(Inline)]
    public static Double1 Significand(Double1 a) => new(Number((Bits(a.value) & 0x000FFFFFFFFFFFFFUL) | 0x3FF0000000000000UL));

    [MethodImpl(Inline)]
    public static Double1 CopySign(Double1 a, Double1 b) => new(Number((Bits(a.value) & 0x7FFFFFFFFFFFFFFFUL) | (Bits(b.value) & ~0x7FFFFFFFFFFFFFFFUL)));

    [MethodImpl(Inline)]
    public static Double1 Load(in Reals<Double1> view, int e) => new(((double*)view.Host)[e]);

    [MethodImpl(Inline)]
    public static Double1 LoadShifted(in Reals<Double1> view, int e, in Table permutations, int shift) => Load(view, e);

    [MethodImpl(Inline)]
    public static void Store(in Reals<Double1> view, int e, Double1 value) => ((double*)view.Host)[e] = value.value;

    [MethodImpl(Inline)]
    public static Double1 Uniform(in Reals<Double1> view, int i) => new(((double*)view.Host)[i]);

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => ((int*)table.Host)[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, Double1 value) => ((double*)view.Host)[e * view.Width] += value.value;

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, Double1 value) => ((double*)view.Host)[e] += value.value;

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, Double1 value) => ((double*)view.Host)[e * view.Width] = value.value;

    [MethodImpl(Inline)]
    public static Double1 LoadFrom(in Sums view, int e) => new(((double*)view.Host)[e * view.Width]);

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        var sum = Of(0);
        for (int k = 0; k < count; k++) sum += LoadFrom(parts, first + (k * stride));
        StoreTo(total, e, sum * Of(scale));
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, Double1 factor) => StoreTo(view, e, LoadFrom(view, e) * factor);

    [MethodImpl(Inline)]
    public static Double1 Word(uint word) => new(Number(word));

    [MethodImpl(Inline)]
    public static Double1 Consecutive(uint first) => new(Number(first));

    [MethodImpl(Inline)]
    public static Double1 Words(in Table table, int i, int lane) => new(Number((uint)((int*)table.Host)[i]));

    [MethodImpl(Inline)]
    public static Double1 LoadLane(in Sums view, int e, int lane) => new(((double*)view.Host)[((long)e * view.Width) + lane]);

    [MethodImpl(Inline)]
    public static Double1 MultiplyWords(Double1 a, Double1 b) => new(Number((Bits(a.value) & 0xFFFFFFFFUL) * (Bits(b.value) & 0xFFFFFFFFUL)));

    [MethodImpl(Inline)]
    public static Double1 HighWord(Double1 a) => new(Number(Bits(a.value) >> 32));

    [MethodImpl(Inline)]
    public static Double1 LowWord(Double1 a) => new(Number(Bits(a.value) & 0xFFFFFFFFUL));

    [MethodImpl(Inline)]
    public static Double1 AddWords(Double1 a, Double1 b) => new(Number((Bits(a.value) + Bits(b.value)) & 0xFFFFFFFFUL));

    [MethodImpl(Inline)]
    public static Double1 XorWords(Double1 a, Double1 b) => new(Number(Bits(a.value) ^ Bits(b.value)));

    // The upper 52 bits become the fraction of a number in [1, 2); subtracting 1 − 2⁻⁵³ centres it in its bin.
    [MethodImpl(Inline)]
    public static Double1 UnitInterval(Double1 high, Double1 low) =>
        new(Number((((Bits(high.value) << 32) | Bits(low.value)) >> 12) | 0x3FF0000000000000UL) - (1.0 - 1.1102230246251565e-16));

    [MethodImpl(Inline)]
    private static ulong Bits(double x) => BitConverter.DoubleToUInt64Bits(x);

    [MethodImpl(Inline)]
    private static double Number(ulong bits) => BitConverter.UInt64BitsToDouble(bits);
}
