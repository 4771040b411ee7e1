namespace LatticeFlow.Flows;

/// <summary>Determinants of matrices on the host.</summary>
public static class Determinant
{
    /// <summary>ln |det a|, by elimination with partial pivoting; the matrix is overwritten.</summary>
    public static double LogAbs(double[,] a)
    {
        int n = a.GetLength(0);
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[i, k]) > Math.Abs(a[pivot, k])) pivot = i;
            }

            for (int j = 0; j < n; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            sum += Math.Log(Math.Abs(a[k, k]));
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                if (factor == 0) continue;
                for (int j = k; j < n; j++) a[i, j] -= factor * a[k, j];
            }
        }

        return sum;
    }
}
