using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>One replica in single precision on the CPU: the fallback without SIMD.</summary>
public readonly unsafe struct Single1 : IReal<Single1>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly float value;

    /// <summary>One replica.</summary>
    public Single1(float value) => this.value = value;

    /// <summary>The number.</summary>
    public float Value => value;

    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    [MethodImpl(Inline)]
    public static Single1 Of(double value) => new((float)value);

    [MethodImpl(Inline)]
    public static Single1 operator +(Single1 a, Single1 b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static Single1 operator -(Single1 a, Single1 b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static Single1 operator *(Single1 a, Single1 b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static Single1 operator /(Single1 a, Single1 b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static Single1 operator -(Single1 a) => new(-a.value);

    [MethodImpl(Inline)]
    public static Single1 Fma(Single1 a, Single1 b, Single1 c) => new(MathF.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Single1 Fnma(Single1 a, Single1 b, Single1 c) => new(MathF.FusedMultiplyAdd(-a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Single1 Sqrt(Single1 a) => new(MathF.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static Single1 Abs(Single1 a) => new(MathF.Abs(a.value));

    [MethodImpl(Inline)]
    public static Single1 Min(Single1 a, Single1 b) => new(a.value < b.value ? a.value : b.value);

    [MethodImpl(Inline)]
    public static Single1 Max(Single1 a, Single1 b) => new(b.value < a.value ? a.value : b.value);

    // Adding and subtracting 1.5·2^23 rounds to the nearest integer.
    [MethodImpl(Inline)]
    public static Single1 Round(Single1 a) => new((a.value + 12582912f) - 12582912f);

    [MethodImpl(Inline)]
    public static Single1 SelectLess(Single1 a, Single1 b, Single1 whenLess, Single1 otherwise) => a.value < b.value ? whenLess : otherwise;

    [MethodImpl(Inline)]
    public static bool AllLess(Single1 a, Single1 b) => a.value < b.value;

    // Adding 1.5·2^23 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static Single1 Pow2(Single1 n) => new(Number(Bits(n.value + (12582912f + 127f)) << 23));

    // The biased exponent becomes the low bits of a number in [2^23, 2^24).
    [MethodImpl(Inline)]
    public static Single1 Exponent(Single1 a) => new(Number((Bits(a.value) >> 23) | 0x4B000000U) - (8388608f + 127f));

    [MethodImpl(Inline)]
    public static Single1 Significand(Single1 a) => new(Number((Bits(a.value) & 0x007FFFFFU) | 0x3F800000U));

    [MethodImpl(Inline)]
    public static Single1 CopySign(Single1 a, Single1 b) => new(Number((Bits(a.value) & 0x7FFFFFFFU) | (Bits(b.value) & ~0x7FFFFFFFU)));

    [MethodImpl(Inline)]
    public static Single1 Load(in Reals<Single1> view, int e) => new(((float*)view.Host)[e]);

    [MethodImpl(Inline)]
    public static Single1 LoadShifted(in Reals<Single1> view, int e, in Table permutations, int shift) => Load(view, e);

    [MethodImpl(Inline)]
    public static void Store(in Reals<Single1> view, int e, Single1 value) => ((float*)view.Host)[e] = value.value;

    [MethodImpl(Inline)]
    public static Single1 Uniform(in Reals<Single1> view, int i) => new(((float*)view.Host)[i]);

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => ((int*)table.Host)[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, Single1 value) => ((double*)view.Host)[e * view.Width] += value.value;

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, Single1 value) => ((double*)view.Host)[e] += value.value;

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, Single1 value) => ((double*)view.Host)[e * view.Width] = value.value;

    [MethodImpl(Inline)]
    public static Single1 LoadFrom(in Sums view, int e) => new((float)((double*)view.Host)[e * view.Width]);

    [MethodImpl(Inline)]
    public static Single1 LoadLane(in Sums view, int e, int lane) => new((float)((double*)view.Host)[((long)e * view.Width) + lane]);

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        double sum = 0;
        for (int k = 0; k < count; k++) sum += ((double*)parts.Host)[(long)(first + (k * stride)) * parts.Width];
        ((double*)total.Host)[(long)e * total.Width] = sum * scale;
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, Single1 factor) => ((double*)view.Host)[(long)e * view.Width] *= factor.value;

    [MethodImpl(Inline)]
    private static uint Bits(float x) => BitConverter.SingleToUInt32Bits(x);

    [MethodImpl(Inline)]
    private static float Number(uint bits) => BitConverter.UInt32BitsToSingle(bits);
}
