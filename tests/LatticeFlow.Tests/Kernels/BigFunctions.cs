namespace LatticeFlow.Tests;

/// <summary>Elementary functions to some 240 bits, by series and one Newton step from double precision.</summary>
internal static class BigFunctions
{
    private const int Bits = 260;

    public static BigReal Sin(double x) => SinCos(x).Sin;

    public static BigReal Cos(double x) => SinCos(x).Cos;

    public static BigReal Exp(BigReal x) => Expm1Parts(x, out int n) is var r ? BigReal.Scale(1 + r, n) : default;

    public static BigReal Expm1(BigReal x)
    {
        var r = Expm1Parts(x, out int n);
        return n == 0 ? r : BigReal.Scale(1 + r, n) - 1;
    }

    // Halley's step for e^y = x from a value good to 50 bits leaves 150, a second one all of them.
    public static BigReal Log(BigReal x)
    {
        BigReal y = x.Binade * Math.Log(2.0) + Math.Log((double)BigReal.Scale(x, -x.Binade));
        for (int step = 0; step < 2; step++)
        {
            var e = Exp(y);
            y += 2 * (x - e) / (x + e);
        }

        return y;
    }

    public static BigReal Log1p(BigReal x)
    {
        if (x.IsZero) return x;
        if (x.Binade >= -20) return Log(1 + x);
        BigReal sum = x, power = x;
        for (int k = 2; k < 15; k++)
        {
            power *= -x;
            sum += power / k;
        }

        return sum;
    }

    public static BigReal Tanh(double x)
    {
        var e = Expm1(2 * (BigReal)x);
        return e / (e + 2);
    }

    public static BigReal Sinh(double x)
    {
        var e = Expm1((BigReal)Math.Abs(x));
        var sinh = (e + (e / (e + 1))) / 2;
        return x < 0 ? -sinh : sinh;
    }

    public static BigReal Cosh(double x)
    {
        var e = Exp((BigReal)x);
        return (e + (1 / e)) / 2;
    }

    /// <summary>Math.Asinh, corrected by Newton's step of sinh y = x.</summary>
    public static BigReal Arsinh(double x)
    {
        double start = Math.Asinh(x);
        var d = ((BigReal)x - Sinh(start)) / Cosh(start);
        return start + (d * (1 - (d * x / (2 * Cosh(start)))));
    }

    public static BigReal Sigmoid(double x) => 1 / (1 + Exp(-(BigReal)x));

    public static BigReal Softplus(double x) => Log1p(Exp(x));

    public static BigReal Atan(double x) => Atan2(x, 1.0);

    /// <summary>θ₀ = Math.Atan2, corrected by the small angle of (x, y) turned back by θ₀.</summary>
    public static BigReal Atan2(double y, double x)
    {
        double start = Math.Atan2(y, x);
        var (sin, cos) = SinCos(start);
        var d = (((BigReal)y * cos) - ((BigReal)x * sin)) / (((BigReal)x * cos) + ((BigReal)y * sin));
        var square = d * d;
        return start + (d * (1 - (square / 3) + (square * square / 5)));
    }

    public static BigReal Wrap(double x)
    {
        var turn = 2 * BigReal.Pi;
        return (BigReal)x - (Math.Round(x / (2.0 * Math.PI)) * turn);
    }

    private static (BigReal Sin, BigReal Cos) SinCos(double x)
    {
        double k = Math.Round(x / (Math.PI / 2.0));
        var r = (BigReal)x - (k * BigReal.Pi / 2);
        var square = -(r * r);
        BigReal sin = r, cos = 1, oddTerm = r, evenTerm = 1;
        for (int n = 1; n < 60; n++)
        {
            evenTerm = evenTerm * square / ((2 * n) * ((2 * n) - 1));
            oddTerm = oddTerm * square / ((2 * n) * ((2 * n) + 1));
            if (evenTerm.IsZero || evenTerm.Binade < -Bits) break;
            cos += evenTerm;
            sin += oddTerm;
        }

        return ((int)(((long)k % 4) + 4) % 4) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    // e^x = 2ⁿ·(1 + result).
    private static BigReal Expm1Parts(BigReal x, out int n)
    {
        n = (int)Math.Round((double)x / Math.Log(2.0));
        var r = x - (n * BigReal.Log2);
        BigReal sum = r, term = r;
        for (int k = 2; k < 80 && !term.IsZero && term.Binade > r.Binade - Bits; k++)
        {
            term = term * r / k;
            sum += term;
        }

        return sum;
    }
}
