using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether an ensemble is what was stored, and what was stored agrees with itself.</summary>
public sealed class EnsembleChecks(VerifiedRun run, Checklist list)
{
    // Sums over the sites in another order than the kernels': a few ulp of the mean, and of the sum of n terms.
    private const double PlaquetteTolerance = 1e-12;
    private const double ActionTolerancePerTerm = 1e-13;

    // Links are brought back to the group at the end of each transition: rounding of the last step alone.
    private const double GroupTolerance = 1e-13;

    // Rounding of a sum of V angles below π.
    private const double ChargeTolerance = 1e-9;

    // ln w = −S − ln q is stored as computed.
    private const double LogWeightTolerance = 1e-9;

    // Stored ln q comes from the forward pass, recomputed ln q from the inverse: each layer and link adds a rounding of the precision, magnified by the slopes of the maps.
    private const double LogDensityToleranceSingle = 1e-2;
    private const double LogDensityToleranceDouble = 1e-9;

    /// <summary>Standard deviations that ⟨exp(−ΔH)⟩ may be from 1: one false alarm in 16,000.</summary>
    private const double LargestPull = 4;

    /// <summary>Configurations of an ensemble whose ln q is recomputed: the flow is much slower than the rest.</summary>
    private const int MostDensities = 4096;

    public void Run(SampleSettings sample, FlowModel? flow) => list.Group($"{sample.Name}: hashes", () =>
    {
        var reader = EnsembleReader.Open(ExistingRun.Ensemble(run.Path, sample.Name));
        var worst = new Deviations();
        for (var segment = 0; segment < reader.Segments.Count; segment++) worst.Add(run.Group, run.Action.Couplings, reader.ReadSegment(segment));
        list.Passed($"{sample.Name}: hashes", $"{reader.Segments.Count} segments, {reader.Count} of {sample.Configurations} configurations");
        list.AtMost($"{sample.Name}: stored action", "largest difference from that of the stored links", worst.Action,
            ActionTolerancePerTerm * run.Lattice.Plaquettes * LargestCoupling(run.Action.Couplings));
        if (worst.Plaquette is { } plaquette) list.AtMost($"{sample.Name}: stored plaquette", "largest difference from that of the stored links", plaquette, PlaquetteTolerance);
        if (run.Group != GaugeGroup.U1) list.AtMost($"{sample.Name}: links in the group", "largest |U U+ - 1| or |det U - 1|", worst.Defect, GroupTolerance);
        if (run.Group == GaugeGroup.U1 && run.Lattice.Dimensions == 2) list.AtMost($"{sample.Name}: topological charge", "largest distance from an integer", worst.Fraction, ChargeTolerance);
        if (worst.Charge is { } charge) list.AtMost($"{sample.Name}: stored charge", "largest difference from that of the stored links", charge, ChargeTolerance);
        if (worst.LogWeight is { } weight) list.AtMost($"{sample.Name}: stored log_weight", "largest difference from -S - log q", weight, LogWeightTolerance);
        if (flow is not null && TransitionFactory.KnowsDensity(sample.Transition)) Densities(sample, reader, flow);
        if (TransitionFactory.HasTrajectories(sample.Transition)) EnergyViolations(sample, reader);
    });

    // Loops of a plaquette: itself, and the two rectangles that begin with it.
    private static double LargestCoupling(LoopCouplings couplings)
        => Math.Max(1, couplings.Plaquettes.Max(Math.Abs) + (2 * couplings.Rectangles.Max(Math.Abs)));

    private void Densities(SampleSettings sample, EnsembleReader reader, FlowModel flow)
    {
        using var proposals = new Sampling.FlowProposals(run.Device, run.Precision, flow, run.Lattice, 1, 256);
        double largest = 0;
        long compared = 0;
        for (var segment = 0; segment < reader.Segments.Count && compared < MostDensities; segment++)
        {
            var block = reader.ReadSegment(segment);
            var count = (int)Math.Min(block.Count, MostDensities - compared);
            var recomputed = new double[count];
            proposals.LogDensity(block.Field.AsSpan(0, count * run.Lattice.Links), recomputed);
            for (var row = 0; row < count; row++) largest = Deviations.Larger(largest, recomputed[row] - block.LogQ![row]);
            compared += count;
        }
        list.AtMost($"{sample.Name}: stored log_q", $"largest difference from that of the inverse flow, {compared} configurations", largest,
            run.Precision == Compute.Precision.Double ? LogDensityToleranceDouble : LogDensityToleranceSingle);
    }

    private void EnergyViolations(SampleSettings sample, EnsembleReader reader)
    {
        double[][] factors = [.. reader.ReadColumn("delta_h").Select(replica => replica.Select(delta => Math.Exp(-delta)).ToArray())];
        var name = $"{sample.Name}: <exp(-dH)>";
        if (!factors.All(replica => replica.All(double.IsFinite)))
        {
            list.AtMost(name, "pull from 1", double.NaN, LargestPull);
            return;
        }
        var result = GammaMethod.Analyze(factors);
        var figure = FormattableString.Invariant($"{result.Mean:F6} with error {result.Error:G2}, pull from 1");
        list.AtMost(name, figure, result.Error > 0 ? (result.Mean - 1) / result.Error : result.Mean == 1 ? 0 : double.NaN, LargestPull);
    }

    /// <summary>The largest deviations seen so far; null where the column is not stored.</summary>
    private sealed class Deviations
    {
        public double Action { get; private set; }

        public double? Plaquette { get; private set; }

        public double? Charge { get; private set; }

        public double Fraction { get; private set; }

        public double Defect { get; private set; }

        public double? LogWeight { get; private set; }

        public void Add(GaugeGroup group, LoopCouplings couplings, EnsembleBlock block)
        {
            var numbers = couplings.Lattice.Links * group.StoredNumbers;
            var measurements = new HostMeasurement[block.Count];
            Parallel.For(0, block.Count, row => measurements[row] = HostMeasurement.Of(group, couplings, block.Field.AsSpan(row * numbers, numbers).ToArray()));
            var hasPlaquette = block.Observables.TryGetValue("plaquette", out var plaquettes);
            var hasCharge = block.Observables.TryGetValue("topological_charge", out var charges);
            for (var row = 0; row < block.Count; row++)
            {
                var measured = measurements[row];
                Defect = Larger(Defect, measured.Defect);
                Action = Larger(Action, measured.Action - block.Action[row]);
                Fraction = Larger(Fraction, measured.Charge - Math.Round(measured.Charge));
                if (hasPlaquette) Plaquette = Larger(Plaquette ?? 0, measured.Plaquette - plaquettes.Values[row]);
                if (hasCharge) Charge = Larger(Charge ?? 0, measured.Charge - charges.Values[row]);
                if (block.LogWeight is { } weight && block.LogQ is { } logQ) LogWeight = Larger(LogWeight ?? 0, weight[row] + block.Action[row] + logQ[row]);
            }
        }

        /// <summary>The larger of a deviation and |another|; NaN wins and stays.</summary>
        public static double Larger(double a, double b) => Math.Max(a, Math.Abs(b));
    }
}
