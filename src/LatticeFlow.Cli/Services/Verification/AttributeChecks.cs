using System.Globalization;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether segments say of themselves what the run says: field, extents, action and its parameters, sampler, seed, precision, the resolved configuration, and a device that the run had.</summary>
public sealed class AttributeChecks(VerifiedRun run, SampleSettings sample)
{
    private readonly EnsembleHeader _expected = SamplingStage.Header(run.Session, sample);
    private readonly RunProvenance _provenance = RunProvenance.Of(run.Session.Directory);
    private string? _fault;

    public void Add(int segment, EnsembleHeader header)
    {
        if (_fault is not null) return;
        if (header.FirstDifference(_expected) is { } field) _fault = $"segment {segment}: {Words(field, header)}";
        else if (_provenance.Devices.Count > 0 && !_provenance.Devices.Contains(header.Device))
            _fault = $"segment {segment}: device is '{header.Device}', and provenance.json knows only {string.Join(", ", _provenance.Devices.Select(device => $"'{device}'"))}";
    }

    public void Report(Checklist list) => list.Unless($"{sample.Name}: attributes", _fault,
        "field, extents, action, sampler, seed, precision and configuration are those of resolved.toml" + (_provenance.Devices.Count == 0 ? "; provenance.json has no device to compare with" : ""));

    private string Words(string field, EnsembleHeader header) => field switch
    {
        "config" => ConfigWords(header.Config),
        _ => $"{field} is {Value(field, header)}, and {Value(field, _expected)} in resolved.toml",
    };

    private static string Value(string field, EnsembleHeader header) => field switch
    {
        "group" or "field" => header.Field,
        "extents" => string.Join(" x ", header.Extents),
        "action" => header.Action,
        "sampler" => header.Sampler,
        "seed" => header.Seed.ToString(CultureInfo.InvariantCulture),
        "rng" => header.Rng,
        "precision" => header.Precision,
        _ => header.ActionParameters.TryGetValue(field, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "absent",
    };

    private string ConfigWords(string stored)
    {
        string[] before = stored.Split('\n'), now = _expected.Config.Split('\n');
        var line = Enumerable.Range(0, Math.Max(before.Length, now.Length)).First(i => before.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"config says '{before.ElementAtOrDefault(line)?.Trim()}', line {line + 1} of resolved.toml '{now.ElementAtOrDefault(line)?.Trim()}'";
    }
}
