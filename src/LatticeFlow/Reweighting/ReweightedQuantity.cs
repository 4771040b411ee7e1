using LatticeFlow.Expressions;

namespace LatticeFlow.Reweighting;

/// <summary>A formula of mean values as a function of the coupling.</summary>
/// <param name="Name">Of the quantity.</param>
/// <param name="Formula">Of the primaries, variable a being the mean of primary a, and of the coupling, the variable behind them.</param>
/// <param name="Primaries"><c>[primary][ensemble][replica][configuration]</c>.</param>
public sealed record ReweightedQuantity(string Name, Expression Formula, IReadOnlyList<IReadOnlyList<IReadOnlyList<double[]>>> Primaries)
{
    /// <summary>The value at a coupling; NaN where it does not exist.</summary>
    public double Value(ReweightedSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Formula.At(Dual.Constants([.. Primaries.Select(sample.Mean), sample.Coupling])).Value;
    }

    /// <summary>Value and how it moves with each configuration.</summary>
    public (double Value, double[][][] Influence) Linear(ReweightedSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        double[] means = [.. Primaries.Select(sample.Mean)];
        Dual value = Formula.At([.. Dual.Point([.. means, sample.Coupling])]);
        double[][][] total = [.. Primaries[0].Select(ensemble => ensemble.Select(replica => new double[replica.Length]).ToArray())];
        for (int a = 0; a < means.Length; a++)
        {
            double slope = value.Slope?[a] ?? 0;
            if (slope == 0) continue;
            double[][][] own = sample.Influence(Primaries[a], means[a]);
            for (int k = 0; k < total.Length; k++)
            {
                for (int r = 0; r < total[k].Length; r++)
                {
                    for (int i = 0; i < total[k][r].Length; i++) total[k][r][i] += slope * own[k][r][i];
                }
            }
        }

        return (value.Value, total);
    }

    /// <summary>The largest value between two couplings, its place, and both errors; null where the largest one is at an end.</summary>
    /// <param name="source">The ensembles.</param>
    /// <param name="grid">Couplings in order, at which the search begins.</param>
    public ReweightedPeak? Peak(MultiHistogram source, IReadOnlyList<double> grid)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(grid);
        double[] values = [.. grid.Select(beta => Value(source.At(beta)))];
        int top = Enumerable.Range(0, values.Length).Where(i => double.IsFinite(values[i])).DefaultIfEmpty(0).MaxBy(i => values[i]);
        if (top == 0 || top == values.Length - 1 || !double.IsFinite(values[top - 1]) || !double.IsFinite(values[top + 1])) return null;

        // Golden section between the neighbours.
        double low = grid[top - 1], high = grid[top + 1], ratio = (Math.Sqrt(5) - 1) / 2;
        double left = high - (ratio * (high - low)), right = low + (ratio * (high - low));
        double atLeft = Value(source.At(left)), atRight = Value(source.At(right));
        for (int i = 0; i < 60 && high - low > 1e-9 * Math.Abs(high); i++)
        {
            if (atLeft > atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (ratio * (high - low));
                atLeft = Value(source.At(left));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (ratio * (high - low));
                atRight = Value(source.At(right));
            }
        }

        double place = (low + high) / 2, step = (grid[top + 1] - grid[top - 1]) / 20;
        (double value, double[][][] influence) = Linear(source.At(place));
        (double up, double[][][] above) = Linear(source.At(place + step));
        (double down, double[][][] below) = Linear(source.At(place - step));
        double curvature = (up - (2 * value) + down) / (step * step);
        if (!(curvature < 0)) return null;
        // The slope vanishes at the peak: where the slope moves, the peak moves by that over −curvature.
        for (int k = 0; k < above.Length; k++)
        {
            for (int r = 0; r < above[k].Length; r++)
            {
                for (int i = 0; i < above[k][r].Length; i++) above[k][r][i] = (above[k][r][i] - below[k][r][i]) / (2 * step * -curvature);
            }
        }

        return new(place, ReweightedSample.Error(above), value, ReweightedSample.Error(influence));
    }
}

/// <summary>The place and the height of a maximum, with errors.</summary>
public sealed record ReweightedPeak(double Beta, double BetaError, double Value, double Error);
