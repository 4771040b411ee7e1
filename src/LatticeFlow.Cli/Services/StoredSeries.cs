using LatticeFlow.Cli.Commands;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>From the columns of an ensemble, of segments and of measured sets alike, to the series that are analysed.</summary>
public static class StoredSeries
{
    private const string OfConfigurations = ": stored configurations";

    /// <summary><paramref name="facts"/> with the series of these observables: of one with a shape the component that is reported, and all of them.</summary>
    public static EnsembleSeries Of(EnsembleColumns columns, IReadOnlyList<string> names, EnsembleSeries facts)
    {
        var observables = new Dictionary<string, IReadOnlyList<double[]>>();
        var vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>>();
        foreach (var name in names)
        {
            if (columns.Observables[name].Length == 0)
            {
                observables[name] = columns.Read(name);
                continue;
            }
            var all = columns.ReadComponents(name);
            observables[name] = all[Reported(name, all.Length)];
            if (all.Length > 1) vectors[name] = all;
        }
        return facts with { Observables = observables, Vectors = vectors };
    }

    /// <summary>
    /// The series of all rows, with <paramref name="facts"/>; and where configurations are stored at some of them only and something was measured on these, a second one of them, under a name of its own and with the stride of
    /// them.
    /// </summary>
    public static IEnumerable<EnsembleSeries> All(EnsembleColumns columns, AnalysedNames names, EnsembleSeries facts, Log? log)
    {
        var some = columns.OfConfigurations;
        string stored = $"{facts.Sampler}{OfConfigurations}";
        var chosen = names.Of(facts.Sampler, columns, log, some?.Measured);
        if (chosen.Count > 0) yield return Of(columns, chosen, facts);
        if (names.MeasuredIn is { } shown && !shown.Ensembles.ContainsKey(stored)) yield break;
        if (some is null || names.Of(stored, some, log: null, columns.Measured) is not { Count: > 0 } ofSome) yield break;
        yield return Of(some, ofSome, facts with
        {
            Sampler = stored,
            Requested = null,
            Ladder = null,
            Stride = StrideOf(some) ?? facts.Stride,
            Weights = facts.Weights is null ? null : new(some.Read("log_weight")),
            ReverseWork = facts.ReverseWork is null ? null : some.Read("reverse_work"),
            Accepted = facts.Accepted is null ? null : some.Read("accepted"),
            DeltaH = facts.DeltaH is null ? null : some.Read("delta_h"),
        });
    }

    /// <summary>The distance of the steps of neighbours in a chain, where it is the same everywhere; else null.</summary>
    public static int? StrideOf(EnsembleColumns columns)
    {
        long[] distances = [.. columns.Steps().SelectMany(steps => steps.Zip(steps.Skip(1), (before, after) => after - before)).Distinct().Take(2)];
        return distances is [> 0 and <= int.MaxValue and var distance] ? (int)distance : null;
    }

    // Of flow energies up to T the one at T; of Polyakov loops in every direction those along direction 0, time.
    internal static int Reported(string name, int components) => ObservableRegistry.Reported(name, components);
}
