using System.Numerics;

namespace LatticeFlow.Tests;

/// <summary>A small complex matrix, for integrals that share no code with the library.</summary>
internal sealed class Matrix(int size)
{
    private readonly Complex[] _entries = new Complex[size * size];

    public Complex this[int row, int column]
    {
        get => _entries[row * size + column];
        set => _entries[row * size + column] = value;
    }

    public static Matrix Identity(int size)
    {
        var one = new Matrix(size);
        for (int i = 0; i < size; i++)
            one[i, i] = 1;
        return one;
    }

    public static Matrix operator *(Matrix a, Matrix b)
    {
        int n = a.Size;
        var product = new Matrix(n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Complex sum = 0;
                for (int k = 0; k < n; k++)
                    sum += a[i, k] * b[k, j];
                product[i, j] = sum;
            }
        }

        return product;
    }

    /// <summary>Re tr(A B†).</summary>
    public double TraceWith(Matrix other)
    {
        double sum = 0;
        for (int i = 0; i < _entries.Length; i++)
            sum += _entries[i].Real * other._entries[i].Real + _entries[i].Imaginary * other._entries[i].Imaginary;
        return sum;
    }

    public int Size => size;
}

/// <summary>SU(N) from Haar measure: Gram–Schmidt of a complex Gaussian matrix gives U(N) (Mezzadri 2007), the last row takes the determinant's phase.</summary>
internal static class HaarMatrix
{
    public static Matrix Draw(Random random, int colors)
    {
        var matrix = new Matrix(colors);
        for (int row = 0; row < colors; row++)
        {
            for (int k = 0; k < colors; k++)
            {
                // Box and Muller: one complex Gaussian.
                double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                matrix[row, k] = Complex.FromPolarCoordinates(radius, 2 * Math.PI * random.NextDouble());
            }

            for (int other = 0; other < row; other++)
            {
                Complex overlap = 0;
                for (int k = 0; k < colors; k++)
                    overlap += matrix[row, k] * Complex.Conjugate(matrix[other, k]);
                for (int k = 0; k < colors; k++)
                    matrix[row, k] -= overlap * matrix[other, k];
            }

            double norm = 0;
            for (int k = 0; k < colors; k++)
                norm += matrix[row, k].Real * matrix[row, k].Real + matrix[row, k].Imaginary * matrix[row, k].Imaginary;
            for (int k = 0; k < colors; k++)
                matrix[row, k] /= Math.Sqrt(norm);
        }

        Complex phase = Complex.Conjugate(Determinant(matrix));
        for (int k = 0; k < colors; k++)
            matrix[colors - 1, k] *= phase;
        return matrix;
    }

    private static Complex Determinant(Matrix m) => m.Size switch
    {
        2 => m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0],
        3 => m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1]) - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0]) + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]),
        _ => throw new ArgumentOutOfRangeException(nameof(m), m.Size, "Drawn for SU(2) and SU(3)."),
    };
}
