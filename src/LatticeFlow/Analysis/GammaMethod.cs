namespace LatticeFlow.Analysis;

/// <summary>Means of correlated data with errors by explicit summation of the autocorrelation: Wolff, hep-lat/0306017 (the Γ-method).</summary>
public static class GammaMethod
{
    // Of sums over a lattice, in relation to the largest value.
    private const double RoundingOfSums = 1e-12;

    /// <summary>
    /// Mean over all values of all replicas, its error 2 τ_int Γ(0)/N and τ_int. Replicas may differ in length; each is one chain in Monte Carlo order.
    /// Throws <see cref="ArgumentException"/> on no data, an empty replica or a value that is not finite.
    /// </summary>
    public static GammaResult Analyze(IReadOnlyList<double[]> replicas, GammaOptions? options = null) =>
        AnalyzeDerived([replicas], means => means[0], _ => [1.0], options);

    /// <summary>
    /// F(⟨a_1⟩, ⟨a_2⟩, …) with its error by linear propagation: the Γ-method on Σ_α ∂F/∂⟨a_α⟩ (a_α − ⟨a_α⟩) (Wolff, eqs. 33 and 38).
    /// <paramref name="observables"/>[α][r] is the series of primary observable α on replica r; all have the same lengths.
    /// Without <paramref name="gradient"/> the derivatives are taken numerically on the scale of the errors and extrapolated to step 0.
    /// UWerr's convention removes the leading bias of F where there are several replicas (Wolff, eq. 29) and F exists at the means of each.
    /// </summary>
    public static GammaResult AnalyzeDerived(
        IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, Func<double[], double[]>? gradient = null, GammaOptions? options = null)
    {
        options ??= new GammaOptions();
        ProjectedSample sample = Project(observables, function, gradient, options.Convention);
        options.Validate(observables[0]);
        return GammaEstimate.Of(sample, options);
    }

    /// <summary>Γ(0) of the projected fluctuations: the variance of single values.</summary>
    public static double Variance(IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, Func<double[], double[]>? gradient = null)
    {
        ProjectedSample sample = Project(observables, function, gradient, GammaConvention.UWerr);
        return sample.Fluctuations.Sum(series => series.Sum(x => x * x)) / sample.Count;
    }

    /// <summary>The value, its values on replicas, and the fluctuations Σ_α ∂F/∂⟨a_α⟩ (a_α − centre), the centre that of the convention.</summary>
    internal static ProjectedSample Project(
        IReadOnlyList<IReadOnlyList<double[]>> observables, Func<double[], double> function, Func<double[], double[]>? gradient, GammaConvention convention)
    {
        ArgumentNullException.ThrowIfNull(function);
        PrimaryMeans primaries = PrimaryMeans.Of(observables);

        double value = function(primaries.Global);
        double[] slope = Slope(primaries, function, gradient);
        if (!double.IsFinite(value) || !slope.All(double.IsFinite))
            throw new ArgumentException("The derived quantity or its gradient is not finite at the mean values.");

        int replicaCount = primaries.Lengths.Length;
        var replicaValues = new double[replicaCount];
        var fluctuations = new double[replicaCount][];
        for (int r = 0; r < replicaCount; r++)
        {
            double[] own = primaries.ByReplica[r];
            double[] centre = convention == GammaConvention.UWerr ? primaries.Global : own;
            replicaValues[r] = OfReplica(function, own);
            fluctuations[r] = new double[primaries.Lengths[r]];
            for (int a = 0; a < slope.Length; a++)
            {
                double[] series = observables[a][r];
                for (int i = 0; i < series.Length; i++)
                    fluctuations[r][i] += slope[a] * (series[i] - centre[a]);
            }
        }

        return new ProjectedSample(value, replicaValues, fluctuations, IsConstant(observables, slope), IsFrozen(observables, slope));
    }

    /// <summary>∂F/∂⟨a_α⟩ at the mean values.</summary>
    internal static double[] Slope(PrimaryMeans primaries, Func<double[], double> function, Func<double[], double[]>? gradient)
    {
        double[] slope = gradient is null ? NumericalGradient.At(function, primaries.Global, primaries.Spread) : gradient(primaries.Global);
        return slope.Length == primaries.Global.Length ? slope : throw new ArgumentException($"The gradient has {slope.Length} entries for {primaries.Global.Length} observables.");
    }

    // Few configurations of one replica can have means where the function has no value: that is no reason to lose it where it has one.
    private static double OfReplica(Func<double[], double> function, double[] means)
    {
        try
        {
            return function(means);
        }
        catch (ArgumentException)
        {
            return double.NaN;
        }
    }

    // Rounding of the mean leaves fluctuations of 1e-17 on a constant series, so constancy is read off the data; recomputed values of one configuration differ by some roundings.
    private static bool IsConstant(IReadOnlyList<IReadOnlyList<double[]>> observables, double[] slope) =>
        Enumerable.Range(0, slope.Length).All(a => slope[a] == 0 || Spread(observables[a].SelectMany(series => series)) <= Rounding(observables[a]));

    private static bool IsFrozen(IReadOnlyList<IReadOnlyList<double[]>> observables, double[] slope) =>
        Enumerable.Range(0, slope.Length).All(a => slope[a] == 0 || observables[a].All(series => Spread(series) <= Rounding(observables[a])));

    private static double Rounding(IReadOnlyList<double[]> observable) => RoundingOfSums * observable.Max(series => series.Max(Math.Abs));

    private static double Spread(IEnumerable<double> values)
    {
        double least = double.PositiveInfinity, largest = double.NegativeInfinity;
        foreach (double x in values)
        {
            least = Math.Min(least, x);
            largest = Math.Max(largest, x);
        }

        return largest - least;
    }
}

/// <summary>A derived quantity's value, its values on single replicas, and the fluctuations projected on its gradient.</summary>
internal sealed record ProjectedSample(double Value, double[] ReplicaValues, double[][] Fluctuations, bool IsConstant, bool IsFrozen)
{
    public int Count => Fluctuations.Sum(x => x.Length);
}
