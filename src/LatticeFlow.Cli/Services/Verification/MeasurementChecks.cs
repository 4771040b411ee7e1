using LatticeFlow.Cli.Commands;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Observables;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether measured sets are of the segments that are there now, and their values those of the stored configurations, measured again on the CPU.</summary>
public static class MeasurementChecks
{
    // The same kernels in another layout and, of other devices, with other elementary functions; smearing magnifies rounding by a few digits.
    private const double Tolerance = 1e-9;

    // Numbers times steps of smearing: some ten configurations of SU(3) on 8^4 along a gradient flow of 200 steps.
    private const long MostWork = 1L << 29;
    private const int FewestRows = 4;

    /// <summary>Checks every set of an ensemble; nothing is said where there is none.</summary>
    public static void Run(string name, Func<StoredEnsemble> find, Checklist list, bool all, StopSignal stop)
    {
        list.Group($"{name}: measurements", () =>
        {
            var ensemble = find();
            if (!Directory.Exists(MeasurementSet.FolderOf(ensemble.Folder))) return;
            var reader = EnsembleReader.Open(ensemble.Folder);
            foreach (var set in MeasurementSet.All(ensemble.Folder)) list.Group($"{name}: {set.Name}", () => Run(name, ensemble, reader, set, list, all, stop));
        });
    }

    private static void Run(string name, StoredEnsemble ensemble, EnsembleReader reader, MeasurementSet set, Checklist list, bool all, StopSignal stop)
    {
        IFieldObservable[] observables = MeasurementStage.Observables(ensemble, set);
        var worst = new double[observables.Length];
        var measured = set.Measured(reader.Segments);
        var steps = observables.Sum(observable => (long)observable.SmearingSteps.Max());
        var most = Math.Max(FewestRows, MostWork / (ensemble.Space.Numbers * (1 + steps)));
        var share = all || measured <= most ? 1 : most / (double)measured;
        double due = 0;
        long rows = 0;
        using var device = DeviceCatalog.Open("cpu", ensemble.Threads);
        using var meter = ConfigurationMeter.OfStored(device, ensemble.Space, observables, ensemble.Chain, 1);
        for (var index = 0; index < reader.Segments.Count; index++)
        {
            stop.Token.ThrowIfCancellationRequested();
            if (set.Of(reader.Segments[index]) is null) continue;
            var block = set.Read(reader.Segments[index]);
            using var field = reader.OpenField(index);
            if (!block.Replica.AsSpan().SequenceEqual(field.Replica) || !block.Step.AsSpan().SequenceEqual(field.Step))
                throw new StorageException(set.Folder, $"has rows for {reader.Segments[index].File} that are not those of the segment", "Remove it and run latticeflow measure again");
            var read = MeasurementStage.Reader(ensemble.Field, field);
            for (var row = 0; row < field.Count; row++)
            {
                due += share;
                if (due < 1) continue;
                due -= 1;
                rows++;
                var number = row;
                meter.Measure(1, (_, first, numbers) => read(number, first, numbers));
                for (var i = 0; i < observables.Length; i++) worst[i] = Math.Max(worst[i], Difference(meter, observables[i], block.Observables[observables[i].Name], row));
            }
        }
        list.Passed($"{name}: {set.Name}", $"hashes and ties of {set.Entries.Count} files, {measured} of {reader.Count} configurations{(measured < reader.Count ? ": latticeflow measure completes it" : "")}");
        for (var i = 0; i < observables.Length; i++) list.AtMost($"{name}: measured {observables[i].Name}", $"largest difference from that of the stored configurations, {rows} measured again", worst[i], Tolerance);
    }

    private static double Difference(IConfigurationMeter meter, IFieldObservable observable, ObservableColumn column, int row)
    {
        var values = new double[observable.Components()];
        if (column.Components != values.Length) return double.NaN;
        meter.Read(observable, values);
        double largest = 0;
        for (var i = 0; i < values.Length; i++) largest = StoredChecks.Larger(largest, (values[i] - column.Values[(row * values.Length) + i]) / Math.Max(1, Math.Abs(values[i])));
        return largest;
    }
}
