using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether an ensemble is what was stored, and what was stored agrees with itself and with the run.</summary>
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

    // A mean over a segment, added up in another order.
    private const double MeanTolerance = 1e-12;

    public void Run(SampleSettings sample, FlowModel? flow) => list.Group($"{sample.Name}: hashes", () =>
    {
        var reader = EnsembleReader.Open(ExistingRun.Ensemble(run.Path, sample.Name));
        Stored(sample, reader);
        if (flow is not null && TransitionFactory.KnowsDensity(sample.Transition)) Densities(sample, reader, flow);
        if (TransitionFactory.HasTrajectories(sample.Transition)) EnergyViolations(sample, reader);
        if (sample.Transition.IsWeighted) Weights(sample, reader);
    });

    private void Stored(SampleSettings sample, EnsembleReader reader)
    {
        var numbers = new FieldSpace(run.Action.Field, run.Lattice).StoredNumbers;
        var rows = new RowSample(reader.Segments.Count, reader.Count, numbers, run.All);
        var planned = Enumerable.Range(0, reader.Segments.Count).Sum(segment => (long)rows.RowsOf(segment, reader.Segments[segment].Count).Length);
        var stored = StoredChecks.Of(run.Action, sample.Store.Encoding.IsSingle);
        using var observables = new ObservableChecks(run, run.Configuration.Analyze.Observables.Where(name => !stored.Recomputes(name)), planned, sample.Store.Encoding.IsSingle);
        var attributes = new AttributeChecks(run, sample);
        var order = new RowChecks(sample, reader, run.Merged?.Of(sample.Name) ?? []);
        double? logWeight = null;
        string? mean = null;
        for (var segment = 0; segment < reader.Segments.Count; segment++)
        {
            run.Session.Context.Stop.Token.ThrowIfCancellationRequested();
            attributes.Add(segment, reader.ReadHeader(segment), reader.Segments[segment].Count);
            var (chosen, block) = Chosen(sample, reader, rows, segment);
            var some = BlockRows.Take(block, chosen);
            if (some.Count > 0)
            {
                stored.Add(some);
                observables.Add(some);
            }
            order.Add(segment, block, some, chosen);
            mean ??= MeanDifference(reader.Segments[segment], block);
            if (block.LogWeight is not { } weight || block.LogQ is not { } logQ) continue;
            for (var row = 0; row < block.Count; row++) logWeight = StoredChecks.Larger(logWeight ?? 0, weight[row] + block.Action[row] + logQ[row]);
        }
        list.Unless($"{sample.Name}: hashes", mean, $"{reader.Segments.Count} segments, {reader.Count} configurations{Recomputed(sample, rows, planned)}");
        attributes.Report(list);
        order.Report(list);
        stored.Report(sample.Name, list);
        observables.Report(sample.Name, list);
        if (logWeight is { } deviation) list.AtMost($"{sample.Name}: stored log_weight", "largest difference from -S - log q", deviation, LogWeightTolerance);
    }

    private static string Recomputed(SampleSettings sample, RowSample rows, long planned)
        => sample.Store.Every == 0 ? " of which observables alone are stored, and nothing is recomputed" : !sample.Store.IsWhole ? $", of every {sample.Store.Every}th step the links are stored and recomputed"
        : rows.IsWhole ? "" : $", {planned} of them recomputed (--all: all)";

    // Rows that have their configuration.
    private static (int[] Rows, EnsembleBlock Block) Chosen(SampleSettings sample, EnsembleReader reader, RowSample rows, int segment)
    {
        var block = sample.Store.IsWhole ? null : reader.ReadSegment(segment, withField: false);
        var chosen = rows.RowsOf(segment, block?.FieldCount ?? reader.Segments[segment].Count);
        if (block?.FieldRows is { } stored) chosen = [.. chosen.Select(i => stored[i])];
        return (chosen, block is not null && chosen.Length == 0 ? block : reader.ReadSegment(segment, withField: chosen.Length > 0));
    }

    private static string? MeanDifference(ManifestEntry entry, EnsembleBlock block)
        => entry.MeanPlaquette is { } said && block.Observables.TryGetValue("plaquette", out var column) && !(Math.Abs(column.Values.Average() - said) <= MeanTolerance)
            ? FormattableString.Invariant($"manifest.jsonl says that the mean plaquette of {entry.File} is {said}, it is {column.Values.Average()}")
            : null;

    private void Densities(SampleSettings sample, EnsembleReader reader, FlowModel flow)
    {
        using var sources = new ProposalSources(run.Device, run.Precision, flow, run.Space, 1, 256);
        var proposals = sources.OfStored(sample.Transition);
        var numbers = new FieldSpace(run.Action.Field, run.Lattice).StoredNumbers;
        var most = run.All ? long.MaxValue : MostDensities;
        double largest = 0;
        long compared = 0;
        for (var segment = 0; segment < reader.Segments.Count && compared < most; segment++)
        {
            run.Session.Context.Stop.Token.ThrowIfCancellationRequested();
            var block = reader.ReadSegment(segment);
            var count = (int)Math.Min(block.FieldCount, most - compared);
            if (count == 0) continue;
            var rows = BlockRows.Rows(block);
            var recomputed = new double[count];
            proposals.LogDensity(run.Action.Field.FromStored(block.Field.AsSpan(0, count * numbers)), recomputed);
            for (var row = 0; row < count; row++) largest = StoredChecks.Larger(largest, recomputed[row] - block.LogQ![rows[row]]);
            compared += count;
        }
        list.AtMost($"{sample.Name}: stored log_q", $"largest difference from that of the inverse flow, {compared} configurations", largest,
            run.Precision == Compute.Precision.Double && !sample.Store.Encoding.IsSingle ? LogDensityToleranceDouble : LogDensityToleranceSingle);
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

    // Jarzynski: ⟨e^{−W}⟩ = Z/Z_0, where both are known; elsewhere that every row has a weight.
    private void Weights(SampleSettings sample, EnsembleReader reader)
    {
        var name = $"{sample.Name}: mean weight";
        var log = reader.ReadColumn("log_weight");
        if (log.Any(replica => replica.Any(double.IsNaN)) || log.All(replica => replica.All(double.IsNegativeInfinity)))
        {
            list.AtMost(name, "pull of ln Z/Z_0", double.NaN, LargestPull);
            return;
        }
        var theory = run.Configuration.Theory.Document;
        double largest = log.Max(replica => replica.Max());
        var result = GammaMethod.Analyze([.. log.Select(replica => replica.Select(x => Math.Exp(x - largest)).ToArray())]);
        double ratio = largest + Math.Log(result.Mean), error = result.Error / result.Mean;
        var figure = FormattableString.Invariant($"ln<e^-W> = {ratio:F4} with error {error:G2}");
        if (new ExactResults(theory).LogPartitionFunction - sample.Transition.StartLogPartitionFunction(theory) is not { } exact) list.Unless(name, null, $"{figure}; ln Z/Z_0 is not known exactly");
        else list.AtMost(name, $"{figure}, exact {exact.ToString("F4", System.Globalization.CultureInfo.InvariantCulture)}, pull", error > 0 ? (ratio - exact) / error : double.NaN, LargestPull);
    }
}
