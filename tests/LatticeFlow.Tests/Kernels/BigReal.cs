using System.Numerics;

namespace LatticeFlow.Tests;

/// <summary>A binary floating-point number mantissa·2^exponent of up to 256 bits: the reference for the elementary functions.</summary>
internal readonly struct BigReal
{
    private const int Precision = 256;
    private readonly BigInteger mantissa;
    private readonly int exponent;

    private BigReal(BigInteger mantissa, int exponent)
    {
        int excess = (int)mantissa.GetBitLength() - Precision;
        this.mantissa = excess > 0 ? mantissa >> excess : mantissa;
        this.exponent = mantissa.IsZero ? 0 : excess > 0 ? exponent + excess : exponent;
    }

    public static BigReal Pi { get; } = (16 * ArctangentOfInverse(5)) - (4 * ArctangentOfInverse(239));

    public static BigReal Log2 { get; } = (18 * AreaTangentOfInverse(26)) - (2 * AreaTangentOfInverse(4801)) + (8 * AreaTangentOfInverse(8749));

    public bool IsZero => mantissa.IsZero;

    /// <summary>⌊log₂|x|⌋.</summary>
    public int Binade => (int)BigInteger.Abs(mantissa).GetBitLength() - 1 + exponent;

    public static implicit operator BigReal(int value) => new(value, 0);

    public static implicit operator BigReal(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)((bits >> 52) & 0x7FF);
        long fraction = bits & 0xFFFFFFFFFFFFF;
        var size = new BigInteger(biased == 0 ? fraction : fraction | (1L << 52));
        return new(bits < 0 ? -size : size, Math.Max(biased, 1) - 1075);
    }

    public static explicit operator double(BigReal value)
    {
        int shift = (int)value.mantissa.GetBitLength() - 60;
        var (top, exponent) = shift > 0 ? (value.mantissa >> shift, value.exponent + shift) : (value.mantissa, value.exponent);
        return Math.ScaleB((double)top, exponent);
    }

    public static BigReal operator +(BigReal a, BigReal b)
    {
        if (a.IsZero) return b;
        if (b.IsZero) return a;
        if (a.Binade - b.Binade > Precision + 2) return a;
        if (b.Binade - a.Binade > Precision + 2) return b;
        int e = Math.Min(a.exponent, b.exponent);
        return new((a.mantissa << (a.exponent - e)) + (b.mantissa << (b.exponent - e)), e);
    }

    public static BigReal operator -(BigReal a) => new(-a.mantissa, a.exponent);

    public static BigReal operator -(BigReal a, BigReal b) => a + (-b);

    public static BigReal operator *(BigReal a, BigReal b) => new(a.mantissa * b.mantissa, a.exponent + b.exponent);

    public static BigReal operator /(BigReal a, BigReal b)
    {
        int shift = Math.Max(0, Precision + 8 + (int)b.mantissa.GetBitLength() - (int)a.mantissa.GetBitLength());
        return new((a.mantissa << shift) / b.mantissa, a.exponent - b.exponent - shift);
    }

    public static bool operator <(BigReal a, BigReal b) => (a - b).mantissa.Sign < 0;

    public static bool operator >(BigReal a, BigReal b) => b < a;

    /// <summary>|x|.</summary>
    public static BigReal Abs(BigReal x) => new(BigInteger.Abs(x.mantissa), x.exponent);

    /// <summary>x·2ⁿ.</summary>
    public static BigReal Scale(BigReal x, int n) => x.IsZero ? x : new(x.mantissa, x.exponent + n);

    // Gregory's series, and its hyperbolic sister.
    private static BigReal ArctangentOfInverse(int n) => InverseSeries(n, -1);

    private static BigReal AreaTangentOfInverse(int n) => InverseSeries(n, 1);

    private static BigReal InverseSeries(int n, int sign)
    {
        BigReal power = (BigReal)1 / n, sum = power;
        for (int k = 1; power.Binade > -Precision - 8; k++)
        {
            power = sign * power / (n * n);
            sum += power / ((2 * k) + 1);
        }

        return sum;
    }
}
