using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>From the columns of an ensemble, of segments and of measured sets alike, to the series that are analysed.</summary>
public static class StoredSeries
{
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

    // Of flow energies up to T the one at T; of Polyakov loops in every direction those along direction 0, time.
    internal static int Reported(string name, int components) => ObservableRegistry.Reported(name, components);
}
