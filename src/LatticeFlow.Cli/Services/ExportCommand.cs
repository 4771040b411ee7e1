using System.Globalization;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>export</c>: one HDF5 file, or one gauge file a configuration.</summary>
public sealed class ExportCommand : ICommandBody<ExportRequest>
{
    public int Execute(ExportRequest request, CommandContext context)
    {
        var source = EnsembleSource.Find(request.Source, request.Sample);
        if (request.Format is not { } format)
        {
            EnsembleExport.Write(source.Segments ?? throw new UserErrorException("is one HDF5 file already") { File = request.Source, Remedy = "copy it" }, request.Output);
            Results.Write(context, "ensemble", request.Output);
            return ExitCode.Done;
        }
        EnsembleConfigurations.RequireMatrices(request.Source, source.Header);
        foreach (var number in request.Configurations.Where(number => number < 0 || number >= source.Count))
            throw new UserErrorException($"the ensemble has configurations 0 to {source.Count - 1}") { File = request.Source, Key = $"--configuration {number}" };
        Results.Write(context, "configurations", Write(source, format, request, context));
        return ExitCode.Done;
    }

    private static IReadOnlyList<string> Write(EnsembleSource source, IGaugeFileFormat format, ExportRequest request, CommandContext context)
    {
        var wanted = request.Configurations.ToHashSet();
        var label = request.Writing.EnsembleLabel is { Length: > 0 } given ? given : source.Name;
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
                        if (wanted.Count > 0 && !wanted.Contains(number)) continue;
                        if (context.Stop.IsRequested)
                            throw new UserErrorException($"stopped after {written.Count} files", ExitCode.Stopped) { File = request.Output, Remedy = "run the command again with another --output, or with --configuration for the rest" };
                        var path = Path.Join(request.Output, string.Create(CultureInfo.InvariantCulture, $"{source.Name}-{number:D6}{format.Extension}"));
                        format.Write(path, EnsembleConfigurations.Of(request.Source, source.Header, block, row), request.Writing with { EnsembleLabel = label, SequenceNumber = number });
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
}
