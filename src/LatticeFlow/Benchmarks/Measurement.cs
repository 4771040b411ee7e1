using System.Text.Json.Serialization;

namespace LatticeFlow.Benchmarks;

/// <summary>What a kernel reached.</summary>
/// <param name="Name">Which kernel, and at what size.</param>
/// <param name="Precision"><c>float</c> or <c>double</c>.</param>
/// <param name="Nanoseconds">Time of an item in one replica.</param>
/// <param name="Rate">10⁹ flop or bytes a second, by the floor.</param>
/// <param name="Unit"><c>GFLOP/s</c> or <c>GB/s</c>.</param>
/// <param name="Fraction">The rate over the limit measured in the same run.</param>
/// <param name="Item">What an item is, and its floor.</param>
/// <param name="Bandwidth">10⁹ bytes a second that are read or written at least once; null where one limit says it all.</param>
/// <param name="BandwidthFraction">The bandwidth over the triad in the cache, or memory, that holds the fields.</param>
public sealed record Measurement(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("precision")] string Precision,
    [property: JsonPropertyName("nanoseconds")] double Nanoseconds,
    [property: JsonPropertyName("rate")] double Rate,
    [property: JsonPropertyName("unit")] string Unit,
    [property: JsonPropertyName("fraction")] double Fraction,
    [property: JsonPropertyName("item")] string Item,
    [property: JsonPropertyName("bandwidth")] double? Bandwidth = null,
    [property: JsonPropertyName("bandwidth_fraction")] double? BandwidthFraction = null);

/// <summary>A limit of the machine.</summary>
/// <param name="Name">Which.</param>
/// <param name="Rate">10⁹ flop or bytes a second.</param>
/// <param name="Unit"><c>GFLOP/s</c> or <c>GB/s</c>.</param>
public sealed record Limit(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("rate")] double Rate,
    [property: JsonPropertyName("unit")] string Unit);

/// <summary>A whole step of work.</summary>
/// <param name="Name">Which.</param>
/// <param name="Milliseconds">Wall time.</param>
/// <param name="Peer">The program beside it.</param>
/// <param name="PeerMilliseconds">What that takes on two AMD Zen 5 cores; null where this is another machine, on which it was not measured.</param>
public sealed record StepTime(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("milliseconds")] double Milliseconds,
    [property: JsonPropertyName("peer")] string Peer,
    [property: JsonPropertyName("peer_milliseconds")] double? PeerMilliseconds)
{
    /// <summary>How many times faster than the peer; null where that was measured on another processor.</summary>
    [JsonPropertyName("speedup")]
    public double? Speedup => PeerMilliseconds / Milliseconds;
}
