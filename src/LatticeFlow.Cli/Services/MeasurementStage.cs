using LatticeFlow.Cli.Commands;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
using LatticeFlow.Observables;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// Measures a set on the segments that it lacks, one after the other; a segment is whole or not there, so that a stop costs at most the segment at hand. Configurations are read in parts: what is in memory are the
/// links that are measured at once, by <see cref="MeterLayout"/> one large configuration or a few small ones.
/// </summary>
public static class MeasurementStage
{
    /// <summary>Whether everything was measured; false where a signal came first.</summary>
    public static bool Run(StoredEnsemble ensemble, ComputeDevice device, EnsembleReader segments, MeasurementSet set, MeasurementWriter writer, CommandContext context)
    {
        var (version, commit) = Provenance.OfThisBuild();
        var origin = new MeasurementOrigin(version, commit, device.Name, InstructionSet.Best().Name, Provenance.Quoted(Environment.GetCommandLineArgs()));
        IFieldObservable[] observables = Observables(ensemble, set);
        using var meter = ConfigurationMeter.OfStored(device, ensemble.Space, observables, ensemble.Chain, segments.Segments.Max(segment => segment.Count));
        var done = segments.Segments.Where(segment => set.Of(segment) is not null).Sum(segment => (long)segment.Count);
        var measured = set.Measured(segments.Segments);
        context.Log.Information($"{set.Folder}: {string.Join(", ", set.Observables)} on {device.Name}");
        return context.Progress.Run($"{ensemble.Name} measure", segments.Count, progress =>
        {
            for (var index = 0; index < segments.Segments.Count; index++)
            {
                var segment = segments.Segments[index];
                if (set.Of(segment) is not null) continue;
                if (Measure(ensemble, segments, index, observables, meter, context.Stop, done, progress) is not { } block)
                {
                    context.Log.Warning($"{set.Folder}: stopped with {measured} configurations measured: run the same command again for the rest");
                    return false;
                }
                writer.Append(set, segment, origin, block);
                done += segment.Count;
                measured += block.Replica.Length;
            }
            return true;
        }, done);
    }

    private static MeasuredBlock? Measure(
        StoredEnsemble ensemble, EnsembleReader segments, int index, IFieldObservable[] observables, IConfigurationMeter meter, StopSignal stop, long done, ITaskProgress progress)
    {
        using var field = segments.OpenField(index);
        var read = Reader(ensemble.Field, field);
        // Rows without a configuration count as done with those that have one.
        var rows = segments.Segments[index].Count;
        var values = Array.ConvertAll(observables, observable => new double[(long)field.Count * observable.Components()]);
        for (var first = 0; first < field.Count; first += meter.Capacity)
        {
            if (stop.IsRequested) return null;
            int count = Math.Min(meter.Capacity, field.Count - first), start = first;
            meter.Measure(count, (configuration, number, numbers) => read(start + configuration, number, numbers));
            for (var i = 0; i < observables.Length; i++)
            {
                var components = observables[i].Components();
                meter.Read(observables[i], values[i].AsSpan(first * components, count * components));
            }
            progress.Report(done + ((long)(first + count) * rows / field.Count), (observables[0].Name, values[0][first * observables[0].Components()]));
        }
        var columns = new OrderedDictionary<string, ObservableColumn>();
        for (var i = 0; i < observables.Length; i++) columns[observables[i].Name] = new(values[i], [.. observables[i].Shape]);
        return new(field.Replica, field.Step, columns);
    }

    /// <summary>Numbers of configurations as fields hold them, of files that hold them as <see cref="FieldType.ToStored"/> says.</summary>
    internal static FieldReader Reader(FieldType type, StoredField field)
    {
        if (type.StoresElements) return (configuration, first, numbers) => field.Read(configuration, first, numbers);
        return (configuration, first, numbers) =>
        {
            var stored = new double[numbers.Length / type.Components * type.StoredNumbers];
            field.Read(configuration, (long)first / type.Components * type.StoredNumbers, stored);
            type.FromStored(stored).CopyTo(numbers);
        };
    }

    /// <summary>The observables of a set.</summary>
    /// <exception cref="StorageException">It names one that does not exist here, as one of a later version (exit code 4).</exception>
    internal static IFieldObservable[] Observables(StoredEnsemble ensemble, MeasurementSet set)
    {
        try
        {
            return [.. set.Observables.Select(name => ObservableRegistry.Create(name, ensemble.Lattice, ensemble.Field))];
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new StorageException(set.Folder, $"names an observable that cannot be measured: {exception.Message.TrimEnd('.')}", "Use the version that measured it, or move the set away", StorageException.Corrupt, exception);
        }
    }
}
