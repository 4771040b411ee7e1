using System.Globalization;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether segments say of themselves what the run says: field, extents, action and its parameters, sampler, seed, precision, the resolved configuration, and a device that the run had.</summary>
public sealed class AttributeChecks(VerifiedRun run, SampleSettings sample)
{
    private readonly EnsembleHeader _expected = SamplingStage.Header(run.Session, sample);
    private readonly RunProvenance _provenance = Provenance(run, sample);
    private readonly string _key = ResolvedConfiguration.ConfigurationsOf(sample.Name);
    private string? _fault;
    private long _askedFor;
    private long _rows;

    public void Add(int segment, EnsembleHeader header, int rows)
    {
        if (_fault is not null) return;
        _rows += rows;
        if (header.FirstDifference(_expected) is { } field) _fault = $"segment {segment}: {Words(field, header)}";
        else if (_provenance.Devices.Count > 0 && !_provenance.Devices.Contains(header.Device))
            _fault = $"segment {segment}: device is '{header.Device}', and provenance.json knows only {string.Join(", ", _provenance.Devices.Select(device => $"'{device}'"))}";
        else _fault = Asked(segment, header);
    }

    private static RunProvenance Provenance(VerifiedRun run, SampleSettings sample)
    {
        var provenance = RunProvenance.Of(run.Session.Directory);
        return run.Merged is { } merged ? provenance with { Devices = merged.Of(sample.Name).SelectMany(origin => origin.Devices).ToHashSet() } : provenance;
    }

    // A run asks for more later, never for less, and stores no more than it asks for.
    private string? Asked(int segment, EnsembleHeader header)
    {
        if (ResolvedConfiguration.Amount(header.Config, _key) is not { } asked || asked == sample.Configurations && _askedFor <= asked) return null;
        var before = _askedFor;
        _askedFor = asked;
        var known = _provenance.AskedFor(_key);
        if (asked < before || asked > sample.Configurations || (_provenance.Devices.Count > 0 && !known.Contains(asked)))
            return $"segment {segment}: its configuration asks for {_key} = {asked}, and the run has asked for {(known.Count == 0 ? sample.Configurations : string.Join(", then ", known))}";
        return asked < _rows ? $"segment {segment}: its configuration asks for {_key} = {asked}, and the ensemble has {_rows} rows up to its end" : null;
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
        var (number, before, now) = ResolvedConfiguration.Compare(stored, _expected.Config).Difference!.Value;
        return $"config says '{before}', line {number} of resolved.toml '{now}'";
    }
}
