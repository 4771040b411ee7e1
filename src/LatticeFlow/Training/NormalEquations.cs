using System.Numerics;

namespace LatticeFlow.Training;

/// <summary>(A + λ diag A) x = b with A = Σ g gᵀ and b = Σ g y, by Cholesky factorisation.</summary>
internal sealed class NormalEquations
{
    private readonly int count;
    private readonly double[] matrix;
    private readonly double[] right;

    /// <summary>For vectors of <paramref name="count"/> numbers.</summary>
    public NormalEquations(int count)
    {
        this.count = count;
        matrix = new double[checked(count * count)];
        right = new double[count];
    }

    /// <summary>A = 0, b = 0.</summary>
    public void Clear()
    {
        Array.Clear(matrix);
        Array.Clear(right);
    }

    /// <summary>One more equation g·x = y.</summary>
    public void Add(ReadOnlySpan<double> g, double y)
    {
        for (int i = 0; i < count; i++)
        {
            right[i] += g[i] * y;
            AddScaled(matrix.AsSpan(i * count, i + 1), g[i], g[..(i + 1)]);
        }
    }

    /// <summary>Solves, and leaves A destroyed. A number that no equation knows is 0.</summary>
    public void Solve(double damping, Span<double> x)
    {
        double largest = 0;
        for (int i = 0; i < count; i++) largest = Math.Max(largest, matrix[(i * count) + i]);
        double least = largest * 1e-14;
        for (int i = 0; i < count; i++)
        {
            var row = matrix.AsSpan(i * count, i + 1);

            // Numbers that are hardly known stay where they are, and the factorisation goes through with rounding.
            row[i] = (row[i] * (1 + damping)) + least;
            for (int j = 0; j <= i; j++)
            {
                double sum = row[j] - Dot(row[..j], matrix.AsSpan(j * count, j));
                if (j < i) row[j] = sum / matrix[(j * count) + j];
                else row[i] = Math.Sqrt(Math.Max(sum, least));
            }
        }

        if (largest == 0)
        {
            x.Clear();
            return;
        }

        for (int i = 0; i < count; i++) x[i] = (right[i] - Dot(x[..i], matrix.AsSpan(i * count, i))) / matrix[(i * count) + i];
        for (int i = count - 1; i >= 0; i--)
        {
            x[i] /= matrix[(i * count) + i];
            AddScaled(x[..i], -x[i], matrix.AsSpan(i * count, i));
        }
    }

    private static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> from)
    {
        int vectors = to.Length / Vector<double>.Count * Vector<double>.Count;
        for (int i = 0; i < vectors; i += Vector<double>.Count) (new Vector<double>(to[i..]) + (factor * new Vector<double>(from[i..]))).CopyTo(to[i..]);
        for (int i = vectors; i < to.Length; i++) to[i] += factor * from[i];
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int vectors = a.Length / Vector<double>.Count * Vector<double>.Count;
        var sums = Vector<double>.Zero;
        for (int i = 0; i < vectors; i += Vector<double>.Count) sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        double sum = Vector.Sum(sums);
        for (int i = vectors; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
