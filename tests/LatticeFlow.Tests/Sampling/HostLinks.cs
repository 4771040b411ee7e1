using System.Numerics;

namespace LatticeFlow.Tests;

/// <summary>Links as N×N matrices of complex doubles, row-major, in plain loops: what exact draws are made of. Shares nothing with the kernels.</summary>
internal static class HostLinks
{
    /// <summary>c = a b, each factor daggered where asked for.</summary>
    public static void Multiply(int order, ReadOnlySpan<Complex> a, bool daggerA, ReadOnlySpan<Complex> b, bool daggerB, Span<Complex> c)
    {
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j < order; j++)
            {
                var sum = Complex.Zero;
                for (int k = 0; k < order; k++)
                {
                    var left = daggerA ? Complex.Conjugate(a[(k * order) + i]) : a[(i * order) + k];
                    sum += left * (daggerB ? Complex.Conjugate(b[(j * order) + k]) : b[(k * order) + j]);
                }

                c[(i * order) + j] = sum;
            }
        }
    }

    /// <summary>Re tr a.</summary>
    public static double RealTrace(int order, ReadOnlySpan<Complex> a)
    {
        double sum = 0;
        for (int i = 0; i < order; i++) sum += a[i * (order + 1)].Real;
        return sum;
    }

    /// <summary>Haar measure of SU(N): Gram–Schmidt on rows of normal numbers, and the last row divided by the determinant.</summary>
    public static void Haar(Random random, int order, Span<Complex> u)
    {
        for (int i = 0; i < order; i++)
        {
            var row = u.Slice(i * order, order);
            foreach (ref var z in row) z = Complex.FromPolarCoordinates(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), 2 * Math.PI * random.NextDouble());
            for (int k = 0; k < i; k++)
            {
                var other = u.Slice(k * order, order);
                var overlap = Complex.Zero;
                for (int j = 0; j < order; j++) overlap += Complex.Conjugate(other[j]) * row[j];
                for (int j = 0; j < order; j++) row[j] -= overlap * other[j];
            }

            double norm = 0;
            foreach (var z in row) norm += (z.Real * z.Real) + (z.Imaginary * z.Imaginary);
            foreach (ref var z in row) z /= Math.Sqrt(norm);
        }

        var phase = Complex.Conjugate(Determinant(order, u));
        foreach (ref var z in u[((order - 1) * order)..]) z *= phase;
    }

    private static Complex Determinant(int order, ReadOnlySpan<Complex> u)
    {
        if (order == 1) return u[0];
        Span<Complex> minor = stackalloc Complex[(order - 1) * (order - 1)];
        var sum = Complex.Zero;
        for (int column = 0; column < order; column++)
        {
            for (int i = 1; i < order; i++)
            {
                for (int j = 0; j < order - 1; j++) minor[((i - 1) * (order - 1)) + j] = u[(i * order) + (j < column ? j : j + 1)];
            }

            sum += (column % 2 == 0 ? 1 : -1) * u[column] * Determinant(order - 1, minor);
        }

        return sum;
    }
}
