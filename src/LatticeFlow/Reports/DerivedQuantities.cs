using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Analysis;
using LatticeFlow.Observables;

namespace LatticeFlow.Reports;

/// <summary>A function of the mean values of measured observables; its error is the Γ-method's on the projected fluctuations.</summary>
/// <param name="Name">As observables are named.</param>
/// <param name="Primaries">The series of the observables it is a function of.</param>
/// <param name="Function">The function.</param>
/// <param name="WhenUndefined">What it means when the function does not exist at the mean values.</param>
/// <param name="ExactNames">Names of the primaries for which exact results may be known; empty: there are none.</param>
public sealed record DerivedQuantity(
    string Name, IReadOnlyList<IReadOnlyList<double[]>> Primaries, Func<double[], double> Function, string WhenUndefined, IReadOnlyList<string> ExactNames)
{
    /// <summary>The same of series with what the weights of their rows make of them.</summary>
    internal DerivedQuantity Weighed(EnsembleSeries series) => series.Weights is null ? this : this with { Primaries = [.. Primaries.Select(series.Weighed)] };

    /// <summary>The function of the exact values of the primaries, or null.</summary>
    public double? Exact(ExactResults exact)
    {
        double?[] values = [.. ExactNames.Select(exact.Value)];
        return values.Length == 0 || values.Any(value => value is null) ? null : Function([.. values.Select(value => value!.Value)]);
    }
}

/// <summary>What is derived from the observables that were measured, wherever all that is needed was. S stands for the suffix of a smearing, or nothing.</summary>
public static partial class DerivedQuantities
{
    /// <summary>χ_P = V_s (⟨|P|²⟩ − ⟨|P|⟩²) of the loops along direction 0, V_s the volume of the other directions.</summary>
    public const string PolyakovSusceptibility = "polyakov_susceptibility";

    /// <summary>1 − ⟨|P|⁴⟩/(3 ⟨|P|²⟩²) of the loops along direction 0 (K. Binder, Z. Phys. B 43 (1981) 119): 2/3 where |P| is constant; in the confined phase of a large volume 0 of SU(2) and 1/3 of a complex loop.</summary>
    public const string PolyakovBinder = "polyakov_binder";

    /// <summary>⟨Q²⟩/V of the charge <c>clover_charge</c>; with the suffix of its smearing behind it.</summary>
    public const string CloverSusceptibility = "clover_susceptibility";

    /// <summary>t0 of <see cref="FlowScale.T0"/>, from <c>flow_energy_T</c>.</summary>
    public const string FlowT0 = "flow_t0";

    /// <summary>w0 of <see cref="FlowScale.W0"/>, from <c>flow_energy_T</c>.</summary>
    public const string FlowW0 = "flow_w0";

    private const string CreutzRatio = "creutz_ratio_";
    private const string StaticPotential = "static_potential_";

    private const string CloverCharge = "clover_charge";

    private const string LoopLost = "a Wilson loop is not distinguishable from zero; use smaller or smeared loops, or more configurations";

    /// <summary>Whether a name is that of a Creutz ratio or of the static potential.</summary>
    public static bool IsOfLoops(string name) => name.StartsWith(CreutzRatio, StringComparison.Ordinal) || name.StartsWith(StaticPotential, StringComparison.Ordinal);

    /// <summary>Whether a name is that of something which is derived where all that is needed was measured.</summary>
    public static bool MayDerive(string name) => IsOfLoops(name) || name.StartsWith(CloverSusceptibility, StringComparison.Ordinal)
        || name is PolyakovSusceptibility or PolyakovBinder or FlowT0 or FlowW0 or ScalarQuantities.Susceptibility or ScalarQuantities.BinderCumulant or ScalarQuantities.CorrelationLength;

    /// <summary>
    /// <c>creutz_ratio_RxTS</c> = −ln[W(R, T) W(R−1, T−1)/(W(R, T−1) W(R−1, T))] (M. Creutz, Phys. Rev. Lett. 45 (1980) 313) and <c>creutz_ratio_temporal_RxTS</c>; <c>static_potential_RxTS</c> = −ln[W(R, T+1)/W(R, T)] of
    /// temporal loops; <see cref="PolyakovSusceptibility"/>; <see cref="CloverSusceptibility"/>; in four dimensions <see cref="FlowT0"/> and <see cref="FlowW0"/>; of a scalar <see cref="ScalarQuantities"/>.
    /// </summary>
    public static IEnumerable<DerivedQuantity> Of(EnsembleSeries series, IReadOnlyList<int> extents)
    {
        ArgumentNullException.ThrowIfNull(series);
        return [.. Loops(series), .. Polyakov(series, extents), .. Charge(series, extents), .. Flow(series, extents), .. ScalarQuantities.Of(series, extents)];
    }

    private static IEnumerable<DerivedQuantity> Loops(EnsembleSeries series)
    {
        var loops = new Dictionary<Loop, IReadOnlyList<double[]>>();
        foreach ((string name, IReadOnlyList<double[]> replicas) in series.Observables)
        {
            if (Loop.Parse(name) is { } loop)
                loops.TryAdd(loop, replicas);
        }

        foreach (Loop loop in loops.Keys.Order())
        {
            if (Find(loops, loop, [(0, 0), (-1, -1), (0, -1), (-1, 0)]) is { } square)
                yield return new(CreutzRatio + loop.Shown, square, w => -Math.Log(w[0] * w[1] / (w[2] * w[3])), LoopLost, loop.Exact([(0, 0), (-1, -1), (0, -1), (-1, 0)]));
            if (loop.IsTemporal && Find(loops, loop, [(0, 1), (0, 0)]) is { } neighbours)
                yield return new(StaticPotential + loop.Shown["temporal_".Length..], neighbours, w => -Math.Log(w[0] / w[1]), LoopLost, loop.Exact([(0, 1), (0, 0)]));
        }
    }

    private static IReadOnlyList<IReadOnlyList<double[]>>? Find(Dictionary<Loop, IReadOnlyList<double[]>> loops, Loop loop, (int R, int T)[] offsets)
    {
        var found = new List<IReadOnlyList<double[]>>();
        foreach (var (r, t) in offsets)
        {
            if (!loops.TryGetValue(loop.Grown(r, t), out IReadOnlyList<double[]>? replicas))
                return null;
            found.Add(replicas);
        }

        return found;
    }

    private static IEnumerable<DerivedQuantity> Polyakov(EnsembleSeries series, IReadOnlyList<int> extents)
    {
        if (!series.Observables.TryGetValue("polyakov_abs", out IReadOnlyList<double[]>? absolute))
            yield break;
        double volume = extents.Skip(1).Aggregate(1.0, (product, extent) => product * extent);
        yield return new(
            PolyakovSusceptibility, [EnsembleAnalysis.Map(absolute, p => p * p), absolute], means => volume * (means[0] - (means[1] * means[1])), "the variance of |P| does not exist", []);
        yield return new(
            PolyakovBinder, [EnsembleAnalysis.Map(absolute, p => p * p * p * p), EnsembleAnalysis.Map(absolute, p => p * p)], means => 1 - (means[0] / (3 * means[1] * means[1])), "the second moment of P vanishes", []);
    }

    private static IEnumerable<DerivedQuantity> Charge(EnsembleSeries series, IReadOnlyList<int> extents)
    {
        double volume = extents.Aggregate(1.0, (product, extent) => product * extent);
        foreach ((string name, IReadOnlyList<double[]> charge) in series.Observables)
        {
            if (name.StartsWith(CloverCharge, StringComparison.Ordinal))
                yield return new(CloverSusceptibility + name[CloverCharge.Length..], [EnsembleAnalysis.Map(charge, q => q * q)], means => means[0] / volume, "the second moment of Q does not exist", []);
        }
    }

    private static IEnumerable<DerivedQuantity> Flow(EnsembleSeries series, IReadOnlyList<int> extents)
    {
        if (extents.Count != 4 || FlowedEnergies.Series(series) is not { } energies)
            yield break;
        string late = FormattableString.Invariant($"0.3 is not reached up to flow time {energies.Count * FlowEnergy.Spacing:G4}; measure flow_energy_T with a larger T");
        yield return new(FlowT0, energies, means => FlowScale.T0(means, FlowEnergy.Spacing), late, []);
        yield return new(FlowW0, energies, means => FlowScale.W0(means, FlowEnergy.Spacing), late, []);
    }

    /// <summary>A Wilson loop by its name; one that is not temporal has its longer side first.</summary>
    private readonly partial record struct Loop(bool IsTemporal, int R, int T, string Suffix) : IComparable<Loop>
    {
        public string Shown => $"{(IsTemporal ? "temporal_" : "")}{R}x{T}{Suffix}";

        public static Loop? Parse(string name)
        {
            if (name == "plaquette")
                return new(false, 1, 1, "");
            if (Pattern().Match(name) is not { Success: true } match)
                return null;
            int r = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), t = int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
            return new Loop(match.Groups[1].Success, r, t, match.Groups[4].Value).Grown(0, 0);
        }

        public Loop Grown(int r, int t) => IsTemporal ? this with { R = R + r, T = T + t } : this with { R = Math.Max(R + r, T + t), T = Math.Min(R + r, T + t) };

        // Exact results are those of two dimensions, where all directions are alike, and of links that are not smeared.
        public IReadOnlyList<string> Exact((int R, int T)[] offsets)
        {
            Loop loop = this;
            return Suffix.Length > 0 ? [] : [.. offsets.Select(grown => $"wilson_loop_{loop.R + grown.R}x{loop.T + grown.T}")];
        }

        public int CompareTo(Loop other) => (IsTemporal, Suffix, R, T).CompareTo((other.IsTemporal, other.Suffix, other.R, other.T));

        [GeneratedRegex(@"^wilson_loop_(temporal_)?([1-9][0-9]{0,3})x([1-9][0-9]{0,3})(_[a-z_]+[0-9.]+)?\z")]
        private static partial Regex Pattern();
    }
}
