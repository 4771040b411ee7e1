using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>Eight replicas in double precision: one AVX-512 register.</summary>
public readonly unsafe struct Double8 : IReal64<Double8>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector512<double> value;

    /// <summary>The lanes of a register.</summary>
    public Double8(Vector512<double> value) => this.value = value;

    /// <summary>The register.</summary>
    public Vector512<double> Value => value;

    /// <inheritdoc/>
    public static int Width => 8;

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    [MethodImpl(Inline)]
    public static Double8 Of(double value) => new(Vector512.Create(value));

    [MethodImpl(Inline)]
    public static Double8 operator +(Double8 a, Double8 b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static Double8 operator -(Double8 a, Double8 b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static Double8 operator *(Double8 a, Double8 b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static Double8 operator /(Double8 a, Double8 b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static Double8 operator -(Double8 a) => new(-a.value);

    [MethodImpl(Inline)]
    public static Double8 Fma(Double8 a, Double8 b, Double8 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Double8 Fnma(Double8 a, Double8 b, Double8 c) => new(Avx512F.FusedMultiplyAddNegated(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Double8 Sqrt(Double8 a) => new(Vector512.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static Double8 Abs(Double8 a) => new(Vector512.Abs(a.value));

    [MethodImpl(Inline)]
    public static Double8 Min(Double8 a, Double8 b) => new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, b.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Double8 Max(Double8 a, Double8 b) => new(Vector512.ConditionalSelect(Vector512.LessThan(b.value, a.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Double8 Round(Double8 a) => new(Vector512.Round(a.value));

    [MethodImpl(Inline)]
    public static Double8 SelectLess(Double8 a, Double8 b, Double8 whenLess, Double8 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, b.value), whenLess.value, otherwise.value));

    [MethodImpl(Inline)]
    public static bool AllLess(Double8 a, Double8 b) => Vector512.LessThanAll(a.value, b.value);

    // Adding 1.5·2^52 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static Double8 Pow2(Double8 n) =>
        new(Vector512.ShiftLeft((n.value + Vector512.Create(6755399441055744.0 + 1023.0)).AsUInt64(), 52).AsDouble());

    // The biased exponent becomes the low bits of a number in [2^52, 2^53).
    [MethodImpl(Inline)]
    public static Double8 Exponent(Double8 a) =>
        new((Vector512.ShiftRightLogical(a.value.AsUInt64(), 52) | Vector512.Create(4503599627370496.0).AsUInt64()).AsDouble() - Vector512.Create(4503599627370496.0 + 1023.0));

    [MethodImpl(Inline)]
    public static Double8 Significand(Double8 a) =>
        new(((a.value.AsUInt64() & Vector512.Create(0x000FFFFFFFFFFFFFUL)) | Vector512.Create(1.0).AsUInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static Double8 CopySign(Double8 a, Double8 b) => new(Vector512.CopySign(a.value, b.value));

    [MethodImpl(Inline)]
    public static Double8 Load(in Reals<Double8> view, int e) => new(Vector512.Load((double*)(view.Host + 64L * e)));

    [MethodImpl(Inline)]
    public static Double8 LoadShifted(in Reals<Double8> view, int e, in Table permutations, int shift) =>
        new(Avx512F.PermuteVar8x64(Vector512.Load((double*)(view.Host + 64L * e)), Avx512F.ConvertToVector512Int64(Vector256.Load((int*)permutations.Host + (8 * shift)))));

    [MethodImpl(Inline)]
    public static void CopyShifted(in Reals<Double8> view, int e, int count, in Table permutations, int shift, in Reals<Double8> to)
    {
        var lanes = Avx512F.ConvertToVector512Int64(Vector256.Load((int*)permutations.Host + (8 * shift)));
        double* source = (double*)(view.Host + 64L * e), target = (double*)to.Host;
        for (double* end = source + (8 * count); source != end; source += 8, target += 8) Avx512F.PermuteVar8x64(Vector512.Load(source), lanes).Store(target);
    }

    [MethodImpl(Inline)]
    public static void Prefetch(in Reals<Double8> view, int e, int count)
    {
        byte* place = (byte*)(view.Host + 64L * e);
        for (byte* end = place + (64 * count); place != end; place += 64) Sse.Prefetch0(place);
    }

    [MethodImpl(Inline)]
    public static void Store(in Reals<Double8> view, int e, Double8 value) => value.value.Store((double*)(view.Host + 64L * e));

    [MethodImpl(Inline)]
    public static Double8 Uniform(in Reals<Double8> view, int i) => new(Vector512.Create(((double*)view.Host)[i]));

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => ((int*)table.Host)[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, Double8 value) => StoreTo(view, e, LoadFrom(view, e) + value);

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, Double8 value) => ((double*)view.Host)[e] += Vector512.Sum(value.value);

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, Double8 value) => value.value.Store((double*)view.Host + (long)e * view.Width);

    [MethodImpl(Inline)]
    public static Double8 LoadFrom(in Sums view, int e) => new(Vector512.Load((double*)view.Host + (long)e * view.Width));

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        var sum = Of(0);
        for (int k = 0; k < count; k++) sum += LoadFrom(parts, first + (k * stride));
        StoreTo(total, e, sum * Of(scale));
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, Double8 factor) => StoreTo(view, e, LoadFrom(view, e) * factor);

    [MethodImpl(Inline)]
    public static Double8 Word(uint word) => new(Vector512.Create((ulong)word).AsDouble());

    [MethodImpl(Inline)]
    public static Double8 Consecutive(uint first) => LowWordOf(Vector512.Create((ulong)first) + Vector512.Create(0UL, 1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL));

    [MethodImpl(Inline)]
    public static Double8 Words(in Table table, int i, int lane) => new(Avx512F.ConvertToVector512UInt64(Vector256.Load((uint*)table.Host + (8 * i))).AsDouble());

    [MethodImpl(Inline)]
    public static Double8 LoadLane(in Sums view, int e, int lane) => new(Vector512.Create(((double*)view.Host)[((long)e * view.Width) + lane]));

    [MethodImpl(Inline)]
    public static Double8 MultiplyWords(Double8 a, Double8 b) => new(Avx512F.Multiply(a.value.AsUInt32(), b.value.AsUInt32()).AsDouble());

    [MethodImpl(Inline)]
    public static Double8 HighWord(Double8 a) => new(Vector512.ShiftRightLogical(a.value.AsUInt64(), 32).AsDouble());

    [MethodImpl(Inline)]
    public static Double8 LowWord(Double8 a) => LowWordOf(a.value.AsUInt64());

    [MethodImpl(Inline)]
    public static Double8 AddWords(Double8 a, Double8 b) => LowWordOf(a.value.AsUInt64() + b.value.AsUInt64());

    [MethodImpl(Inline)]
    public static Double8 XorWords(Double8 a, Double8 b) => new((a.value.AsUInt64() ^ b.value.AsUInt64()).AsDouble());

    // The upper 52 bits become the fraction of a number in [1, 2); subtracting 1 − 2⁻⁵³ centres it in its bin.
    [MethodImpl(Inline)]
    public static Double8 UnitInterval(Double8 high, Double8 low)
    {
        var fraction = Vector512.ShiftRightLogical(Vector512.ShiftLeft(high.value.AsUInt64(), 32) | low.value.AsUInt64(), 12);
        return new((fraction | Vector512.Create(1.0).AsUInt64()).AsDouble() - Vector512.Create(1.0 - 1.1102230246251565e-16));
    }

    [MethodImpl(Inline)]
    private static Double8 LowWordOf(Vector512<ulong> bits) => new((bits & Vector512.Create(0xFFFFFFFFUL)).AsDouble());
}
