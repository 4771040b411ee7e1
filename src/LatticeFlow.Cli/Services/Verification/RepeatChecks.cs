using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>
/// Whether a chain with the settings of the run makes what is stored: a few transitions are made again from saved states, and from the start, and compared bit for bit. They are the same on every
/// number of threads, and not on every device: segments of another device are not compared.
/// </summary>
public sealed class RepeatChecks(VerifiedRun run, Checklist list)
{
    // Numbers of all replicas times transitions: seconds on one core.
    private const long MostWork = 1L << 27;
    private const int Boundaries = 3;

    public void Run(SampleSettings sample, FlowModel? flow) => list.Group($"{sample.Name}: repeated transitions", () =>
    {
        if (run.Merged is not null)
        {
            list.Passed($"{sample.Name}: repeated transitions", "not made: a merged run has no states of chains; verify the runs that it was made of");
            return;
        }
        // What is wrong with the flow is said there.
        if (sample.Transition.UsesFlow && flow is null) return;
        var reader = EnsembleReader.Open(ExistingRun.Ensemble(run.Path, sample.Name));
        using var proposals = sample.Transition.StartsFromFlow
            ? new ProposalSources(run.Device, run.Precision, flow!, new FieldSpace(run.Action.Field, run.Lattice), TransitionFactory.ProposalsOfDraw, sample.Replicas)
            : null;
        Saved(sample, flow, proposals, reader);
        Start(sample, flow, proposals, reader);
    });

    private void Saved(SampleSettings sample, FlowModel? flow, ProposalSources? proposals, EnsembleReader reader)
    {
        var last = reader.Segments.Count - 1;
        string? state = null, repeated = null;
        int compared = 0, elsewhere = 0;
        foreach (var segment in Chosen(last))
        {
            run.Session.Context.Stop.Token.ThrowIfCancellationRequested();
            using var chain = SamplingStage.Create(run.Session, sample, flow, proposals);
            var saved = reader.ReadState(segment);
            SamplingStage.Restore(chain, saved.Sections, Path.Join(ExistingRun.Ensemble(run.Path, sample.Name), reader.Segments[segment].File));
            state ??= StateDifference(chain, sample, segment, reader.ReadSegment(segment));
            if (segment == last) continue;
            if (IsElsewhere(reader, segment + 1))
            {
                elsewhere++;
                continue;
            }
            var stored = reader.ReadSegment(segment + 1);
            if (SegmentRows.DifferenceAfter(run.Session, sample, chain, saved, stored) is { } fault) repeated ??= $"from the state of segment {segment}: {fault}{Build(reader, segment + 1)}";
            compared++;
        }
        list.Unless($"{sample.Name}: saved state", state, "the states of the chain are those of the last stored configurations");
        if (last > 0) list.Unless($"{sample.Name}: repeated transitions", repeated, $"after {compared} of {last} segments the next configurations came out bit for bit{Elsewhere(elsewhere)}");
    }

    // Thermalization is short beside the rest, or it takes as long as the whole run did.
    private void Start(SampleSettings sample, FlowModel? flow, ProposalSources? proposals, EnsembleReader reader)
    {
        var name = $"{sample.Name}: repeated start";
        if (IsElsewhere(reader, 0))
        {
            list.Passed(name, $"not compared:{Elsewhere(1)}");
            return;
        }
        if (!run.All && (sample.Thermalization + (double)sample.Stride) * sample.Replicas * run.Space.StoredNumbers > MostWork)
        {
            list.Passed(name, $"not compared: {sample.Thermalization} transitions of {sample.Replicas} replicas take long (--all makes them)");
            return;
        }
        using var chain = SamplingStage.Create(run.Session, sample, flow, proposals);
        while (chain.Step < sample.Thermalization)
        {
            run.Session.Context.Stop.Token.ThrowIfCancellationRequested();
            chain.Advance();
        }
        var fault = SegmentRows.DifferenceAfter(run.Session, sample, chain, null, reader.ReadSegment(0));
        list.Unless(name, fault is null ? null : fault + Build(reader, 0), "thermalization and the first configurations came out bit for bit");
    }

    private int[] Chosen(int last)
    {
        if (run.All || last <= Boundaries) return [.. Enumerable.Range(0, last + 1)];
        // Another one for another run, the same one at every look at it.
        var between = 1 + (int)(run.Seed("boundary") % (ulong)(last - 2));
        return [.. new[] { 0, between, last - 1, last }.Distinct()];
    }

    private string? StateDifference(MarkovChain chain, SampleSettings sample, int segment, Storage.EnsembleBlock block)
    {
        var step = block.Step[^1];
        if (chain.Step != step) return $"segment {segment}: its state is that of step {chain.Step}, its last row of step {step}";
        var field = Rounded(sample, run.Action.Field.ToStored(chain.Field));
        var numbers = field.Length / sample.Replicas;
        // The last draw of all may be stored in part.
        for (var row = Math.Max(0, block.Count - sample.Replicas); row < block.Count; row++)
        {
            if (block.Step[row] != step || block.Replica[row] < 0 || block.Replica[row] >= sample.Replicas) continue;
            var replica = (int)block.Replica[row];
            if (block.FieldIndexOf(row) is >= 0 and var place && !field.AsSpan(replica * numbers, numbers).SequenceEqual(block.Field.AsSpan(place * numbers, numbers))) return $"segment {segment}: its state is not the configuration of row {row}";
            if (!chain.Action[replica].Equals(block.Action[row])) return FormattableString.Invariant($"segment {segment}: S of its state is {chain.Action[replica]}, and {block.Action[row]} in row {row}");
        }
        return null;
    }

    private double[] Rounded(SampleSettings sample, double[] field) => BlockRows.AsRead(field, SamplingStage.Header(run.Session, sample), sample.Store.Encoding);

    private bool IsElsewhere(EnsembleReader reader, int segment) => Model(reader.ReadHeader(segment).Device) != Model(run.Device.Name);

    private string Elsewhere(int segments) => segments == 0 ? "" : $" {segments} drawn on another device than {Model(run.Device.Name)}, where rounding is another";

    private static string Build(EnsembleReader reader, int segment)
    {
        var header = reader.ReadHeader(segment);
        return header.Commit == Provenance.OfThisBuild().Commit ? "" : $" (drawn by version {header.Version}, commit {header.Commit}; this is another)";
    }

    // Without the number of threads.
    private static string Model(string device) => device.Split(" (")[0];
}
