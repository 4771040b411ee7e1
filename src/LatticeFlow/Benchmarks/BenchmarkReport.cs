using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatticeFlow.Benchmarks;

/// <summary>What a run of the benchmarks found.</summary>
/// <param name="Device">Where kernels and limits were measured.</param>
/// <param name="StepDevice">Where whole steps were measured.</param>
/// <param name="Processor">The processor of the machine.</param>
/// <param name="Limits">The limits of the device.</param>
/// <param name="Kernels">The kernels.</param>
/// <param name="Steps">The whole steps.</param>
public sealed record BenchmarkReport(
    [property: JsonPropertyName("device")] string Device,
    [property: JsonPropertyName("step_device")] string StepDevice,
    [property: JsonPropertyName("processor")] string Processor,
    [property: JsonPropertyName("limits")] IReadOnlyList<Limit> Limits,
    [property: JsonPropertyName("kernels")] IReadOnlyList<Measurement> Kernels,
    [property: JsonPropertyName("steps")] IReadOnlyList<StepTime> Steps)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Readable);

    /// <summary>The report as tables in Markdown.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        if (Limits.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Limits of {Device}\n\n| limit | rate |\n|---|---:|\n");
            foreach (var limit in Limits) text.Append(CultureInfo.InvariantCulture, $"| {limit.Name} | {limit.Rate:F0} {limit.Unit} |\n");
            text.Append("\nKernels: time of an item in one replica; rate by the floor; share of the peak of fused multiply-adds, or of the triad in L2; traffic: what is read or written at least once, and its share of the triad in the cache that holds the fields\n\n");
            text.Append("| kernel | precision | ns | rate | share | traffic | item and floor |\n|---|---|---:|---:|---:|---:|---|\n");
            foreach (var one in Kernels)
                text.Append(CultureInfo.InvariantCulture, $"| {one.Name} | {one.Precision} | {one.Nanoseconds:G3} | {one.Rate:F0} {one.Unit} | {100 * one.Fraction:F0} % | {Traffic(one)} | {one.Item} |\n");
        }

        if (Steps.Count > 0 && Steps.Any(step => step.PeerMilliseconds is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nWhole steps on {StepDevice} unless one thread is said, beside other programs on two AMD Zen 5 cores (PyTorch with oneDNN)\n\n| step | ms | other program | its ms | times faster |\n|---|---:|---|---:|---:|\n");
            foreach (var step in Steps)
                text.Append(CultureInfo.InvariantCulture, $"| {step.Name} | {step.Milliseconds:F2} | {step.Peer} | {step.PeerMilliseconds:F1} | {step.Speedup:F1} |\n");
        }
        else if (Steps.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nWhole steps on {StepDevice} unless one thread is said; other programs were measured on CPUs of AMD Zen 5, and are not compared with this machine ({Processor})\n\n| step | ms |\n|---|---:|\n");
            foreach (var step in Steps) text.Append(CultureInfo.InvariantCulture, $"| {step.Name} | {step.Milliseconds:F2} |\n");
        }

        return text.ToString();
    }

    private static string Traffic(Measurement one) =>
        one is { Bandwidth: { } bandwidth, BandwidthFraction: { } fraction } ? string.Create(CultureInfo.InvariantCulture, $"{bandwidth:F0} GB/s, {100 * fraction:F0} %") : string.Empty;
}
