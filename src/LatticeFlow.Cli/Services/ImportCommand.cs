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
        foreach (var file in request.Files.Where(file => !File.Exists(file)))
            throw new UserErrorException(Directory.Exists(file) ? "is a directory, not a gauge file" : "does not exist") { File = file, Remedy = "give gauge files, such as those of export --format nersc" };
        var imported = context.Progress.Run("import", request.Files.Count, progress => Import(request, progress, context), linesEvery: request.Files.Count);
        foreach (var file in imported)
        {
            context.Log.Information(string.Create(CultureInfo.InvariantCulture,
                $"{file.Path}: {file.Format}, SU({file.N}) on {string.Join("x", ForeignOrder.Extents(file.Lattice))}, {Name(file)}, plaquette {file.Plaquette:F10}, link trace {file.LinkTrace:F10}"));
            foreach (var warning in file.Warnings) context.Log.Warning($"{file.Path}: {warning}");
        }
        if (context.Json) context.Output.WriteLine(Json(request.To, imported).ToJsonString());
        else context.Output.WriteLine(request.To);
        return ExitCode.Done;
    }

    private static IReadOnlyList<ImportedFile> Import(ImportRequest request, ITaskProgress progress, CommandContext context)
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

    private static JsonObject Json(string target, IReadOnlyList<ImportedFile> imported) => new()
    {
        ["ensemble"] = target,
        ["configurations"] = new JsonArray([.. imported.Select(file => new JsonObject
        {
            ["file"] = file.Path,
            ["format"] = file.Format,
            ["group"] = $"SU{file.N}",
            ["extents"] = new JsonArray([.. file.Lattice.Extents.Select(extent => JsonValue.Create(extent))]),
            ["precision"] = Name(file),
            ["plaquette"] = file.Plaquette,
            ["link_trace"] = file.LinkTrace,
            ["warnings"] = new JsonArray([.. file.Warnings.Select(warning => JsonValue.Create(warning))]),
        })]),
    };

    private static string Name(ImportedFile file) => file.Precision == Compute.Precision.Double ? "double" : "float";
}
