using LatticeFlow.Cli.Commands;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Which observables of an ensemble are analysed: those that are named, which have to be there, and unless they were asked for by name all that was measured afterwards.
/// </summary>
/// <param name="Named">Names, as in <c>analyze.observables</c>; null: all that the segments have.</param>
/// <param name="IsAll">Whether they were asked for, as by <c>--set analyze.observables=[…]</c>, and nothing else is wanted.</param>
public sealed record AnalysedNames(IReadOnlyList<string>? Named, bool IsAll)
{
    private readonly AnalysisDocument? _shown;

    private AnalysedNames(AnalysisDocument shown)
        : this(null, false) => _shown = shown;

    /// <summary>An analysis that was made before: of what was measured afterwards only what it has.</summary>
    public AnalysisDocument? MeasuredIn { get; init; }

    /// <summary>Those of an analysis that was made before, as far as they are still there.</summary>
    public static AnalysedNames In(AnalysisDocument shown) => new(shown);

    /// <summary>The names for an ensemble, in order; those that are measured <paramref name="elsewhere"/> need not be in these columns.</summary>
    /// <exception cref="UserErrorException">One that is named was measured neither while the ensemble was drawn nor afterwards.</exception>
    public IReadOnlyList<string> Of(string sample, EnsembleColumns columns, Log? log, IReadOnlyCollection<string>? elsewhere = null)
    {
        if (_shown is not null) return [.. columns.Observables.Keys.Where(name => Has(_shown, sample, name))];
        foreach (var name in (Named ?? []).Where(name => !columns.Observables.ContainsKey(name) && !(elsewhere?.Contains(name) ?? false))) throw Missing(name, columns);
        foreach (var (name, measured) in columns.Incomplete.Where(_ => !IsAll))
            log?.Warning($"{columns.Segments.Folder}: {name} was measured on {measured} of {columns.Count} configurations and is left out; latticeflow measure completes it");
        IReadOnlyList<string> named = Named is null ? [.. columns.Observables.Keys.Except(columns.Measured)] : [.. Named.Where(columns.Observables.ContainsKey)];
        return IsAll ? named : [.. named.Union(columns.Measured.Where(name => MeasuredIn is null || Has(MeasuredIn, sample, name)))];
    }

    private static bool Has(AnalysisDocument document, string sample, string name) => document.Ensembles.GetValueOrDefault(sample)?.Observables.ContainsKey(name) ?? false;

    private static UserErrorException Missing(string name, EnsembleColumns columns)
    {
        var partly = columns.Incomplete.TryGetValue(name, out var measured);
        return new($"\"{name}\" {(partly ? $"was measured on {measured} of {columns.Count} configurations" : "was not measured")}; measured are {string.Join(", ", columns.Observables.Keys)}")
        {
            File = columns.Segments.Folder,
            Key = "analyze.observables",
            Remedy = partly ? "latticeflow measure with the name of the run completes it" : $"leave it out, or measure it on the stored configurations: latticeflow measure with the name of the run and --observables {name}",
        };
    }
}
