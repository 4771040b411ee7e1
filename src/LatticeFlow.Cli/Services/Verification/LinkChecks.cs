using LatticeFlow.Actions;
using LatticeFlow.Groups;
using LatticeFlow.Storage;
using static LatticeFlow.Cli.Services.Verification.StoredChecks;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Action, plaquette and charge of stored links, and whether these are in their group.</summary>
public sealed class LinkChecks(LoopAction theory, bool isSingle) : IStoredChecks
{
    // Sums over the sites in another order than the kernels': a few ulp of the mean, and of the sum of n terms.
    private const double PlaquetteTolerance = 1e-12;
    private const double ActionTolerancePerTerm = 1e-13;

    // Links are brought back to the group at the end of each transition: rounding of the last step alone.
    private const double GroupTolerance = 1e-13;

    // Rounding of a sum of V angles below π.
    private const double ChargeTolerance = 1e-9;

    // Of links that were rounded to 24 bits: an angle is off by 1.2e-7, a matrix by a few times 6e-8 in every number, and a loop by the sum over its links.
    private const double LoopToleranceSingle = 2e-6;

    // Angles keep their charge, unless a plaquette is so close to pi that rounding takes it across: of ten thousand plaquettes it does not happen once at couplings of interest.
    private const double ChangedChargesSingle = 0.01;

    // The largest deviations so far; null where the column is not stored.
    private double _action;
    private double? _plaquette;
    private double? _charge;
    private double? _squared;
    private double _fraction;
    private double _defect;
    private long _rows;
    private long _changed;

    public bool Recomputes(string observable) => observable is "plaquette" || (theory.Group == GaugeGroup.U1 && observable is "topological_charge" or "topological_charge_squared");

    public void Add(EnsembleBlock block)
    {
        var numbers = theory.Lattice.Links * theory.Group.StoredNumbers;
        var measurements = new HostMeasurement[block.Count];
        Parallel.For(0, block.Count, row => measurements[row] = HostMeasurement.Of(theory.Group, theory.Couplings, block.Field.AsSpan(row * numbers, numbers).ToArray()));
        var hasPlaquette = block.Observables.TryGetValue("plaquette", out var plaquettes);
        var hasSquare = block.Observables.TryGetValue("topological_charge_squared", out var squares);
        var hasCharge = block.Observables.TryGetValue("topological_charge", out var charges);
        for (var row = 0; row < block.Count; row++)
        {
            var measured = measurements[row];
            _defect = Larger(_defect, measured.Defect);
            _action = Larger(_action, measured.Action - block.Action[row]);
            _fraction = Larger(_fraction, measured.Charge - Math.Round(measured.Charge));
            if (hasPlaquette) _plaquette = Larger(_plaquette ?? 0, measured.Plaquette - plaquettes.Values[row]);
            if (hasSquare) _squared = Larger(_squared ?? 0, Math.Pow(Math.Round(measured.Charge), 2) - squares.Values[row]);
            if (hasCharge) _charge = Larger(_charge ?? 0, measured.Charge - charges.Values[row]);
            _rows++;
            if ((hasCharge && Math.Abs(measured.Charge - charges.Values[row]) > ChargeTolerance) || (hasSquare && Math.Pow(Math.Round(measured.Charge), 2) != squares.Values[row])) _changed++;
        }
    }

    public void Report(string sample, Checklist list)
    {
        list.AtMost($"{sample}: stored action", "largest difference from that of the stored links", _action, (isSingle ? LoopToleranceSingle : ActionTolerancePerTerm) * theory.Lattice.Plaquettes * LargestCoupling());
        if (_plaquette is { } plaquette) list.AtMost($"{sample}: stored plaquette", "largest difference from that of the stored links", plaquette, isSingle ? LoopToleranceSingle : PlaquetteTolerance);
        if (theory.Group != GaugeGroup.U1) list.AtMost($"{sample}: links in the group", "largest |U U+ - 1| or |det U - 1|", _defect, isSingle ? LoopToleranceSingle : GroupTolerance);
        if (theory.Group == GaugeGroup.U1 && theory.Lattice.Dimensions == 2) list.AtMost($"{sample}: topological charge", "largest distance from an integer", _fraction, ChargeTolerance);
        if (isSingle)
        {
            if ((_charge ?? _squared) is not null && _rows > 0) list.AtMost($"{sample}: stored charge", "share of configurations whose charge is another than that of the stored links", (double)_changed / _rows, ChangedChargesSingle);
            return;
        }
        if (_charge is { } charge) list.AtMost($"{sample}: stored charge", "largest difference from that of the stored links", charge, ChargeTolerance);
        if (_squared is { } squared) list.AtMost($"{sample}: stored topological_charge_squared", "largest difference from that of the stored links", squared, 0);
    }

    // Loops of a plaquette: itself, and the two rectangles that begin with it.
    private double LargestCoupling() => Math.Max(1, theory.Couplings.Plaquettes.Max(Math.Abs) + (2 * theory.Couplings.Rectangles.Max(Math.Abs)));
}
