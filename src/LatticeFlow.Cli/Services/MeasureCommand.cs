using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>measure</c>: every ensemble in turn, set after set; what is there already is not measured again.</summary>
public sealed class MeasureCommand : ICommandBody<MeasureRequest>
{
    public int Execute(MeasureRequest request, CommandContext context)
    {
        var ensembles = request.RunDirectories.SelectMany(path => StoredEnsemble.At(path, request.Sample)).ToArray();
        foreach (var ensemble in ensembles) CheckNames(ensemble, request.Observables);
        List<string> folders = [];
        foreach (var ensemble in ensembles)
        {
            // Before anything is begun: a device that is not there leaves nothing behind.
            using var device = DeviceCatalog.Open(request.Device ?? ensemble.Device, ensemble.Threads);
            using var writer = MeasurementWriter.Open(ensemble.Folder);
            var columns = EnsembleColumns.Open(ensemble.Folder);
            RequireConfigurations(ensemble, columns.Segments);
            foreach (var set in Sets(ensemble, columns, request, writer, device.Name, context.Log))
            {
                folders.Add(set.Folder);
                if (set.IsComplete(columns.Segments.Segments)) context.Log.Information($"{set.Folder}: {string.Join(", ", set.Observables)} of all {set.Measured(columns.Segments.Segments)} configurations are there");
                else if (!MeasurementStage.Run(ensemble, device, columns.Segments, set, writer, context)) return ExitCode.Stopped;
            }
        }
        Results.Write(context, "measurements", folders);
        return ExitCode.Done;
    }

    /// <summary>The sets that hold what was asked for, in order; what no set holds becomes a new one.</summary>
    private static IReadOnlyList<MeasurementSet> Sets(StoredEnsemble ensemble, EnsembleColumns columns, MeasureRequest request, MeasurementWriter writer, string device, Log log)
    {
        if (request.Observables.Count == 0)
        {
            if (columns.Sets.Count > 0) return columns.Sets;
            throw new UserErrorException("nothing was measured on it yet") { File = ensemble.Folder, Key = "--observables", Remedy = "name observables, such as wilson_loop_2x2_stout10 or flow_energy_2" };
        }
        var drawn = request.Observables.Where(name => columns.Observables.ContainsKey(name) && !columns.Measured.Contains(name)).ToArray();
        if (drawn.Length > 0) log.Information($"{ensemble.Folder}: {string.Join(", ", drawn)}: measured while the ensemble was drawn");
        var sets = columns.Sets.Where(set => set.Observables.Intersect(request.Observables).Except(drawn).Any()).ToList();
        string[] missing = [.. request.Observables.Except(drawn).Where(name => !sets.Any(set => set.Observables.Contains(name)))];
        if (missing.Length > 0) sets.Add(writer.Begin(missing, Origin(device, columns.Segments.Header.Seed)));
        return sets;
    }

    private static void RequireConfigurations(StoredEnsemble ensemble, EnsembleReader segments)
    {
        for (var index = 0; index < segments.Segments.Count; index++)
        {
            using var field = segments.OpenField(index);
            if (field.Count > 0) return;
        }
        throw new UserErrorException("stores no configuration: there is nothing to measure on") { File = ensemble.Folder, Remedy = "draw it again with store = \"links\"" };
    }

    private static void CheckNames(StoredEnsemble ensemble, IReadOnlyList<string> names)
    {
        string[] problems = [.. names.Select(name => ObservableName.Problem(name, ensemble.Field, ensemble.Lattice.Extents)).OfType<string>()];
        if (problems.Length > 0) throw new UserErrorException(string.Join("; ", problems)) { File = ensemble.Folder, Key = "--observables" };
    }

    private static Provenance Origin(string device, ulong seed)
    {
        var (version, commit) = Provenance.OfThisBuild();
        return new() { Version = version, Commit = commit, CommandLine = Provenance.Quoted(Environment.GetCommandLineArgs()), Device = device, Isa = InstructionSet.Best().Name, Seed = seed };
    }
}
