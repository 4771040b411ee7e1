using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>Sixteen replicas in single precision: one AVX-512 register.</summary>
public readonly unsafe struct Single16 : IReal<Single16>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector512<float> value;

    /// <summary>The lanes of a register.</summary>
    public Single16(Vector512<float> value) => this.value = value;

    /// <summary>The register.</summary>
    public Vector512<float> Value => value;

    /// <inheritdoc/>
    public static int Width => 16;

    /// <inheritdoc/>
    public static int Bytes => 64;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    [MethodImpl(Inline)]
    public static Single16 Of(double value) => new(Vector512.Create((float)value));

    [MethodImpl(Inline)]
    public static Single16 operator +(Single16 a, Single16 b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static Single16 operator -(Single16 a, Single16 b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static Single16 operator *(Single16 a, Single16 b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static Single16 operator /(Single16 a, Single16 b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static Single16 operator -(Single16 a) => new(-a.value);

    [MethodImpl(Inline)]
    public static Single16 Fma(Single16 a, Single16 b, Single16 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Single16 Fnma(Single16 a, Single16 b, Single16 c) => new(Avx512F.FusedMultiplyAddNegated(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Single16 Sqrt(Single16 a) => new(Vector512.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static Single16 Abs(Single16 a) => new(Vector512.Abs(a.value));

    [MethodImpl(Inline)]
    public static Single16 Min(Single16 a, Single16 b) => new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, b.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Single16 Max(Single16 a, Single16 b) => new(Vector512.ConditionalSelect(Vector512.LessThan(b.value, a.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Single16 Round(Single16 a) => new(Vector512.Round(a.value));

    [MethodImpl(Inline)]
    public static Single16 SelectLess(Single16 a, Single16 b, Single16 whenLess, Single16 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, b.value), whenLess.value, otherwise.value));

    [MethodImpl(Inline)]
    public static bool AllLess(Single16 a, Single16 b) => Vector512.LessThanAll(a.value, b.value);

    // Adding 1.5·2^23 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static Single16 Pow2(Single16 n) =>
        new(Vector512.ShiftLeft((n.value + Vector512.Create(12582912f + 127f)).AsUInt32(), 23).AsSingle());

    // The biased exponent becomes the low bits of a number in [2^23, 2^24).
    [MethodImpl(Inline)]
    public static Single16 Exponent(Single16 a) =>
        new((Vector512.ShiftRightLogical(a.value.AsUInt32(), 23) | Vector512.Create(8388608f).AsUInt32()).AsSingle() - Vector512.Create(8388608f + 127f));

    [MethodImpl(Inline)]
    public static Single16 Significand(Single16 a) =>
        new(((a.value.AsUInt32() & Vector512.Create(0x007FFFFFU)) | Vector512.Create(1f).AsUInt32()).AsSingle());

    [MethodImpl(Inline)]
    public static Single16 CopySign(Single16 a, Single16 b) => new(Vector512.CopySign(a.value, b.value));

    [MethodImpl(Inline)]
    public static Single16 Load(in Reals<Single16> view, int e) => new(Vector512.Load((float*)(view.Host + 64L * e)));

    [MethodImpl(Inline)]
    public static Single16 LoadShifted(in Reals<Single16> view, int e, in Table permutations, int shift) =>
        new(Avx512F.PermuteVar16x32(Vector512.Load((float*)(view.Host + 64L * e)), Vector512.Load((int*)permutations.Host + (16 * shift))));

    [MethodImpl(Inline)]
    public static void Store(in Reals<Single16> view, int e, Single16 value) => value.value.Store((float*)(view.Host + 64L * e));

    [MethodImpl(Inline)]
    public static Single16 Uniform(in Reals<Single16> view, int i) => new(Vector512.Create(((float*)view.Host)[i]));

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => ((int*)table.Host)[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, Single16 value)
    {
        double* sum = (double*)view.Host + (long)e * view.Width;
        var (low, high) = Vector512.Widen(value.value);
        (Vector512.Load(sum) + low).Store(sum);
        (Vector512.Load(sum + 8) + high).Store(sum + 8);
    }

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, Single16 value) => ((double*)view.Host)[e] += Vector512.Sum(value.value);

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, Single16 value)
    {
        double* sum = (double*)view.Host + (long)e * view.Width;
        var (low, high) = Vector512.Widen(value.value);
        low.Store(sum);
        high.Store(sum + 8);
    }

    [MethodImpl(Inline)]
    public static Single16 LoadFrom(in Sums view, int e)
    {
        double* sum = (double*)view.Host + (long)e * view.Width;
        return new(Vector512.Narrow(Vector512.Load(sum), Vector512.Load(sum + 8)));
    }

    [MethodImpl(Inline)]
    public static Single16 LoadLane(in Sums view, int e, int lane) => new(Vector512.Create((float)((double*)view.Host)[((long)e * view.Width) + lane]));

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        Vector512<double> low = Vector512<double>.Zero, high = low;
        for (int k = 0; k < count; k++)
        {
            double* part = (double*)parts.Host + ((long)(first + (k * stride)) * parts.Width);
            low += Vector512.Load(part);
            high += Vector512.Load(part + 8);
        }

        double* sum = (double*)total.Host + ((long)e * total.Width);
        (low * scale).Store(sum);
        (high * scale).Store(sum + 8);
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, Single16 factor)
    {
        double* number = (double*)view.Host + ((long)e * view.Width);
        var (low, high) = Vector512.Widen(factor.value);
        (Vector512.Load(number) * low).Store(number);
        (Vector512.Load(number + 8) * high).Store(number + 8);
    }
}
