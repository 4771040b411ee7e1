namespace LatticeFlow.Analysis;

/// <summary>One quantity whose covariance with others is wanted: a function of means, and its error.</summary>
public sealed record CovariantQuantity(string Name, IReadOnlyList<IReadOnlyList<double[]>> Observables, Func<double[], double> Function, Func<double[], double[]>? Gradient, double Error);

/// <summary>
/// Error covariance of quantities of one ensemble as pyerrors defines it (F. Joswig, S. Kuberski, J. T. Kuhlmann, J. Neuendorf, arXiv:2209.14371): C_ij = σ_i σ_j Γ_ij(0)/√(Γ_ii(0) Γ_jj(0)), so that τ_int of an off-diagonal element is the
/// geometric mean of both; positive semi-definite by construction, where sums of Γ_ij(t) need not be.
/// </summary>
public static class Covariance
{
    private const int RowsAtOnce = 4096;

    /// <summary>The correlation matrix Γ_ij(0)/√(Γ_ii(0) Γ_jj(0)) of the projected fluctuations, about the global mean or each replica's as the convention has it; 0 beside a quantity that does not fluctuate.</summary>
    public static double[][] Correlation(IReadOnlyList<CovariantQuantity> quantities, GammaConvention convention = GammaConvention.UWerr)
    {
        ArgumentNullException.ThrowIfNull(quantities);
        Projection[] projections = [.. quantities.Select(quantity => Projection.Of(quantity, convention))];
        double[][] sums = [.. quantities.Select(_ => new double[quantities.Count])], rows = [.. quantities.Select(_ => new double[RowsAtOnce])];
        int[] lengths = quantities.Count == 0 ? [] : [.. quantities[0].Observables[0].Select(series => series.Length)];
        for (int r = 0; r < lengths.Length; r++)
        {
            for (int first = 0; first < lengths[r]; first += RowsAtOnce)
            {
                int count = Math.Min(RowsAtOnce, lengths[r] - first);
                for (int i = 0; i < rows.Length; i++)
                    projections[i].Fill(r, first, rows[i].AsSpan(0, count));
                for (int i = 0; i < rows.Length; i++)
                {
                    for (int j = 0; j <= i; j++)
                        sums[i][j] = sums[j][i] += Dot(rows[i], rows[j], count);
                }
            }
        }

        return [.. sums.Select((row, i) => row.Select((sum, j) => i == j ? 1 : sums[i][i] > 0 && sums[j][j] > 0 ? sum / Math.Sqrt(sums[i][i] * sums[j][j]) : 0).ToArray())];
    }

    /// <summary>The covariance of the mean values.</summary>
    public static double[][] Of(IReadOnlyList<CovariantQuantity> quantities, GammaConvention convention = GammaConvention.UWerr) =>
        [.. Correlation(quantities, convention).Select((row, i) => row.Select((rho, j) => rho * quantities[i].Error * quantities[j].Error).ToArray())];

    private static double Dot(double[] a, double[] b, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Σ_α slope_α (a_α − centre_α), some configurations at a time.</summary>
    private sealed record Projection(IReadOnlyList<IReadOnlyList<double[]>> Observables, double[] Slope, double[][] Centre)
    {
        public static Projection Of(CovariantQuantity quantity, GammaConvention convention)
        {
            PrimaryMeans means = PrimaryMeans.Of(quantity.Observables);
            return new(quantity.Observables, GammaMethod.Slope(means, quantity.Function, quantity.Gradient), convention == GammaConvention.UWerr ? [.. means.ByReplica.Select(_ => means.Global)] : means.ByReplica);
        }

        public void Fill(int replica, int first, Span<double> target)
        {
            target.Clear();
            for (int a = 0; a < Slope.Length; a++)
            {
                ReadOnlySpan<double> series = Observables[a][replica].AsSpan(first, target.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] += Slope[a] * (series[i] - Centre[replica][a]);
            }
        }
    }
}
