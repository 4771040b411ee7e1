using System.Globalization;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Interchange;

namespace LatticeFlow.Cli.Services;

/// <summary><c>import</c>: all files or nothing.</summary>
public sealed class ImportCommand : ICommandBody<ImportRequest>
{
    public int Execute(ImportRequest request, CommandContext context)
    {
        foreach (var file in request.Files.Where(file => !File.Exists(file) || Directory.Exists(file)))
            throw new UserErrorException(Directory.Exists(file) ? "is a directory, not a gauge file" : "does not exist") { File = file, Remedy = "give gauge files, such as those of export --format nersc" };
        var imported = context.Progress.Run("import", request.Files.Count, progress => Import(request, progress, context), linesEvery: request.Files.Count);
        foreach (var file in imported.Files)
        {
            context.Log.Information(string.Create(CultureInfo.InvariantCulture,
                $"{file.Path}: {file.Format}, {GaugeDescription.Of(file.N, file.Lattice)}, {Name(file)}, replica {file.Replica}, number {file.Step}, plaquette {file.Plaquette:F10}, link trace {file.LinkTrace:F10}"));
        }
        WarnOnce(imported, context.Log);
        foreach (var warning in imported.Warnings) context.Log.Warning(warning);
        if (context.Json) context.Output.WriteLine(Json(request.To, imported).ToJsonString());
        else context.Output.WriteLine(request.To);
        return ExitCode.Done;
    }

    private static ImportedEnsemble Import(ImportRequest request, ITaskProgress progress, CommandContext context)
    {
        try
        {
            return Path.GetExtension(request.To).ToLowerInvariant() is ".h5" or ".hdf5"
                ? EnsembleImport.ToFile(request.To, request.Files, request.Settings, progress, context.Stop.Token)
                : EnsembleImport.ToDirectory(request.To, request.Files, request.Settings, progress, context.Stop.Token);
        }
        catch (OperationCanceledException exception) when (context.Stop.IsRequested)
        {
            throw new UserErrorException("stopped: nothing was written", ExitCode.Stopped, exception) { File = request.To, Remedy = "run the same command again" };
        }
    }

    /// <summary>What was found in many files is said once, with the first of them.</summary>
    private static void WarnOnce(ImportedEnsemble imported, Log log)
    {
        foreach (var same in imported.Files.SelectMany(file => file.Warnings, (file, warning) => (file.Path, warning)).GroupBy(pair => pair.warning, pair => pair.Path))
            log.Warning(same.Skip(1).Any() ? $"{same.First()} and {same.Count() - 1} more: {same.Key}" : $"{same.First()}: {same.Key}");
    }

    private static JsonObject Json(string target, ImportedEnsemble imported) => new()
    {
        ["ensemble"] = target,
        ["replicas"] = imported.Files.Select(file => file.Replica).Distinct().Count(),
        ["warnings"] = new JsonArray([.. imported.Warnings.Select(warning => JsonValue.Create(warning))]),
        ["configurations"] = new JsonArray([.. imported.Files.Select(file => new JsonObject
        {
            ["file"] = file.Path,
            ["format"] = file.Format,
            ["replica"] = file.Replica,
            ["number"] = file.Step,
            ["group"] = file.N == 1 ? "U1" : $"SU{file.N}",
            ["extents"] = new JsonArray([.. file.Lattice.Extents.Select(extent => JsonValue.Create(extent))]),
            ["precision"] = Name(file),
            ["plaquette"] = file.Plaquette,
            ["link_trace"] = file.LinkTrace,
            ["warnings"] = new JsonArray([.. file.Warnings.Select(warning => JsonValue.Create(warning))]),
        })]),
    };

    private static string Name(ImportedFile file) => file.Precision == Compute.Precision.Double ? "double" : "float";
}
