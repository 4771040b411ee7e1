using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>Eight replicas in single precision: one AVX2 register.</summary>
public readonly unsafe struct Single8 : IReal<Single8>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly Vector256<float> value;

    /// <summary>The lanes of a register.</summary>
    public Single8(Vector256<float> value) => this.value = value;

    /// <summary>The register.</summary>
    public Vector256<float> Value => value;

    /// <inheritdoc/>
    public static int Width => 8;

    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    [MethodImpl(Inline)]
    public static Single8 Of(double value) => new(Vector256.Create((float)value));

    [MethodImpl(Inline)]
    public static Single8 operator +(Single8 a, Single8 b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static Single8 operator -(Single8 a, Single8 b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static Single8 operator *(Single8 a, Single8 b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static Single8 operator /(Single8 a, Single8 b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static Single8 operator -(Single8 a) => new(-a.value);

    [MethodImpl(Inline)]
    public static Single8 Fma(Single8 a, Single8 b, Single8 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Single8 Fnma(Single8 a, Single8 b, Single8 c) => new(System.Runtime.Intrinsics.X86.Fma.MultiplyAddNegated(a.value, b.value, c.value));

    [MethodImpl(Inline)]
    public static Single8 Sqrt(Single8 a) => new(Vector256.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static Single8 Abs(Single8 a) => new(Vector256.Abs(a.value));

    [MethodImpl(Inline)]
    public static Single8 Min(Single8 a, Single8 b) => new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Single8 Max(Single8 a, Single8 b) => new(Vector256.ConditionalSelect(Vector256.LessThan(b.value, a.value), a.value, b.value));

    [MethodImpl(Inline)]
    public static Single8 Round(Single8 a) => new(Vector256.Round(a.value));

    [MethodImpl(Inline)]
    public static Single8 SelectLess(Single8 a, Single8 b, Single8 whenLess, Single8 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), whenLess.value, otherwise.value));

    [MethodImpl(Inline)]
    public static bool AllLess(Single8 a, Single8 b) => Vector256.LessThanAll(a.value, b.value);

    // Adding 1.5·2^23 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static Single8 Pow2(Single8 n) =>
        new(Vector256.ShiftLeft((n.value + Vector256.Create(12582912f + 127f)).AsUInt32(), 23).AsSingle());

    // The biased exponent becomes the low bits of a number in [2^23, 2^24).
    [MethodImpl(Inline)]
    public static Single8 Exponent(Single8 a) =>
        new((Vector256.ShiftRightLogical(a.value.AsUInt32(), 23) | Vector256.Create(8388608f).AsUInt32()).AsSingle() - Vector256.Create(8388608f + 127f));

    [MethodImpl(Inline)]
    public static Single8 Significand(Single8 a) =>
        new(((a.value.AsUInt32() & Vector256.Create(0x007FFFFFU)) | Vector256.Create(1f).AsUInt32()).AsSingle());

    [MethodImpl(Inline)]
    public static Single8 CopySign(Single8 a, Single8 b) => new(Vector256.CopySign(a.value, b.value));

    [MethodImpl(Inline)]
    public static Single8 Load(in Reals<Single8> view, int e) => new(Vector256.Load((float*)(view.Host + 32L * e)));

    [MethodImpl(Inline)]
    public static Single8 LoadShifted(in Reals<Single8> view, int e, in Table permutations, int shift) =>
        new(Avx2.PermuteVar8x32(Vector256.Load((float*)(view.Host + 32L * e)), Vector256.Load((int*)permutations.Host + (8 * shift))));

    [MethodImpl(Inline)]
    public static void Store(in Reals<Single8> view, int e, Single8 value) => value.value.Store((float*)(view.Host + 32L * e));

    [MethodImpl(Inline)]
    public static Single8 Uniform(in Reals<Single8> view, int i) => new(Vector256.Create(((float*)view.Host)[i]));

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => ((int*)table.Host)[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, Single8 value)
    {
        double* sum = (double*)view.Host + (long)e * view.Width;
        var (low, high) = Vector256.Widen(value.value);
        (Vector256.Load(sum) + low).Store(sum);
        (Vector256.Load(sum + 4) + high).Store(sum + 4);
    }

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, Single8 value) => ((double*)view.Host)[e] += Vector256.Sum(value.value);

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, Single8 value)
    {
        double* sum = (double*)view.Host + (long)e * view.Width;
        var (low, high) = Vector256.Widen(value.value);
        low.Store(sum);
        high.Store(sum + 4);
    }

    [MethodImpl(Inline)]
    public static Single8 LoadFrom(in Sums view, int e)
    {
        double* sum = (double*)view.Host + (long)e * view.Width;
        return new(Vector256.Narrow(Vector256.Load(sum), Vector256.Load(sum + 4)));
    }

    [MethodImpl(Inline)]
    public static Single8 LoadLane(in Sums view, int e, int lane) => new(Vector256.Create((float)((double*)view.Host)[((long)e * view.Width) + lane]));

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        Vector256<double> low = Vector256<double>.Zero, high = low;
        for (int k = 0; k < count; k++)
        {
            double* part = (double*)parts.Host + ((long)(first + (k * stride)) * parts.Width);
            low += Vector256.Load(part);
            high += Vector256.Load(part + 4);
        }

        double* sum = (double*)total.Host + ((long)e * total.Width);
        (low * scale).Store(sum);
        (high * scale).Store(sum + 4);
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, Single8 factor)
    {
        double* number = (double*)view.Host + ((long)e * view.Width);
        var (low, high) = Vector256.Widen(factor.value);
        (Vector256.Load(number) * low).Store(number);
        (Vector256.Load(number + 4) * high).Store(number + 4);
    }
}
