namespace LatticeFlow.Analysis;

/// <summary>
/// Consecutive values cut into bins of one size, never across replicas; the incomplete bin at the end of a replica is left out.
/// Observables are laid out as observables[α][replica] = series.
/// </summary>
internal sealed class Binning
{
    /// <summary>Flattened values [α][bin · binSize + i].</summary>
    public double[][] Values { get; }

    public int BinSize { get; }

    public int Bins => Values[0].Length / BinSize;

    public Binning(IReadOnlyList<IReadOnlyList<double[]>> observables, int binSize)
    {
        if (binSize < 1)
            throw new ArgumentOutOfRangeException(nameof(binSize), binSize, "A bin holds at least one value.");
        PrimaryMeans.Of(observables);
        BinSize = binSize;
        Values = [.. observables.Select(observable => observable.SelectMany(x => x.Take(x.Length / binSize * binSize)).ToArray())];
        if (Bins < 2)
            throw new ArgumentException($"Bins of {binSize} leave {Bins} complete bin: at least 2 are needed, use smaller bins.");
    }

    /// <summary>Bin means [α][bin].</summary>
    public double[][] Means() =>
        [.. Values.Select(x => Enumerable.Range(0, Bins).Select(b => PrimaryMeans.Mean(x.AsSpan(b * BinSize, BinSize))).ToArray())];
}

/// <summary>An estimate by resampling: the value on the whole sample, its error, and the bias that resampling sees (not subtracted).</summary>
public sealed record ResampledEstimate(double Value, double Error, double Bias, int Bins, double[] Samples);
