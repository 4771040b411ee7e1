using System.Text.Json.Nodes;
using LatticeFlow.Costs;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>What a segment cost, as a part of its line in <c>metrics.jsonl</c>: <c>work</c> (elements by kind, and <c>flops</c> where all are stated), <c>thermalization_seconds</c> of the first, <c>joules</c> where they were measured.</summary>
internal static class CostRecord
{
    private const string Done = "work";
    private const string Flops = "flops";
    private const string Thermal = "thermalization_seconds";
    private const string Spent = "joules";

    /// <summary>Adds it to a line.</summary>
    public static void Write(JsonObject line, UnfinishedSegment segment)
    {
        if (segment.Work is { } work)
        {
            var counts = new JsonObject();
            foreach (var kind in Work.Kinds.Where(kind => work[kind] != 0)) counts[Work.Name(kind)] = work[kind];
            if (double.IsFinite(work.Flops)) counts[Flops] = work.Flops;
            line[Done] = counts;
        }
        if (segment.ThermalizationSeconds > 0) line[Thermal] = segment.ThermalizationSeconds;
        if (segment.Joules is var joules && double.IsFinite(joules)) line[Spent] = joules;
    }

    /// <summary>
    /// The cost of an ensemble of <paramref name="configurations"/>, all lives of the run added up, scaled up where a killed run lost the record of a segment as the seconds are; null where a segment has no record of its work.
    /// </summary>
    public static SamplingCost? Read(RunDirectory directory, string sample, long configurations)
    {
        var lines = ExistingRun.SegmentRecords(directory.Path, sample);
        var counted = lines.Sum(line => ExistingRun.Number(line, "configurations"));
        if (!(counted > 0) || lines.Any(line => line[Done] is not JsonObject)) return null;
        var sum = new Work();
        foreach (var line in lines) sum.Add(Of((JsonObject)line[Done]!));
        var scale = configurations / counted;
        var joules = lines.Sum(line => ExistingRun.Number(line, Spent)) * scale;
        return new(sum.Times(scale), lines.Sum(line => ExistingRun.Number(line, "seconds")) * scale, lines.Sum(line => line[Thermal] is null ? 0 : ExistingRun.Number(line, Thermal)), double.IsFinite(joules) ? joules : null);
    }

    private static Work Of(JsonObject counts)
    {
        double[] numbers = [.. Work.Kinds.Select(kind => counts[Work.Name(kind)] is null ? 0 : ExistingRun.Number(counts, Work.Name(kind))), ExistingRun.Number(counts, Flops)];
        return Work.FromNumbers(numbers);
    }
}
