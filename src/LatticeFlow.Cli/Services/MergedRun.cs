using System.Text.Json;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>Where the replicas of an ensemble of a merged run come from.</summary>
/// <param name="Sample">The ensemble.</param>
/// <param name="Run">Path of the directory that it was taken from.</param>
/// <param name="Seed">Of that run; null of an imported ensemble.</param>
/// <param name="Replicas">Its replicas, in the order of their new numbers.</param>
/// <param name="FirstReplica">The new number of the first.</param>
/// <param name="FirstRow">The running number of the first of its rows.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="ManifestSha256">Of the <c>manifest.jsonl</c> that lists them.</param>
/// <param name="Devices">What drew them.</param>
public sealed record MergedOrigin(
    string Sample, string Run, ulong? Seed, IReadOnlyList<long> Replicas, int FirstReplica, long FirstRow, long Rows, string ManifestSha256, IReadOnlyList<string> Devices);

/// <summary>A run that <c>merge</c> made of others: <c>merged.json</c>. It can be read as any other; its chains end in the runs that it was made of.</summary>
public sealed record MergedRun(int Format, IReadOnlyList<MergedOrigin> Origins)
{
    public const int CurrentFormat = 1;
    private const string FileName = "merged.json";
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    public static bool IsAt(string directory) => File.Exists(Path.Join(directory, FileName));

    /// <summary>What a directory was merged from; null where it was not.</summary>
    /// <exception cref="StorageException">The file is damaged (exit code 4).</exception>
    public static MergedRun? At(string directory)
    {
        if (!IsAt(directory)) return null;
        var path = Path.Join(directory, FileName);
        try
        {
            return JsonSerializer.Deserialize<MergedRun>(File.ReadAllText(path), _options) is { Format: CurrentFormat } merged ? merged
                : throw new StorageException(path, "has another format than this version reads", "Read it with the version that wrote it");
        }
        catch (Exception cause) when (cause is JsonException or IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    /// <summary>Refuses to go on with a merged run.</summary>
    /// <exception cref="UserErrorException">It is one.</exception>
    public static void RefuseToGoOn(string directory)
    {
        if (At(directory) is not { } merged) return;
        throw new UserErrorException("is a merged run: its chains end in the runs that it was made of")
        {
            File = directory,
            Remedy = $"extend those ({string.Join(", ", merged.Origins.Select(origin => origin.Run).Distinct())}) and merge them again",
        };
    }

    /// <summary>Origins of an ensemble, in the order of their rows.</summary>
    public IReadOnlyList<MergedOrigin> Of(string sample) => [.. Origins.Where(origin => origin.Sample == sample)];

    public void Write(string directory) => AtomicFile.WriteText(Path.Join(directory, FileName), JsonSerializer.Serialize(this, _options) + "\n");
}
