using System.Text.Json.Serialization;
using LatticeFlow.Costs;

namespace LatticeFlow.Reports;

/// <summary>The block <c>cost</c> of an ensemble: what all of it took, and what of that an independent configuration takes, 2 τ_int rows (of weighted ones more: as many as have the error of one), by what it is independent for.</summary>
public sealed record CostDocument
{
    /// <summary>Elements (links, or sites of a scalar) by kind of work, thermalization included: <see cref="WorkKind"/>.</summary>
    public required IReadOnlyDictionary<string, double> Elements { get; init; }

    /// <summary>Nominal floating-point operations of the sampling, thermalization included, training and measurements not; null where some are not stated.</summary>
    public required double? Flops { get; init; }

    /// <summary>Wall time of the sampling, thermalization, measuring and storing included.</summary>
    public required double Seconds { get; init; }

    /// <summary>The part of it before the first stored configuration.</summary>
    public required double ThermalizationSeconds { get; init; }

    /// <summary>Wall time of the trainings of the flow that the sampler uses.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TrainingSeconds { get; init; }

    /// <summary>Energy of the processors while it was drawn; null where it was not measured.</summary>
    public required double? Joules { get; init; }

    /// <summary>By observable; empty where no autocorrelation time is known.</summary>
    public required IReadOnlyDictionary<string, IndependentCostDocument> Independent { get; init; }

    /// <summary>The cost of an ensemble; null where none was recorded.</summary>
    public static CostDocument? Of(SamplingCost? cost, IReadOnlyDictionary<string, ObservableDocument> observables) => cost is null ? null : new()
    {
        Elements = Names(cost.Work),
        Flops = Finite(cost.Work.Flops),
        Seconds = cost.Seconds,
        ThermalizationSeconds = cost.ThermalizationSeconds,
        TrainingSeconds = cost.TrainingSeconds,
        Joules = cost.Joules,
        Independent = observables.Where(entry => IsShown(entry.Key) && entry.Value.IndependentConfigurations > 0)
            .ToDictionary(entry => entry.Key, entry => Share(cost, entry.Value.IndependentConfigurations!.Value)),
    };

    // Of links the plaquette and the square of the charge, of a scalar φ² and M².
    private static bool IsShown(string observable) =>
        observable is "plaquette" or "topological_charge_squared" or "phi_squared" or "magnetization_squared" || observable.StartsWith("clover_susceptibility", StringComparison.Ordinal);

    private static IndependentCostDocument Share(SamplingCost cost, double independent) => new(
        independent,
        Names(cost.Work.Times(1 / independent)),
        Finite(cost.Work.Flops / independent),
        (cost.Seconds + cost.TrainingSeconds) / independent,
        cost.Joules / independent);

    private static Dictionary<string, double> Names(Work work) => Work.Kinds.Where(kind => work[kind] != 0).ToDictionary(Work.Name, kind => work[kind]);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>The share of one of <paramref name="Configurations"/> independent configurations (<see cref="ObservableDocument.IndependentConfigurations"/>): elements by kind, floating-point operations, seconds with those of training, joules.</summary>
public sealed record IndependentCostDocument(double Configurations, IReadOnlyDictionary<string, double> Elements, double? Flops, double Seconds, double? Joules);
