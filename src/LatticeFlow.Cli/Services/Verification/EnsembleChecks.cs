using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether an ensemble is what was stored, and what was stored agrees with itself.</summary>
public sealed class EnsembleChecks(VerifiedRun run, Checklist list)
{
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
        var stored = StoredChecks.Of(run.Action);
        double? logWeight = null;
        for (var segment = 0; segment < reader.Segments.Count; segment++)
        {
            var block = reader.ReadSegment(segment);
            stored.Add(block);
            if (block.LogWeight is not { } weight || block.LogQ is not { } logQ) continue;
            for (var row = 0; row < block.Count; row++) logWeight = StoredChecks.Larger(logWeight ?? 0, weight[row] + block.Action[row] + logQ[row]);
        }
        list.Passed($"{sample.Name}: hashes", $"{reader.Segments.Count} segments, {reader.Count} of {sample.Configurations} configurations");
        stored.Report(sample.Name, list);
        if (logWeight is { } deviation) list.AtMost($"{sample.Name}: stored log_weight", "largest difference from -S - log q", deviation, LogWeightTolerance);
        if (flow is not null && TransitionFactory.KnowsDensity(sample.Transition)) Densities(sample, reader, flow);
        if (TransitionFactory.HasTrajectories(sample.Transition)) EnergyViolations(sample, reader);
    });

    private void Densities(SampleSettings sample, EnsembleReader reader, FlowModel flow)
    {
        using var sources = new ProposalSources(run.Device, run.Precision, flow, run.Space, 1, 256);
        var proposals = sources.OfStored(sample.Transition);
        var numbers = new FieldSpace(run.Action.Field, run.Lattice).StoredNumbers;
        double largest = 0;
        long compared = 0;
        for (var segment = 0; segment < reader.Segments.Count && compared < MostDensities; segment++)
        {
            var block = reader.ReadSegment(segment);
            var count = (int)Math.Min(block.Count, MostDensities - compared);
            var recomputed = new double[count];
            proposals.LogDensity(run.Action.Field.FromStored(block.Field.AsSpan(0, count * numbers)), recomputed);
            for (var row = 0; row < count; row++) largest = StoredChecks.Larger(largest, recomputed[row] - block.LogQ![row]);
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
}
