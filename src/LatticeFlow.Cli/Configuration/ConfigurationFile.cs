using System.Text;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Configuration;

/// <summary>A configuration file as read: its text as given, and what it means with the overrides applied.</summary>
public sealed record ConfigurationFile(string Path, string Text, RunConfiguration Configuration)
{
    /// <summary>Far above any configuration; a larger file is something else, given by mistake.</summary>
    public const int LargestSize = 1 << 20;

    /// <summary>The overrides that were applied.</summary>
    public IReadOnlyList<Override> Overrides { get; init; } = [];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read, or anything in it or in the overrides is wrong.</exception>
    public static ConfigurationFile Load(string path, params IReadOnlyList<Override> overrides)
    {
        var text = ReadText(path);
        return new(path, text, ConfigurationReader.Read(text, path, overrides)) { Overrides = overrides };
    }

    /// <summary>The configuration of a run, as it is kept in its directory.</summary>
    /// <exception cref="StorageException">There is no run, or its configuration is damaged (exit code 4).</exception>
    /// <exception cref="ConfigurationException">An override is wrong.</exception>
    public static ConfigurationFile OfRun(string runDirectory, params IReadOnlyList<Override> overrides)
    {
        var path = OfRunIn(runDirectory);
        if (!File.Exists(path)) throw new StorageException(runDirectory, "is not a run directory (it has no resolved.toml)", "Give the directory of a run");
        try
        {
            return Load(path, overrides);
        }
        catch (ConfigurationException exception) when (overrides.Count == 0)
        {
            throw new StorageException(path, $"cannot be read ({exception.Errors[0].Message})", "Restore it from a copy", StorageException.Corrupt, exception);
        }
    }

    /// <summary>Whether there is a run in a directory.</summary>
    public static bool IsRun(string directory) => File.Exists(OfRunIn(directory));

    private static string OfRunIn(string directory) => System.IO.Path.Join(directory, "resolved.toml");

    private static string ReadText(string path)
    {
        if (path.Length == 0) throw Unreadable("\"\"", "no file given");
        if (Directory.Exists(path)) throw Unreadable(path, "is a directory: give a configuration file, such as configs/quickstart.toml");
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LargestSize + 1];
            var size = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (size > LargestSize) throw Unreadable(path, $"is larger than {LargestSize >> 20} MiB: this is no configuration");
            if (size == 0) throw Unreadable(path, "is empty: a configuration has at least [run], [theory] and a [flow] or [[sample]]");
            var start = bytes.AsSpan(0, size).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
            return StrictUtf8.GetString(bytes, start, size - start);
        }
        catch (DecoderFallbackException exception)
        {
            throw Unreadable(path, $"is not UTF-8 text (byte {exception.Index} cannot be read)");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(path, $"does not exist{Nearby(path)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, $"cannot be read: {exception.Message}");
        }
    }

    private static ConfigurationException Unreadable(string path, string message) => new([new(new(path), message)]);

    private static string Nearby(string path)
    {
        var directory = System.IO.Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(directory)) directory = ".";
        if (!Directory.Exists(directory)) return $": there is no directory {directory}";
        var names = Directory.EnumerateFiles(directory, "*.toml").Take(1000).Select(file => System.IO.Path.GetFileName(file)!);
        return Suggestion.Nearest(System.IO.Path.GetFileName(path), names) is { } nearest ? $"; did you mean '{System.IO.Path.Join(directory, nearest)}'?" : "";
    }
}
