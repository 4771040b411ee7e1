namespace LatticeFlow.Analysis;

/// <summary>
/// The part of an observable's autocorrelation that a slow mode causes beyond the window. Where both see one mode, C_xy(t) = x₁ y₁ e^{−t/τ}, Γ_y(t) = y₁² e^{−t/τ} and Γ_x(t) = x₁² e^{−t/τ} = b² Γ_y(t) with
/// b = Σ C_xy/Σ Γ_y over the lags that y's window has and x's has not. x₁² is far below the noise of Γ_x where x₁ stands clear in C_xy, so that b is known long before the tail is seen. Its sum is
/// τ_int += b² Σ_{t>W} Γ_y(t)/Γ_x(0). The tail that S. Schaefer, R. Sommer, F. Virotta (Nucl. Phys. B 845 (2011) 93) attach for a given τ_exp has the amplitude ρ_x(W) and its noise in the place of b².
/// </summary>
/// <param name="Mode">The name of y.</param>
/// <param name="TauInt">What it adds to τ_int, in strides.</param>
/// <param name="TauIntError">Its error, of b and of τ_y.</param>
/// <param name="Overlap">b √(Γ_y(0)/Γ_x(0)): the correlation of both observables as the slow mode has it.</param>
/// <param name="TauExp">Of the mode.</param>
public sealed record SlowTail(string Mode, double TauInt, double TauIntError, double Overlap, double TauExp)
{
    /// <summary>τ_int of the mode, in strides.</summary>
    internal double TauIntOfMode { get; private init; }

    /// <summary>A mode has a tail to give where it is slower than the observable by this factor.</summary>
    private const double LeastRatio = 2;

    /// <summary>The largest of the tails of several modes; null without one that is slower.</summary>
    /// <param name="grid">Fluctuations of x.</param>
    /// <param name="gamma">Γ_x, with the bias correction of the convention.</param>
    /// <param name="last">Window of x.</param>
    /// <param name="tau">τ_int of x without a tail.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="modes">Candidates.</param>
    internal static SlowTail? Largest(ConfigurationGrid grid, double[] gamma, int last, double tau, int count, IReadOnlyList<SlowMode> modes)
    {
        SlowTail? largest = null;
        foreach (SlowMode mode in modes)
        {
            if (mode.TauInt < LeastRatio * tau || mode.Window <= last + 1 || !SameShape(grid, mode.Grid)) continue;
            SlowTail tail = Of(grid, gamma, last, tau, count, mode);
            if (tail.TauInt > (largest?.TauInt ?? 0)) largest = tail;
        }

        return largest;
    }

    private static SlowTail Of(ConfigurationGrid grid, double[] gamma, int last, double tau, int count, SlowMode mode)
    {
        int lags = mode.Window + 1;
        double[] cross = Autocorrelation.SymmetricCrossSums(grid.Series, mode.Grid.Series, lags), pairs = grid.Pairs(lags);
        double[] rho = [.. mode.Gamma.Take(lags).Select(value => value / mode.Gamma[0])];
        double unit = Math.Sqrt(gamma[0] * mode.Gamma[0]), shared = 0, own = 0, beyond = 0;
        for (int t = 0; t < lags; t++) cross[t] /= Math.Max(pairs[t], 1) * unit;
        // The mean that both series are measured from is one of theirs: C_xy is smaller by Σ_t C_xy(t)/N at every lag, as Γ_y is by Σ Γ_y/N.
        double bias = mode.IsCorrected ? ((2 * cross.Sum()) - cross[0]) / count : 0;
        for (int t = last; t < lags; t++)
        {
            shared += cross[t] + bias;
            own += rho[t];
            if (t > last) beyond += rho[t];
        }

        if (own <= 0 || beyond <= 0) return new(mode.Name, 0, 0, 0, mode.TauExp) { TauIntOfMode = mode.TauInt };
        double overlap = shared / own, error = Math.Sqrt(2 * tau / count * Noise(rho, last)) / own;
        double tail = overlap * overlap * beyond, ofOverlap = 2 * Math.Abs(overlap) * error * beyond, ofMode = tail * mode.RelativeErrorOfTau;
        return new(mode.Name, tail, Math.Sqrt((ofOverlap * ofOverlap) + (ofMode * ofMode)), overlap, mode.TauExp) { TauIntOfMode = mode.TauInt };
    }

    // Var Σ_t ½[C_xy(t) + C_xy(−t)] = (1/N) Σ_k ρ_x(k) ½ Σ_tt' [ρ_y(k + t − t') + ρ_y(k + t + t')] (Bartlett 1946), t and t' from the window of x to that of y; ρ_x falls so much faster that Σ_k ρ_x(k) = 2 τ_x stands before the rest at k = 0.
    private static double Noise(double[] rho, int last)
    {
        int terms = rho.Length - last;
        double sum = terms;
        for (int d = 1; d < terms; d++) sum += 2 * (terms - d) * rho[d];
        for (int s = 2 * last; s < rho.Length; s++) sum += (s - (2 * last) + 1) * rho[s];
        return Math.Max(sum, 0) / 2;
    }

    private static bool SameShape(ConfigurationGrid a, ConfigurationGrid b) => a.Stride == b.Stride && a.Spans.AsSpan().SequenceEqual(b.Spans);
}
