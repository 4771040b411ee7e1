using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>Four replicas in double precision: one AVX2 register.</summary>
public readonly unsafe struct Double4 : IReal64<Double4>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector256<double> value;

    /// <summary>The lanes of a register.</summary>
    public Double4(Vector256<double> value) => this.value = value;

    /// <summary>The register.</summary>
    public Vector256<double> Value => value;

    /// <inheritdoc/>
    public static int Width => 4;

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    [MethodImpl(Inline)]
    public static Double4 Of(double value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static Double4 operator +(Double4 a, Double4 b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static Double4 operator -(Double4 a, Double4 b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static Double4 operator *(Double4 a, Double4 b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static Double4 operator /(Double4 a, Double4 b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static Double4 operator -(Double4 a) => new(-a.value);

    [MethodImpl(Inline)]
    public static Double4 Fma(Double4 a, Double4 b, Double4 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Double4 Fnma(Double4 a, Double4 b, Double4 c) => new(System.Runtime.Intrinsics.X86.Fma.MultiplyAddNegated(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Double4 Sqrt(Double4 a) => new(Vector256.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static Double4 Abs(Double4 a) => new(Vector256.Abs(a.value));

    [MethodImpl(Inline)]
    public static Double4 Min(Double4 a, Double4 b) => new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Double4 Max(Double4 a, Double4 b) => new(Vector256.ConditionalSelect(Vector256.LessThan(b.value, a.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Double4 Round(Double4 a) => new(Vector256.Round(a.value));

    [MethodImpl(Inline)]
    public static Double4 SelectLess(Double4 a, Double4 b, Double4 whenLess, Double4 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), whenLess.value, otherwise.value));

    [MethodImpl(Inline)]
    public static bool AllLess(Double4 a, Double4 b) => Vector256.LessThanAll(a.value, b.value);

    // Adding 1.5·2^52 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static Double4 Pow2(Double4 n) =>
        new(Vector256.ShiftLeft((n.value + Vector256.Create(6755399441055744.0 + 1023.0)).AsUInt64(), 52).AsDouble());

    // The biased exponent becomes the low bits of a number in [2^52, 2^53).
    [MethodImpl(Inline)]
    public static Double4 Exponent(Double4 a) =>
        new((Vector256.ShiftRightLogical(a.value.AsUInt64(), 52) | Vector256.Create(4503599627370496.0).AsUInt64()).AsDouble() - Vector256.Create(4503599627370496.0 + 1023.0));

    [MethodImpl(Inline)]
    public static Double4 Significand(Double4 a) =>
        new(((a.value.AsUInt64() & Vector256.Create(0x000FFFFFFFFFFFFFUL)) | Vector256.Create(1.0).AsUInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static Double4 CopySign(Double4 a, Double4 b) => new(Vector256.CopySign(a.value, b.value));

    [MethodImpl(Inline)]
    public static Double4 Load(in Reals<Double4> view, int e) => new(Vector256.Load((double*)(view.Host + 32L * e)));

    [MethodImpl(Inline)]
    public static Double4 LoadShifted(in Reals<Double4> view, int e, in Table permutations, int shift) =>
        new(FourLanes.Permute(Vector256.Load((double*)(view.Host + 32L * e)), (int*)permutations.Host + (4 * shift)));

    [MethodImpl(Inline)]
    public static void CopyShifted(in Reals<Double4> view, int e, int count, in Table permutations, int shift, in Reals<Double4> to) =>
        FourLanes.Copy((double*)(view.Host + 32L * e), (int*)permutations.Host + (4 * shift), count, (double*)to.Host);

    [MethodImpl(Inline)]
    public static void Prefetch(in Reals<Double4> view, int e, int count)
    {
        byte* place = (byte*)(view.Host + 32L * e);
        for (byte* end = place + (32 * count); place < end; place += 64) Sse.Prefetch0(place);
    }

    [MethodImpl(Inline)]
    public static void Store(in Reals<Double4> view, int e, Double4 value) => value.value.Store((double*)(view.Host + 32L * e));

    [MethodImpl(Inline)]
    public static Double4 Uniform(in Reals<Double4> view, int i) => new(Vector256.Create(((double*)view.Host)[i]));

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => ((int*)table.Host)[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, Double4 value) => StoreTo(view, e, LoadFrom(view, e) + value);

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, Double4 value) => ((double*)view.Host)[e] += Vector256.Sum(value.value);

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, Double4 value) => value.value.Store((double*)view.Host + (long)e * view.Width);

    [MethodImpl(Inline)]
    public static Double4 LoadFrom(in Sums view, int e) => new(Vector256.Load((double*)view.Host + (long)e * view.Width));

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        var sum = Of(0);
        for (int k = 0; k < count; k++) sum += LoadFrom(parts, first + (k * stride));
        StoreTo(total, e, sum * Of(scale));
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, Double4 factor) => StoreTo(view, e, LoadFrom(view, e) * factor);

    [MethodImpl(Inline)]
    public static Double4 Word(uint word) => new(Vector256.Create((ulong)word).AsDouble());

    [MethodImpl(Inline)]
    public static Double4 Consecutive(uint first) => LowWordOf(Vector256.Create((ulong)first) + Vector256.Create(0UL, 1UL, 2UL, 3UL));

    [MethodImpl(Inline)]
    public static Double4 Words(in Table table, int i, int lane) => new(Avx2.ConvertToVector256Int64(Vector128.Load((uint*)table.Host + (4 * i))).AsDouble());

    [MethodImpl(Inline)]
    public static Double4 LoadLane(in Sums view, int e, int lane) => new(Vector256.Create(((double*)view.Host)[((long)e * view.Width) + lane]));

    [MethodImpl(Inline)]
    public static Double4 MultiplyWords(Double4 a, Double4 b) => new(Avx2.Multiply(a.value.AsUInt32(), b.value.AsUInt32()).AsDouble());

    [MethodImpl(Inline)]
    public static Double4 HighWord(Double4 a) => new(Vector256.ShiftRightLogical(a.value.AsUInt64(), 32).AsDouble());

    [MethodImpl(Inline)]
    public static Double4 LowWord(Double4 a) => LowWordOf(a.value.AsUInt64());

    [MethodImpl(Inline)]
    public static Double4 AddWords(Double4 a, Double4 b) => LowWordOf(a.value.AsUInt64() + b.value.AsUInt64());

    [MethodImpl(Inline)]
    public static Double4 XorWords(Double4 a, Double4 b) => new((a.value.AsUInt64() ^ b.value.AsUInt64()).AsDouble());

    // The upper 52 bits become the fraction of a number in [1, 2); subtracting 1 − 2⁻⁵³ centres it in its bin.
    [MethodImpl(Inline)]
    public static Double4 UnitInterval(Double4 high, Double4 low)
    {
        var fraction = Vector256.ShiftRightLogical(Vector256.ShiftLeft(high.value.AsUInt64(), 32) | low.value.AsUInt64(), 12);
        return new((fraction | Vector256.Create(1.0).AsUInt64()).AsDouble() - Vector256.Create(1.0 - 1.1102230246251565e-16));
    }

    [MethodImpl(Inline)]
    private static Double4 LowWordOf(Vector256<ulong> bits) => new((bits & Vector256.Create(0xFFFFFFFFUL)).AsDouble());
}
