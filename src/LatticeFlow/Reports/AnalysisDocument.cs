using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary>
/// <c>analysis.json</c>, format 1: every number the report shows. Names are the properties in snake_case; numbers that are not finite become null.
/// τ is in stored configurations and, as <c>tau_int_transitions</c>, in Markov transitions; uncorrelated data have τ = ½.
/// </summary>
public sealed record AnalysisDocument
{
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        // The file is never pasted into a script, and ⟨Q²⟩ should be readable in it.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumberConverter() },
    };

    [JsonPropertyOrder(-1)]
    [JsonRequired]
    public int Format { get; init; } = CurrentFormat;

    public TheoryDocument? Theory { get; init; }

    /// <summary>The section <c>analyze</c> of the configuration as it was used, with every default and every value from the command line; null where there is no configuration.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Settings { get; init; }

    /// <summary>Null where the run has no flow.</summary>
    public FlowDocument? Flow { get; init; }

    /// <summary>By sampler, in the order of the configuration.</summary>
    public IReadOnlyDictionary<string, EnsembleDocument> Ensembles { get; init; } = new Dictionary<string, EnsembleDocument>();

    /// <summary>Every warning of the document with the place it comes from, as in <c>hmc, topological_charge: …</c>.</summary>
    public IReadOnlyList<string> Warnings => [.. Collect()];

    public string ToJson() => JsonSerializer.Serialize(this, _options) + "\n";

    /// <summary>Throws <see cref="UserErrorException"/> with exit code 4, which names the file where one is given and the key, on text that is no analysis of this format.</summary>
    public static AnalysisDocument FromJson(string text, string? file = null)
    {
        try
        {
            AnalysisDocument document = JsonSerializer.Deserialize<AnalysisDocument>(text, _options) ?? throw new JsonException("it is null");
            if (document.Format != CurrentFormat)
                throw new AnalysisFault("format", $"it is {document.Format}, and {CurrentFormat} is known");
            AnalysisShape.Check(document);
            return document;
        }
        catch (JsonException exception)
        {
            // The path is that of the innermost value that was being read: $.ensembles.hmc.seconds.
            string? key = exception.Path is { Length: > 2 } path ? path[2..] : null;
            string what = exception.Message.Split(" Path: ")[0].TrimEnd('.');
            throw new UserErrorException($"is not a valid analysis: {what}", ExitCode.CorruptData, exception) { File = file, Key = key, Remedy = "run latticeflow analyze again" };
        }
        catch (AnalysisFault exception)
        {
            throw new UserErrorException($"is not a valid analysis: {exception.Message}", ExitCode.CorruptData, exception) { File = file, Key = exception.Key, Remedy = "run latticeflow analyze again" };
        }
    }

    private IEnumerable<string> Collect()
    {
        foreach (string warning in Flow?.Warnings ?? [])
            yield return $"flow: {warning}";
        foreach ((string sampler, EnsembleDocument ensemble) in Ensembles)
        {
            foreach (string warning in ensemble.Warnings)
                yield return $"{sampler}: {warning}";
            foreach ((string observable, ObservableDocument result) in ensemble.Observables)
            {
                foreach (string warning in result.Warnings)
                    yield return $"{sampler}, {observable}: {warning}";
            }
        }
    }
}

/// <summary>The target exp(−S): group (or <c>scalar</c>), action, coupling β (not a number where there are several or none) and extents.</summary>
public sealed record TheoryDocument(string Group, string Action, double Beta, IReadOnlyList<int> Extents)
{
    /// <summary>c1 of the rectangles; null where the action has none, or has several.</summary>
    public double? C1 { get; init; }

    /// <summary>ξ: planes that contain direction 0 have the coupling β ξ, the others β/ξ.</summary>
    public double Anisotropy { get; init; } = 1;

    /// <summary>m² of a scalar; null for links.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MassSquared { get; init; }

    /// <summary>λ of a scalar; null for links.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Lambda { get; init; }

    /// <summary>Whether the action has an open boundary or a defect, so that it is not the same at every place, and nothing that is known of a torus is true.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOpen { get; init; }

    /// <summary>Number of sites, Π L_μ.</summary>
    [JsonIgnore]
    public long Volume => Extents.Aggregate(1L, (product, extent) => product * extent);
}
