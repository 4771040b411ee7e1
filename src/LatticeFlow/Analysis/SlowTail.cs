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
            SlowTail tail = Of(grid, gamma, last, count, mode);
            if (tail.TauInt > (largest?.TauInt ?? 0)) largest = tail;
        }

        return largest;
    }

    private static SlowTail Of(ConfigurationGrid grid, double[] gamma, int last, int count, SlowMode mode)
    {
        int lags = mode.Window + 1;
        double[] cross = Autocorrelation.SymmetricCrossSums(grid.Series, mode.Grid.Series, lags), pairs = grid.Pairs(lags);
        double shared = 0, own = 0, beyond = 0, together = 0.5;
        for (int t = last; t < lags; t++)
        {
            shared += cross[t] / Math.Max(pairs[t], 1);
            own += mode.Gamma[t];
            if (t > last) beyond += mode.Gamma[t];
        }

        for (int t = 1; t <= last; t++) together += gamma[t] / gamma[0] * (mode.Gamma[t] / mode.Gamma[0]);
        if (own <= 0 || beyond <= 0) return new(mode.Name, 0, 0, 0, mode.TauExp);
        double amplitude = shared / own, share = mode.Gamma[0] / gamma[0];
        double tail = amplitude * amplitude * beyond / gamma[0];
        // A correlation coefficient of N values is known to √(2 τ/N), τ = ½ + Σ ρ_x ρ_y (Bartlett 1946); the mode keeps the share own/(lags Γ_y(0)) of it at these lags.
        double kept = own / (lags - last) / mode.Gamma[0];
        double error = Math.Sqrt(2 * Math.Max(together, 0.5) / count) / Math.Max(kept, 1e-3) / Math.Sqrt(share);
        double ofAmplitude = 2 * Math.Abs(amplitude) * error * beyond / gamma[0];
        return new(mode.Name, tail, Math.Sqrt((ofAmplitude * ofAmplitude) + (tail * tail * mode.RelativeErrorOfTau * mode.RelativeErrorOfTau)), amplitude * Math.Sqrt(share), mode.TauExp);
    }

    private static bool SameShape(ConfigurationGrid a, ConfigurationGrid b) => a.Stride == b.Stride && a.Spans.AsSpan().SequenceEqual(b.Spans);
}
