using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>export</c>: one HDF5 file, series for other programs, or one gauge file a configuration.</summary>
public sealed class ExportCommand : ICommandBody<ExportRequest>
{
    public int Execute(ExportRequest request, CommandContext context)
    {
        var source = EnsembleSource.Find(request.Source, request.Sample, withField: request.Series is null);
        if (request.Series is { } series)
        {
            series.Write(request.Output, source.Series(request.Source, request.Observables));
            Results.Write(context, "series", request.Output);
            return ExitCode.Done;
        }
        if (request.Format is not { } format)
        {
            var segments = source.Segments ?? throw new UserErrorException("is one HDF5 file already") { File = request.Source, Remedy = "copy it" };
            EnsembleExport.Write(EnsembleColumns.Open(segments.Folder), request.Output);
            Results.Write(context, "ensemble", request.Output);
            return ExitCode.Done;
        }
        // Formats of other programs have links and no action.
        if (ActionRegistry.Named(source.Header.Action)?.IsTorus(source.Header.ActionParameters) == false)
        {
            context.Log.Warning("these configurations were made with an open boundary or a defect, which files of other programs do not say: tell those who read them "
                + string.Join(", ", source.Header.ActionParameters.Select(parameter => FormattableString.Invariant($"{parameter.Key} = {parameter.Value}"))));
        }
        EnsembleConfigurations.RequireMatrices(request.Source, source.Header);
        if (source.Blocks(withField: false).All(block => block.FieldCount == 0))
            throw new UserErrorException("has stored observables alone, and no configurations") { File = request.Source, Remedy = "export it as hdf5" };
        foreach (var number in request.Configurations.Where(number => number < 0 || number >= source.Count))
            throw new UserErrorException($"the ensemble has configurations 0 to {source.Count - 1}") { File = request.Source, Key = $"--configuration {number}" };
        Results.Write(context, "configurations", Write(source, format, request, context));
        return ExitCode.Done;
    }

    private static IReadOnlyList<string> Write(EnsembleSource source, IGaugeFileFormat format, ExportRequest request, CommandContext context)
    {
        var wanted = request.Configurations.ToHashSet();
        var label = request.Writing.EnsembleLabel is { Length: > 0 } given ? given : PrintableText.Line(source.Name);
        if (File.Exists(request.Output)) throw new StorageException(request.Output, "is a file; gauge files go to a directory, one a configuration", "Give a directory", StorageException.Unusable);
        List<string> written = [];
        try
        {
            Directory.CreateDirectory(request.Output);
            return context.Progress.Run("export", wanted.Count > 0 ? wanted.Count : source.Count, progress =>
            {
                long number = 0;
                foreach (var block in source.Blocks())
                {
                    for (var row = 0; row < block.Count; row++, number++)
                    {
                        if (wanted.Count > 0 ? !wanted.Contains(number) : block.FieldIndexOf(row) < 0) continue;
                        if (context.Stop.IsRequested)
                            throw new UserErrorException($"stopped after {written.Count} files", ExitCode.Stopped) { File = request.Output, Remedy = "run the same command again for the rest" };
                        var (replica, step) = (block.Replica[row], block.Step[row]);
                        var path = Path.Join(request.Output, ChainNames.File(source.Name, replica, step) + format.Extension);
                        Write(format, path, EnsembleConfigurations.Of(request.Source, source.Header, block, row), request.Writing with { EnsembleLabel = ChainNames.Label(label, replica), SequenceNumber = step });
                        written.Add(path);
                        progress.Report(written.Count);
                    }
                }
                return written;
            }, linesEvery: Math.Max(1, source.Count));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileWriting(request.Output, cause);
        }
    }

    /// <summary>
    /// Writes a file. One that is there and holds the same links, as of an export that was stopped or killed, stays; any other is refused.
    /// </summary>
    private static void Write(IGaugeFileFormat format, string path, GaugeConfiguration configuration, GaugeWriteSettings settings)
    {
        if (!File.Exists(path))
        {
            format.Write(path, configuration, settings);
            return;
        }
        var again = Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}.again-{Environment.ProcessId}");
        try
        {
            format.Write(again, configuration, settings);
            if (Links(again) is { } wanted && Links(path) is { } present && wanted.AsSpan().SequenceEqual(present)) return;
            throw new StorageException(path, "exists already, with other links", "Choose another --output, or remove it", StorageException.Unusable);
        }
        finally
        {
            File.Delete(again);
        }

        double[]? Links(string file)
        {
            try
            {
                return format.Read(file).Configuration.Links;
            }
            catch (StorageException)
            {
                return null;
            }
        }
    }
}
