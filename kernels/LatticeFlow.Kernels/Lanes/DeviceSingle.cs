using System.Runtime.CompilerServices;
using ILGPU;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>One replica in single precision in a thread of a GPU.</summary>
public readonly struct DeviceSingle : IReal<DeviceSingle>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly float value;

    /// <summary>One replica.</summary>
    public DeviceSingle(float value) => this.value = value;

    /// <summary>The number.</summary>
    public float Value => value;

    /// <inheritdoc/>
    public static int Width => Lane.DeviceWidth;

    /// <inheritdoc/>
    public static int Bytes => 4;

    /// <inheritdoc/>
    public static bool IsDouble => false;

    [MethodImpl(Inline)]
    public static DeviceSingle Of(double value) => new((float)value);

    [MethodImpl(Inline)]
    public static DeviceSingle operator +(DeviceSingle a, DeviceSingle b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static DeviceSingle operator -(DeviceSingle a, DeviceSingle b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static DeviceSingle operator *(DeviceSingle a, DeviceSingle b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static DeviceSingle operator /(DeviceSingle a, DeviceSingle b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static DeviceSingle operator -(DeviceSingle a) => new(-a.value);

    [MethodImpl(Inline)]
    public static DeviceSingle Fma(DeviceSingle a, DeviceSingle b, DeviceSingle c) => new(a.value * b.value + c.value);

    [MethodImpl(Inline)]
    public static DeviceSingle Fnma(DeviceSingle a, DeviceSingle b, DeviceSingle c) => new(c.value - a.value * b.value);

    [MethodImpl(Inline)]
    public static DeviceSingle Sqrt(DeviceSingle a) => new(MathF.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static DeviceSingle Abs(DeviceSingle a) => new(MathF.Abs(a.value));

    [MethodImpl(Inline)]
    public static DeviceSingle Min(DeviceSingle a, DeviceSingle b) => new(a.value < b.value ? a.value : b.value);

    [MethodImpl(Inline)]
    public static DeviceSingle Max(DeviceSingle a, DeviceSingle b) => new(b.value < a.value ? a.value : b.value);

    // Adding and subtracting 1.5·2^23 rounds to the nearest integer.
    [MethodImpl(Inline)]
    public static DeviceSingle Round(DeviceSingle a) => new((a.value + 12582912f) - 12582912f);

    [MethodImpl(Inline)]
    public static DeviceSingle SelectLess(DeviceSingle a, DeviceSingle b, DeviceSingle whenLess, DeviceSingle otherwise) => a.value < b.value ? whenLess : otherwise;

    [MethodImpl(Inline)]
    public static bool AllLess(DeviceSingle a, DeviceSingle b) => a.value < b.value;

    // Adding 1.5·2^23 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static DeviceSingle Pow2(DeviceSingle n) => new(Number(Bits(n.value + (12582912f + 127f)) << 23));

    // The biased exponent becomes the low bits of a number in [2^23, 2^24).
    [MethodImpl(Inline)]
    public static DeviceSingle Exponent(DeviceSingle a) => new(Number((Bits(a.value) >> 23) | 0x4B000000U) - (8388608f + 127f));

    [MethodImpl(Inline)]
    public static DeviceSingle Significand(DeviceSingle a) => new(Number((Bits(a.value) & 0x007FFFFFU) | 0x3F800000U));

    [MethodImpl(Inline)]
    public static DeviceSingle CopySign(DeviceSingle a, DeviceSingle b) => new(Number((Bits(a.value) & 0x7FFFFFFFU) | (Bits(b.value) & ~0x7FFFFFFFU)));

    [MethodImpl(Inline)]
    public static DeviceSingle Load(in Reals<DeviceSingle> view, int e) => view.Device[view.Base + e * Lane.DeviceWidth];

    [MethodImpl(Inline)]
    public static DeviceSingle LoadShifted(in Reals<DeviceSingle> view, int e, in Table permutations, int shift)
    {
        int lane = view.Base & (Lane.DeviceWidth - 1);
        return view.Device[view.Base - lane + (e * Lane.DeviceWidth) + permutations.Device[(shift * Lane.DeviceWidth) + lane]];
    }

    [MethodImpl(Inline)]
    public static void Store(in Reals<DeviceSingle> view, int e, DeviceSingle value) => view.Device[view.Base + e * Lane.DeviceWidth] = value;

    [MethodImpl(Inline)]
    public static DeviceSingle Uniform(in Reals<DeviceSingle> view, int i) => view.Device[i];

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => table.Device[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, DeviceSingle value) => view.Device[view.Base + e * Lane.DeviceWidth] += value.value;

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, DeviceSingle value) => AddTo(view, e, value);

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, DeviceSingle value) => view.Device[view.Base + e * Lane.DeviceWidth] = value.value;

    [MethodImpl(Inline)]
    public static DeviceSingle LoadFrom(in Sums view, int e) => new((float)view.Device[view.Base + e * Lane.DeviceWidth]);

    [MethodImpl(Inline)]
    public static DeviceSingle LoadLane(in Sums view, int e, int lane)
    {
        int own = view.Base & (Lane.DeviceWidth - 1);
        return new((float)view.Device[view.Base - own + (e * Lane.DeviceWidth) + lane]);
    }

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        double sum = 0;
        for (int k = 0; k < count; k++) sum += parts.Device[parts.Base + ((first + (k * stride)) * Lane.DeviceWidth)];
        total.Device[total.Base + (e * Lane.DeviceWidth)] = sum * scale;
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, DeviceSingle factor) => view.Device[view.Base + (e * Lane.DeviceWidth)] *= factor.value;

    [MethodImpl(Inline)]
    private static uint Bits(float x) => Interop.FloatAsInt(x);

    [MethodImpl(Inline)]
    private static float Number(uint bits) => Interop.IntAsFloat(bits);
}
