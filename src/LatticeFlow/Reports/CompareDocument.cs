using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LatticeFlow.Reports;

/// <summary><c>compare.json</c>, format 1: the results of several runs side by side.</summary>
public sealed record CompareDocument
{
    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumberConverter() },
    };

    [JsonPropertyOrder(-1)]
    public int Format { get; init; } = 1;

    /// <summary>Keys of the configurations that differ between the runs.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>One entry for each observable of each ensemble.</summary>
    public required IReadOnlyList<ComparedValue> Values { get; init; }

    /// <summary>Ensembles of one theory against each other.</summary>
    public IReadOnlyList<AgreementDocument> Agreement { get; init; } = [];

    /// <summary>What independent configurations cost; empty where no run has recorded it.</summary>
    public IReadOnlyList<ComparedCost> Costs { get; init; } = [];

    public ReweightingDocument? Reweighting { get; init; }

    /// <summary>Fits over the runs, by name.</summary>
    public IReadOnlyDictionary<string, ComparedFit> Fits { get; init; } = new Dictionary<string, ComparedFit>();

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, _options) + "\n";
}

/// <summary>A run: the name it is called by here, and its values of the keys that differ.</summary>
public sealed record ComparedRun(string Name, string Directory, IReadOnlyDictionary<string, string> Keys);

/// <summary>An observable of one ensemble of one run.</summary>
public sealed record ComparedValue(string Run, string Sampler, string Observable, double Mean, double Error, double TauInt, double TauIntError, double? Exact, double? Pull);

/// <summary>The cost of an ensemble of one run.</summary>
public sealed record ComparedCost(string Run, string Sampler, CostDocument Cost);

/// <summary>Independent ensembles of one theory: χ² of an observable about their weighted mean, its probability, and the pair that differs most, with (a − b)/√(σ_a² + σ_b²).</summary>
public sealed record AgreementDocument(string Observable, int Ensembles, double ChiSquared, int DegreesOfFreedom, double PValue, string First, string Second, double LargestPull);

/// <summary>A fit over runs, with its parameters.</summary>
public sealed record ComparedFit(FitDocument Fit, IReadOnlyDictionary<string, FittedParameter> Parameters);

/// <summary>A parameter with its error.</summary>
public sealed record FittedParameter(double Value, double Error);

/// <summary>All ensembles at every coupling between theirs (<see cref="Reweighting.MultiHistogram"/>).</summary>
public sealed record ReweightingDocument
{
    /// <summary>Couplings and independent configurations of the ensembles, in order.</summary>
    public required IReadOnlyList<ReweightedEnsemble> Ensembles { get; init; }

    /// <summary>Of neighbours in β: what they have in common, 0 to 1, and in words.</summary>
    public required IReadOnlyList<OverlapDocument> Overlaps { get; init; }

    public required IReadOnlyList<ReweightedCurve> Curves { get; init; }
}

/// <summary>An ensemble that others are joined with.</summary>
public sealed record ReweightedEnsemble(string Run, string Sampler, double Beta, long Configurations, double Independent, double FreeEnergy);

/// <summary>The overlap of two neighbouring couplings.</summary>
public sealed record OverlapDocument(double From, double To, double Overlap, string Words);

/// <summary>A quantity as a function of β, and its maximum where there is one between the ends.</summary>
public sealed record ReweightedCurve(string Name, string Formula, IReadOnlyList<ReweightedPointDocument> Points)
{
    public Reweighting.ReweightedPeak? Peak { get; init; }
}

/// <summary>A value at β, and the share of all independent configurations that it rests on.</summary>
public sealed record ReweightedPointDocument(double Beta, double Value, double Error, double EffectiveFraction, double? Exact);
