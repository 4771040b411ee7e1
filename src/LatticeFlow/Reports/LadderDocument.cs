using System.Globalization;
using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>Exchanges of the two neighbours on a ladder that <paramref name="Rungs"/> names by their values.</summary>
public sealed record ExchangeDocument(string Rungs, long Proposed, long Accepted)
{
    /// <summary>Accepted of those proposed; null before the first one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Acceptance => Proposed > 0 ? (double)Accepted / Proposed : null;
}

/// <summary>How configurations travel on the ladders of a tempering sampler, all chains together and without thermalization.</summary>
public sealed record LadderDocument(IReadOnlyList<ExchangeDocument> Exchanges)
{
    /// <summary>Below this acceptance hardly anything passes a pair.</summary>
    private const double LeastAcceptance = 0.05;

    /// <summary>With fewer attempts, a rate says nothing.</summary>
    private const int FewestProposed = 50;

    /// <summary>Transitions of all chains; null where round trips are not counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Transitions { get; init; }

    /// <summary>Configurations that went from one end of the ladder to the other and back; null where they are not counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RoundTrips { get; init; }

    /// <summary>In words.</summary>
    public override string ToString()
    {
        double[] rates = [.. Exchanges.Select(pair => pair.Acceptance).OfType<double>()];
        if (rates.Length == 0) return "no exchanges yet";
        string line = string.Create(CultureInfo.InvariantCulture, $"neighbours on the ladder exchange in {100 * rates.Min():F0} to {100 * rates.Max():F0} % of the attempts");
        return RoundTrips is null ? line : FormattableString.Invariant($"{line}; {RoundTrips} round trips in {Transitions} transitions");
    }

    /// <summary>What is said of a ladder on which nothing travels.</summary>
    internal IEnumerable<string> Warnings()
    {
        if (Exchanges.Where(pair => pair.Proposed >= FewestProposed && pair.Acceptance < LeastAcceptance).MinBy(pair => pair.Acceptance) is { } worst)
            yield return FormattableString.Invariant($"WARNING: rungs {worst.Rungs} exchanged {worst.Accepted} times in {worst.Proposed} attempts: the ladder is all but cut there. More rungs bring neighbours closer, a longer thermalization spaces them.");
        if (RoundTrips == 0 && Transitions >= FewestProposed)
            yield return FormattableString.Invariant($"WARNING: no configuration went from one end of the ladder to the other and back in {Transitions} transitions: the run is too short to have gained from it.");
    }
}
