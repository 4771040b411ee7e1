using System.Numerics;

namespace LatticeFlow.Tests.Groups;

/// <summary>An N×N matrix of complex doubles with the plainest arithmetic there is: what links are compared with.</summary>
public sealed class ComplexMatrix
{
    private readonly Complex[,] entries;

    /// <summary>Zero.</summary>
    public ComplexMatrix(int order) => entries = new Complex[order, order];

    /// <summary>N.</summary>
    public int Order => entries.GetLength(0);

    /// <summary>Σ_i a_ii.</summary>
    public Complex Trace => Enumerable.Range(0, Order).Aggregate(Complex.Zero, (sum, i) => sum + entries[i, i]);

    /// <summary>a†.</summary>
    public ComplexMatrix Adjoint => Of(Order, (i, j) => Complex.Conjugate(entries[j, i]));

    /// <summary>The largest |a_ij|.</summary>
    public double Largest => entries.Cast<Complex>().Max(Complex.Abs);

    public Complex this[int row, int column]
    {
        get => entries[row, column];
        set => entries[row, column] = value;
    }

    /// <summary>The matrix with entries f(row, column).</summary>
    public static ComplexMatrix Of(int order, Func<int, int, Complex> entry)
    {
        var matrix = new ComplexMatrix(order);
        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j < order; j++) matrix[i, j] = entry(i, j);
        }

        return matrix;
    }

    /// <summary>1.</summary>
    public static ComplexMatrix One(int order) => Of(order, (i, j) => i == j ? 1 : 0);

    public static ComplexMatrix operator +(ComplexMatrix a, ComplexMatrix b) => Of(a.Order, (i, j) => a[i, j] + b[i, j]);

    public static ComplexMatrix operator -(ComplexMatrix a, ComplexMatrix b) => Of(a.Order, (i, j) => a[i, j] - b[i, j]);

    public static ComplexMatrix operator *(Complex s, ComplexMatrix a) => Of(a.Order, (i, j) => s * a[i, j]);

    public static ComplexMatrix operator *(ComplexMatrix a, ComplexMatrix b) =>
        Of(a.Order, (i, j) => Enumerable.Range(0, a.Order).Aggregate(Complex.Zero, (sum, k) => sum + (a[i, k] * b[k, j])));

    /// <summary>det a, by elimination with pivots.</summary>
    public Complex Determinant()
    {
        var a = Of(Order, (i, j) => entries[i, j]);
        Complex determinant = 1;
        for (int k = 0; k < Order; k++)
        {
            int pivot = Enumerable.Range(k, Order - k).MaxBy(i => Complex.Abs(a[i, k]));
            if (a[pivot, k] == 0) return 0;
            if (pivot != k) determinant = -determinant;
            for (int j = 0; j < Order; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            determinant *= a[k, k];
            for (int i = k + 1; i < Order; i++)
            {
                var factor = a[i, k] / a[k, k];
                for (int j = k; j < Order; j++) a[i, j] -= factor * a[k, j];
            }
        }

        return determinant;
    }

    /// <summary>e^a: the power series of a/2ˢ, squared s times.</summary>
    public static ComplexMatrix Exponential(ComplexMatrix a)
    {
        const double Small = 0.25;
        const int Terms = 24;
        int squarings = 0;
        for (double size = a.Largest * a.Order; size > Small; size /= 2) squarings++;
        var x = Math.ScaleB(1, -squarings) * a;
        var sum = One(a.Order);
        for (int n = Terms; n > 0; n--) sum = One(a.Order) + (1.0 / n * (x * sum));
        for (int n = 0; n < squarings; n++) sum *= sum;
        return sum;
    }
}
