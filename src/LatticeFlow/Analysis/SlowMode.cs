namespace LatticeFlow.Analysis;

/// <summary>
/// A slow observable y of an ensemble: its fluctuations and its autocovariance Γ_y up to the window, as the shape of the tail that faster observables of the same chains have without showing it
/// (<see cref="SlowTail"/>).
/// </summary>
public sealed class SlowMode
{
    private SlowMode(string name, ConfigurationGrid grid, GammaResult result)
    {
        Name = name;
        Grid = grid;
        TauInt = result.TauInt;
        Window = Math.Min(result.Window, result.Gamma.Length - 1);
        Gamma = result.Gamma;
        TauExp = ExponentialTime(result);
        RelativeErrorOfTau = result.TauIntError / result.TauInt;
        IsCorrected = result.Convention == GammaConvention.UWerr;
    }

    public string Name { get; }

    /// <summary>In strides, as all times here.</summary>
    public double TauInt { get; }

    /// <summary>max_t t/(2 ln[ρ(t/2)/ρ(t)]) over lags at which ρ stands out of its error by a factor 2, and ρ(t/2) above ρ(t) by more than that error; at least τ_int (Schaefer, Sommer, Virotta, arXiv:1009.5228, eq. 25).</summary>
    public double TauExp { get; }

    internal int Window { get; }

    internal double RelativeErrorOfTau { get; }

    /// <summary>Whether Γ has the bias correction of UWerr's convention.</summary>
    internal bool IsCorrected { get; }

    /// <summary>With the bias correction of its convention; longer than the window by at least one.</summary>
    internal double[] Gamma { get; }

    internal ConfigurationGrid Grid { get; }

    /// <summary>Null where the series has no autocorrelation that could be known: constants, frozen chains, single values, anticorrelated ones.</summary>
    public static SlowMode? Of(string name, IReadOnlyList<double[]> replicas, GammaOptions options)
    {
        GammaResult result = GammaMethod.Analyze(replicas, options with { TauExp = 0, SlowModes = [] });
        if (!(result.Error > 0) || !(result.TauInt > 0.5) || result.Window == 0) return null;
        PrimaryMeans means = PrimaryMeans.Of([replicas]);
        double[][] fluctuations = [.. replicas.Select((series, r) =>
        {
            double centre = options.Convention == GammaConvention.UWerr ? means.Global[0] : means.ByReplica[r][0];
            return series.Select(x => x - centre).ToArray();
        })];
        return new(name, ConfigurationGrid.Of(fluctuations, options.ConfigurationNumbers), result);
    }

    private static double ExponentialTime(GammaResult result)
    {
        double largest = result.TauInt;
        for (int t = 2; t <= result.Window; t += 2)
        {
            double half = result.Rho[t / 2], whole = result.Rho[t];
            if (whole < 2 * result.RhoError[t]) break;
            if (half - whole > result.RhoError[t]) largest = Math.Max(largest, t / (2 * Math.Log(half / whole)));
        }

        return largest;
    }
}
