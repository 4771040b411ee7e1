using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Where an analysis is written: in its run, or elsewhere.</summary>
public static class AnalysisFiles
{
    public static string Analysis(string directory) => Path.Join(directory, "analysis.json");

    public static string Report(string directory) => Path.Join(directory, "report.html");

    public static void Write(string directory, AnalysisDocument document) => AtomicFile.WriteText(Analysis(directory), document.ToJson());

    /// <summary>The analysis in a directory, or null where there is none.</summary>
    /// <exception cref="UserErrorException">It is none (exit code 4).</exception>
    public static AnalysisDocument? Read(string directory)
    {
        var path = Analysis(directory);
        try
        {
            return AnalysisDocument.FromJson(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, exception);
        }
    }

    /// <summary>A directory that is asked for by <c>--output</c>, made if need be.</summary>
    /// <exception cref="StorageException">It cannot be made (exit code 2).</exception>
    public static string Directory(string output)
    {
        try
        {
            System.IO.Directory.CreateDirectory(output);
            return output;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(output, "cannot be made a directory", "Choose another --output", StorageException.Unusable, cause);
        }
    }
}
