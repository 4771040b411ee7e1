using System.Runtime.CompilerServices;
using ILGPU;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>One replica in double precision in a thread of a GPU.</summary>
public readonly struct DeviceDouble : IReal64<DeviceDouble>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private readonly double value;

    /// <summary>One replica.</summary>
    public DeviceDouble(double value) => this.value = value;

    /// <summary>The number.</summary>
    public double Value => value;

    /// <inheritdoc/>
    public static int Width => Lane.DeviceWidth;

    /// <inheritdoc/>
    public static int Bytes => 8;

    /// <inheritdoc/>
    public static bool IsDouble => true;

    [MethodImpl(Inline)]
    public static DeviceDouble Of(double value) => new(value);

    [MethodImpl(Inline)]
    public static DeviceDouble operator +(DeviceDouble a, DeviceDouble b) => new(a.value + b.value);

    [MethodImpl(Inline)]
    public static DeviceDouble operator -(DeviceDouble a, DeviceDouble b) => new(a.value - b.value);

    [MethodImpl(Inline)]
    public static DeviceDouble operator *(DeviceDouble a, DeviceDouble b) => new(a.value * b.value);

    [MethodImpl(Inline)]
    public static DeviceDouble operator /(DeviceDouble a, DeviceDouble b) => new(a.value / b.value);

    [MethodImpl(Inline)]
    public static DeviceDouble operator -(DeviceDouble a) => new(-a.value);

    [MethodImpl(Inline)]
    public static DeviceDouble Fma(DeviceDouble a, DeviceDouble b, DeviceDouble c) => new(a.value * b.value + c.value);

    [MethodImpl(Inline)]
    public static DeviceDouble Fnma(DeviceDouble a, DeviceDouble b, DeviceDouble c) => new(c.value - a.value * b.value);

    [MethodImpl(Inline)]
    public static DeviceDouble Sqrt(DeviceDouble a) => new(Math.Sqrt(a.value));

    [MethodImpl(Inline)]
    public static DeviceDouble Abs(DeviceDouble a) => new(Math.Abs(a.value));

    [MethodImpl(Inline)]
    public static DeviceDouble Min(DeviceDouble a, DeviceDouble b) => new(a.value < b.value ? a.value : b.value);

    [MethodImpl(Inline)]
    public static DeviceDouble Max(DeviceDouble a, DeviceDouble b) => new(b.value < a.value ? a.value : b.value);

    // Adding and subtracting 1.5·2^52 rounds to the nearest integer.
    [MethodImpl(Inline)]
    public static DeviceDouble Round(DeviceDouble a) => new((a.value + 6755399441055744.0) - 6755399441055744.0);

    [MethodImpl(Inline)]
    public static DeviceDouble SelectLess(DeviceDouble a, DeviceDouble b, DeviceDouble whenLess, DeviceDouble otherwise) => a.value < b.value ? whenLess : otherwise;

    [MethodImpl(Inline)]
    public static bool AllLess(DeviceDouble a, DeviceDouble b) => a.value < b.value;

    // Adding 1.5·2^52 leaves the integer in the low bits; the shift makes it an exponent.
    [MethodImpl(Inline)]
    public static DeviceDouble Pow2(DeviceDouble n) => new(Number(Bits(n.value + (6755399441055744.0 + 1023.0)) << 52));

    // The biased exponent becomes the low bits of a number in [2^52, 2^53).
    [MethodImpl(Inline)]
    public static DeviceDouble Exponent(DeviceDouble a) => new(Number((Bits(a.value) >> 52) | 0x4330000000000000UL) - (4503599627370496.0 + 1023.0));

    [MethodImpl(Inline)]
    public static DeviceDouble Significand(DeviceDouble a) => new(Number((Bits(a.value) & 0x000FFFFFFFFFFFFFUL) | 0x3FF0000000000000UL));

    [MethodImpl(Inline)]
    public static DeviceDouble CopySign(DeviceDouble a, DeviceDouble b) => new(Number((Bits(a.value) & 0x7FFFFFFFFFFFFFFFUL) | (Bits(b.value) & ~0x7FFFFFFFFFFFFFFFUL)));

    [MethodImpl(Inline)]
    public static DeviceDouble Load(in Reals<DeviceDouble> view, int e) => view.Device[view.Base + e * Lane.DeviceWidth];

    [MethodImpl(Inline)]
    public static DeviceDouble LoadShifted(in Reals<DeviceDouble> view, int e, in Table permutations, int shift)
    {
        int lane = view.Base & (Lane.DeviceWidth - 1);
        return view.Device[view.Base - lane + (e * Lane.DeviceWidth) + permutations.Device[(shift * Lane.DeviceWidth) + lane]];
    }

    [MethodImpl(Inline)]
    public static void Store(in Reals<DeviceDouble> view, int e, DeviceDouble value) => view.Device[view.Base + e * Lane.DeviceWidth] = value;

    [MethodImpl(Inline)]
    public static DeviceDouble Uniform(in Reals<DeviceDouble> view, int i) => view.Device[i];

    [MethodImpl(Inline)]
    public static int Index(in Table table, int i) => table.Device[i];

    [MethodImpl(Inline)]
    public static void AddTo(in Sums view, int e, DeviceDouble value) => view.Device[view.Base + e * Lane.DeviceWidth] += value.value;

    [MethodImpl(Inline)]
    public static void AddLanesTo(in Sums view, int e, DeviceDouble value) => AddTo(view, e, value);

    [MethodImpl(Inline)]
    public static void StoreTo(in Sums view, int e, DeviceDouble value) => view.Device[view.Base + e * Lane.DeviceWidth] = value.value;

    [MethodImpl(Inline)]
    public static DeviceDouble LoadFrom(in Sums view, int e) => new(view.Device[view.Base + e * Lane.DeviceWidth]);

    [MethodImpl(Inline)]
    public static void SumTo(in Sums total, int e, in Sums parts, int first, int stride, int count, double scale)
    {
        var sum = Of(0);
        for (int k = 0; k < count; k++) sum += LoadFrom(parts, first + (k * stride));
        StoreTo(total, e, sum * Of(scale));
    }

    [MethodImpl(Inline)]
    public static void ScaleBy(in Sums view, int e, DeviceDouble factor) => StoreTo(view, e, LoadFrom(view, e) * factor);

    [MethodImpl(Inline)]
    public static DeviceDouble Word(uint word) => new(Number(word));

    [MethodImpl(Inline)]
    public static DeviceDouble Consecutive(uint first) => new(Number(first));

    [MethodImpl(Inline)]
    public static DeviceDouble Words(in Table table, int i, int lane) => new(Number((uint)table.Device[(i * Lane.DeviceWidth) + lane]));

    [MethodImpl(Inline)]
    public static DeviceDouble LoadLane(in Sums view, int e, int lane)
    {
        int own = view.Base & (Lane.DeviceWidth - 1);
        return new(view.Device[view.Base - own + (e * Lane.DeviceWidth) + lane]);
    }

    // Checked, though it cannot overflow: only the checked product of unsigned numbers stays unsigned in OpenCL C. A signed one may
    // not overflow there, and compilers conclude that its highest bit is zero.
    [MethodImpl(Inline)]
    public static DeviceDouble MultiplyWords(DeviceDouble a, DeviceDouble b) =>
        new(Number(checked((Bits(a.value) & 0xFFFFFFFFUL) * (Bits(b.value) & 0xFFFFFFFFUL))));

    [MethodImpl(Inline)]
    public static DeviceDouble HighWord(DeviceDouble a) => new(Number(Bits(a.value) >> 32));

    [MethodImpl(Inline)]
    public static DeviceDouble LowWord(DeviceDouble a) => new(Number(Bits(a.value) & 0xFFFFFFFFUL));

    [MethodImpl(Inline)]
    public static DeviceDouble AddWords(DeviceDouble a, DeviceDouble b) => new(Number((Bits(a.value) + Bits(b.value)) & 0xFFFFFFFFUL));

    [MethodImpl(Inline)]
    public static DeviceDouble XorWords(DeviceDouble a, DeviceDouble b) => new(Number(Bits(a.value) ^ Bits(b.value)));

    // The upper 52 bits become the fraction of a number in [1, 2); subtracting 1 − 2⁻⁵³ centres it in its bin.
    [MethodImpl(Inline)]
    public static DeviceDouble UnitInterval(DeviceDouble high, DeviceDouble low) =>
        new(Number((((Bits(high.value) << 32) | Bits(low.value)) >> 12) | 0x3FF0000000000000UL) - (1.0 - 1.1102230246251565e-16));

    [MethodImpl(Inline)]
    private static ulong Bits(double x) => Interop.FloatAsInt(x);

    [MethodImpl(Inline)]
    private static double Number(ulong bits) => Interop.IntAsFloat(bits);
}
