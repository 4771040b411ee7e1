using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>What makes an analysis fail, by kind.</summary>
public enum FailureKind { Flow, Pull, RHat, ExpMinusDeltaH, FrozenCharge }

/// <summary><c>[analyze]</c>: what is measured and reported.</summary>
public sealed record AnalyzeSettings
{
    public static readonly string[] Keys = ["observables", "theta", "flow_samples", "target_samples", "fail_on", "derive", "fit", .. ErrorSection.Keys];

    public static readonly Choice<FailureKind> Failures = new(("flow", FailureKind.Flow), ("pull", FailureKind.Pull), ("rhat", FailureKind.RHat), ("exp_minus_delta_h", FailureKind.ExpMinusDeltaH), ("frozen_charge", FailureKind.FrozenCharge));

    public static readonly ValueList<FailureKind> AllFailures = [.. Enum.GetValues<FailureKind>()];

    /// <summary>Below this the estimate of the effective sample size rests on too few large weights to be believed.</summary>
    public const int FewestFlowSamples = 65_536;

    private const int DefaultTargetSamples = 16_384;

    public required ValueList<string> Observables { get; init; }

    /// <summary>Angles θ for which everything is reweighted to e^{−S + iθQ}.</summary>
    public ValueList<double> Theta { get; init; } = [];

    /// <summary>Fresh, independent samples of the flow for its effective sample size, acceptance and ln Z.</summary>
    public required int FlowSamples { get; init; }

    /// <summary>Exact draws of the target on which the density of the flow is computed, where there are such (<see cref="Flows.ExactDraws"/>); 0: none.</summary>
    public required int TargetSamples { get; init; }

    /// <summary>Findings that make the exit code 3; all others are warnings.</summary>
    public ValueList<FailureKind> FailOn { get; init; } = AllFailures;

    /// <summary>How errors are found.</summary>
    public ErrorSection Errors { get; init; } = new();

    /// <summary>Formulas <c>name = formula</c> of mean values (<see cref="Expressions.Derivation"/>).</summary>
    public ValueList<string> Derive { get; init; } = [];

    /// <summary>Fits <c>name: data = model for x = 1..5</c> (<see cref="Fits.FitDefinition"/>).</summary>
    public ValueList<string> Fit { get; init; } = [];

    /// <summary>Both, read.</summary>
    public UserQuantities Quantities() => UserQuantities.Parse(Derive, Fit);

    public static AnalyzeSettings Read(SectionReader reader, TheorySettings theory)
    {
        var observables = ReadObservables(reader, theory);
        var settings = new AnalyzeSettings
        {
            Observables = observables,
            Theta = ReadTheta(reader, theory, observables),
            FlowSamples = reader.Integer("flow_samples", FewestFlowSamples, 1),
            TargetSamples = reader.Integer("target_samples", DefaultTargetSamples, 0),
            FailOn = ReadFailOn(reader),
            Errors = ErrorSection.Read(reader),
            Derive = Formulas.ReadDerive(reader),
            Fit = Formulas.ReadFit(reader),
        };
        Formulas.Check(reader, theory, settings);
        if (settings.FlowSamples < FewestFlowSamples)
            reader.Fail("flow_samples", $"must be at least {FewestFlowSamples}, not {settings.FlowSamples}: "
                + "with fewer samples the rare large weights are missed and the effective sample size comes out too high");
        reader.Close();
        return settings;
    }

    public TomlTable Write()
    {
        var table = Table(("observables", Of(Observables)), ("theta", Theta.Count == 0 ? null : Array(Theta.Select(Of))), ("flow_samples", Of((long)FlowSamples)), ("target_samples", Of((long)TargetSamples)),
            ("fail_on", Array(FailOn.Select(kind => Of(Failures.Text(kind))))));
        Errors.WriteTo(table);
        Formulas.WriteTo(table, Derive, Fit);
        return table;
    }

    private static ValueList<FailureKind> ReadFailOn(SectionReader reader)
    {
        if (reader.ManyOf("fail_on", [.. Failures.Texts]) is not { } words) return AllFailures;
        return [.. words.Distinct().Select(word => Failures.TryParse(word, out var kind) ? kind : default)];
    }

    private static ValueList<double> ReadTheta(SectionReader reader, TheorySettings theory, ValueList<string> observables)
    {
        // Q is an integer and Z(−θ) = Z(θ): nothing is left out.
        var theta = reader.Numbers("theta", value => value is > 0 and <= Math.PI, "greater than 0 and at most pi = 3.141592653589793") ?? [];
        if (theta.Count == 0) return [];
        if (theta.Distinct().Count() < theta.Count) reader.Fail("theta", "names an angle twice");
        if (theory.Field != GaugeGroup.U1 || theory.Dimension != 2)
            reader.Fail("theta", "needs a charge that is an integer, which only U1 in two dimensions has here: leave it out");
        else if (!observables.Contains("topological_charge")) reader.Fail("theta", "needs \"topological_charge\" among analyze.observables: add it, or leave theta out");
        return theta;
    }

    private static ValueList<string> ReadObservables(SectionReader reader, TheorySettings theory)
    {
        if (reader.Items("observables") is not { } items) return [.. ObservableRegistry.DefaultsFor(theory.Field, theory.Dimension)];
        List<string> names = [];
        foreach (var item in items)
        {
            if (item is not TomlScalar { Value: string name }) reader.FailAt(item.Place, "observables", $"must hold strings, not {item.Describe()}");
            else if (ObservableName.Problem(name, theory) is { } problem) reader.FailAt(item.Place, "observables", $": {problem}");
            else if (names.Contains(name)) reader.FailAt(item.Place, "observables", $"names \"{name}\" twice");
            else names.Add(name);
        }
        return [.. names];
    }
}
