using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Actions;
using LatticeFlow.Exact;
using LatticeFlow.Lattice;

namespace LatticeFlow.Reports;

/// <summary>
/// Exact expectation values by observable name, finite-volume effects included: Wilson's action on a two-dimensional torus for U(1) (all but |P|) and "SU2" … "SU8" (plaquette, Wilson loops, Polyakov loop, ln Z), links without an action in any dimension (β = 0), and the scalar without interaction.
/// Everything else is null: no result is known, and none is made up.
/// </summary>
public sealed partial class ExactResults
{
    private readonly TwoDimensionalU1? _u1;
    private readonly FreeScalar? _free;
    private readonly double? _plaquette;
    private readonly Func<int, int, double?>? _loop;
    private readonly TheoryDocument _theory;

    public ExactResults(TheoryDocument theory)
    {
        ArgumentNullException.ThrowIfNull(theory);
        _theory = theory;
        if (theory is { Action: "phi4", Lambda: 0, MassSquared: > 0 and < double.PositiveInfinity })
        {
            _free = new FreeScalar(theory.MassSquared.Value, theory.Extents);
            LogPartitionFunction = _free.LogPartitionFunction;
        }

        if (theory.IsOpen || theory.Action != "wilson" || theory.Extents is not [int first, int second] || !(theory.Beta >= 0) || !double.IsFinite(theory.Beta))
        {
            // Of a sum β is not a number.
            if (theory.Beta == 0 && theory.Action != "phi4" && theory.Extents.All(extent => extent > 1))
                (_plaquette, LogPartitionFunction, _loop) = (0, 0, (r, t) => r == t && theory.Extents.Contains(r) ? null : 0);
            return;
        }

        // The one plane of two dimensions contains direction 0.
        double beta = theory.Beta * theory.Anisotropy;
        if (theory.Group == "U1")
        {
            if (beta > TwoDimensionalU1.LargestBeta)
                return;
            _u1 = new TwoDimensionalU1(beta, first, second);
            (_plaquette, LogPartitionFunction, _loop) = (_u1.Plaquette, _u1.LogPartitionFunction, (r, t) => _u1.WilsonLoop(r, t));
        }
        else if (SpecialUnitary().Match(theory.Group) is { Success: true } match)
        {
            int colors = match.Groups[1].ValueSpan[0] - '0';
            if (beta > TwoDimensionalSUN.LargestBeta(colors))
                return;
            var exact = new TwoDimensionalSUN(colors, beta, first, second);
            (_plaquette, LogPartitionFunction, _loop) = (exact.Plaquette, exact.LogPartitionFunction, (r, t) => exact.WilsonLoop(r, t));
        }
    }

    public ExactResults(string group, string action, IReadOnlyList<int> extents, double beta)
        : this(new TheoryDocument(group, action, beta, extents))
    {
    }

    /// <summary>Of series without a theory: nothing is known.</summary>
    public static ExactResults None { get; } = new(new TheoryDocument("none", "none", double.NaN, []));

    /// <summary>Whether there is a theory.</summary>
    public bool HasTheory => _theory.Extents.Count > 0;

    public TheoryDocument Theory => _theory;

    /// <summary>ln Z with respect to normalised Haar measure, of a scalar to Π dφ; no constant in S.</summary>
    public double? LogPartitionFunction { get; }

    /// <summary>ln Z of the theory with a defect of coefficient c in its periodic lattice, in two dimensions; null where nothing is known.</summary>
    public double? LogPartitionFunctionWith(BoundaryDefect defect, double coefficient)
    {
        if (LogPartitionFunction is null || _theory.IsOpen || _theory.Action != "wilson" || _theory.Extents.Count != 2 || defect.Problem(_theory.Extents) is not null)
            return null;
        LatticeGeometry lattice = new([.. _theory.Extents]);
        int plaquettes = Enumerable.Range(0, lattice.Volume).Count(site => defect.HasPlaquette(lattice, site, 0));
        int colors = _theory.Group == "U1" ? 1 : _theory.Group[^1] - '0';
        return plaquettes == lattice.Volume ? null : new TwoDimensionalDefect(colors, _theory.Beta * _theory.Anisotropy, lattice.Volume, plaquettes, coefficient).LogPartitionFunction;
    }

    /// <summary>Probability of the topological sector.</summary>
    public double? ProbabilityOfCharge(int charge) => _u1?.ProbabilityOfCharge(charge);

    /// <summary>Exact value of the observable, or null.</summary>
    public double? Value(string observable) => observable switch
    {
        "plaquette" => _plaquette,
        // Centre symmetry: the loop carries charge under it.
        "polyakov_re" or "polyakov_im" => _plaquette is null ? null : 0,
        "topological_charge" => _u1 is null ? null : 0,
        "topological_charge_squared" => _u1?.TopologicalChargeSquared,
        EnsembleAnalysis.Susceptibility => _u1?.TopologicalSusceptibility,
        "phi_squared" => _free?.PhiSquared,
        "magnetization_squared" => _free?.MagnetizationSquared,
        "magnetization_abs" => _free?.MagnetizationAbsolute,
        "magnetization_fourth" => _free?.MagnetizationFourth,
        "two_point" => TwoPoint(0),
        ScalarQuantities.Susceptibility => _free?.Susceptibility,
        ScalarQuantities.BinderCumulant => _free is null ? null : 0,
        ScalarQuantities.CorrelationLength => _free?.CorrelationLength,
        _ => Loop(observable),
    };

    /// <summary>⟨C(t)⟩ of a scalar, or null.</summary>
    public double? TwoPoint(int separation) => _free?.TwoPoint(separation);

    /// <summary>⟨cos θQ⟩ = Z(θ)/Z(0), or null.</summary>
    public double? AverageSign(double theta) => _u1?.AverageSign(theta);

    /// <summary>Exact value with the weight e^{−S + iθQ}, of an observable that is odd in Q its imaginary part; or null.</summary>
    public double? ValueAt(double theta, string observable)
    {
        double? value = observable switch
        {
            "plaquette" => _u1?.PlaquetteAt(theta),
            "topological_charge" => _u1?.ImaginaryChargeAt(theta),
            "topological_charge_squared" => _u1?.ChargeSquaredAt(theta),
            _ => null,
        };
        return value is { } known && double.IsFinite(known) ? known : null;
    }

    // In two dimensions both orientations are alike, so that temporal loops are as all others. Both have to fit: a loop longer than one extent overlaps itself, and the area law does not hold.
    private double? Loop(string observable)
    {
        if (_loop is null || WilsonLoop().Match(observable) is not { Success: true } loop)
            return null;
        int r = int.Parse(loop.Groups[1].ValueSpan, CultureInfo.InvariantCulture), t = int.Parse(loop.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        return Math.Max(r, t) > _theory.Extents.Min() ? null : _loop(r, t);
    }

    [GeneratedRegex(@"^SU([2-8])\z")]
    private static partial Regex SpecialUnitary();

    [GeneratedRegex(@"^wilson_loop_(?:temporal_)?([1-9][0-9]{0,5})x([1-9][0-9]{0,5})\z")]
    private static partial Regex WilsonLoop();
}
