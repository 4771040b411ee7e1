using LatticeFlow.Cli.Configuration;
using LatticeFlow.Observables;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>
/// The rows of a draw that an ensemble ends within: where <c>configurations</c> is not a multiple of <c>replicas</c>, the last replicas have made the step and store nothing of it. They are kept in the state of the
/// segment, so that an ensemble that is asked for more configurations begins with them.
/// </summary>
internal static class DrawRest
{
    private const string Prefix = "rest.";
    private const string Observable = "rest.observable.";

    /// <summary>Adds the rows to the state.</summary>
    public static StateSections Set(StateSections sections, EnsembleBlock rest)
    {
        if (rest.FieldCount > 0) sections.Set(Prefix + "field", rest.Field);
        sections.Set(Prefix + "replica", rest.Replica).Set(Prefix + "step", rest.Step).Set(Prefix + "accepted", rest.Accepted).Set(Prefix + "action", rest.Action);
        if (rest.LogQ is { } logQ) sections.Set(Prefix + "log_q", logQ);
        if (rest.LogWeight is { } weight) sections.Set(Prefix + "log_weight", weight);
        if (rest.ReverseWork is { } reverse) sections.Set(Prefix + "reverse_work", reverse);
        if (rest.DeltaH is { } deltaH) sections.Set(Prefix + "delta_h", deltaH);
        foreach (var (name, column) in rest.Observables) sections.Set(Observable + name, column.Values);
        return sections;
    }

    /// <summary>The rows that a state has; null where it has none.</summary>
    /// <exception cref="StorageException">A column is missing, or not as long as the others (exit code 4).</exception>
    public static EnsembleBlock? Of(RunSession session, SampleSettings sample, ChainState? state)
    {
        if (state is null || !state.Sections.Has(Prefix + "step")) return null;
        var sections = state.Sections;
        var steps = sections.GetLongs(Prefix + "step");
        var observables = new OrderedDictionary<string, ObservableColumn>();
        var hasField = sections.Has(Prefix + "field");
        foreach (var observable in SamplingStage.Observables(session)) observables[observable.Name] = new(Column(Observable + observable.Name, observable.Components()), [.. observable.Shape]);
        return new()
        {
            Count = steps.Length,
            Field = hasField ? sections.GetDoubles(Prefix + "field") : [],
            FieldRows = hasField ? null : [],
            Encoding = sample.Store.Encoding,
            Replica = sections.GetLongs(Prefix + "replica"),
            Step = steps,
            Accepted = sections.GetBytes(Prefix + "accepted"),
            Action = Column(Prefix + "action"),
            LogQ = Optional("log_q"),
            LogWeight = Optional("log_weight"),
            ReverseWork = Optional("reverse_work"),
            DeltaH = Optional("delta_h"),
            Observables = observables,
        };

        double[]? Optional(string name) => sections.Has(Prefix + name) ? Column(Prefix + name) : null;

        double[] Column(string name, int components = 1) => sections.GetDoubles(name) is var values && values.Length == steps.Length * components
            ? values
            : throw new StorageException(sections.Origin, $"section '{name}' has {values.Length} numbers where {steps.Length * components} belong", "Restore the ensemble from a copy");
    }

    /// <summary>How many rows of the last draw an ensemble of so many configurations does not hold.</summary>
    public static int CountAfter(long configurations, SampleSettings sample) => (int)((sample.Replicas - (configurations % sample.Replicas)) % sample.Replicas);
}
