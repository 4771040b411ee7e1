using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Cli.Services;

/// <summary>What the ladders of a sample counted, from its last line in <c>metrics.jsonl</c>.</summary>
internal static class LadderRecord
{
    /// <summary>Null where there are no ladders, and of merged runs, whose sources counted with other rungs.</summary>
    public static LadderDocument? Read(string runDirectory, string sample) => MergedRun.IsAt(runDirectory) ? null : Of(ExistingRun.Transitions(runDirectory, sample));

    /// <summary>From what transitions count; null where there is no ladder among them.</summary>
    public static LadderDocument? Of(IEnumerable<TransitionStatistics> statistics)
    {
        TransitionStatistics[] all = [.. statistics];
        ExchangeDocument[] exchanges = [.. all.Where(one => one.Name.StartsWith(TransitionStatistics.ExchangePrefix, StringComparison.Ordinal))
            .Select(one => new ExchangeDocument(one.Name[TransitionStatistics.ExchangePrefix.Length..], one.Proposed, one.Accepted))];
        if (exchanges.Length == 0) return null;
        var trips = all.FirstOrDefault(one => one.Name == TransitionStatistics.RoundTrips);
        return trips is null ? new(exchanges) : new(exchanges) { Transitions = trips.Proposed, RoundTrips = trips.Accepted };
    }
}
