using LatticeFlow.Actions;
using LatticeFlow.Sampling;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The integrators that a configuration can name.</summary>
public enum IntegratorKind { Leapfrog, Omelyan2, ForceGradient4 }

/// <summary>What moves along trajectories, and how.</summary>
public enum TrajectoryKind { Hamiltonian, InFlow, Microcanonical }

/// <summary>Hamiltonian Monte Carlo, of the links or in the coordinates of the flow, or microcanonical Monte Carlo: either a fixed number of integration steps, or one tuned to an acceptance during thermalization.</summary>
public sealed record HmcSettings(IntegratorKind Integrator, double TrajectoryLength, int? Steps, double? Acceptance) : TransitionSettings
{
    private static readonly string[] _keys = ["integrator", "trajectory_length", "length_spread", "steps", "acceptance", "inner_scales"];

    /// <summary>Of the field.</summary>
    public static SamplerKind Sampler { get; } = new("hmc", _keys, (reader, theory) => Read(reader, theory, TrajectoryKind.Hamiltonian)) { IsPart = true, IsPartOfLadder = true };

    /// <summary>Of the coordinates of a flow.</summary>
    public static SamplerKind SamplerInFlow { get; } = new("flow-hmc", _keys, (reader, theory) => Read(reader, theory, TrajectoryKind.InFlow)) { IsPart = true };

    /// <summary>Of the field, with momenta of fixed length.</summary>
    public static SamplerKind MicrocanonicalSampler { get; } = new("mchmc", [.. _keys.Except(["inner_scales"])], (reader, theory) => Read(reader, theory, TrajectoryKind.Microcanonical)) { IsPart = true, IsPartOfLadder = true };

    public static readonly Choice<IntegratorKind> Integrators = new(
        ("leapfrog", IntegratorKind.Leapfrog), ("omelyan2", IntegratorKind.Omelyan2), ("force_gradient4", IntegratorKind.ForceGradient4));

    // With one length a mode whose period divides it comes back to where it was in every trajectory.
    private const double DefaultLengthSpread = 0.2;

    /// <summary>How far lengths of trajectories are drawn from around <see cref="TrajectoryLength"/>, as a fraction of it.</summary>
    public double LengthSpread { get; init; }

    /// <summary>The shorter time scales, outermost first; empty: there is one.</summary>
    public ValueList<TimeScaleSettings> InnerScales { get; init; } = [];

    /// <summary>What the trajectories are.</summary>
    public TrajectoryKind Dynamics { get; init; }

    /// <summary>Whether trajectories are those of the coordinates of the flow.</summary>
    public bool InFlow => Dynamics == TrajectoryKind.InFlow;

    /// <summary>Whether momenta have a fixed length.</summary>
    public bool Microcanonical => Dynamics == TrajectoryKind.Microcanonical;

    public override SamplerKind Kind => Dynamics switch { TrajectoryKind.InFlow => SamplerInFlow, TrajectoryKind.Microcanonical => MicrocanonicalSampler, _ => Sampler };

    public override bool UsesFlow => InFlow;

    public override bool IsTuned => Acceptance is not null;

    public override bool HasTrajectories => true;

    public override IEnumerable<HmcSettings> Trajectories => [this];

    public override ITransition Create(TransitionSources sources) => Dynamics switch
    {
        TrajectoryKind.InFlow => new FlowHamiltonianMonteCarlo(Trajectory(sources.Action), sources.Flow()),
        TrajectoryKind.Microcanonical => new MicrocanonicalMonteCarlo(Trajectory(sources.Action)),
        _ => Trajectory(sources.Action),
    };

    /// <summary>Of the field or of the coordinates of a flow; <paramref name="steps"/> takes the place of steps that are still to be tuned.</summary>
    public HamiltonianMonteCarlo Trajectory(IAction action, int? steps = null)
    {
        // Where the steps are tuned, what stands here does not count.
        var inner = InnerScales.SelectMany(scale => scale.Parts).ToHashSet();
        IntegratorLevel[] levels =
        [
            new(Named(Integrator), steps ?? Steps ?? 1, inner.Count == 0 ? [] : [.. Enumerable.Range(0, action.Parts.Count).Where(part => !inner.Contains(part))]),
            .. InnerScales.Select(scale => new IntegratorLevel(Named(scale.Integrator), scale.Steps, [.. scale.Parts])),
        ];
        var transition = Acceptance is { } acceptance && steps is null
            ? HamiltonianMonteCarlo.Tuned(levels, TrajectoryLength, acceptance)
            : HamiltonianMonteCarlo.Fixed(levels, TrajectoryLength);
        return transition.WithLengthSpread(LengthSpread);
    }

    private static IIntegrator Named(IntegratorKind kind) => Sampling.Integrators.Named(Integrators.Text(kind));

    private static HmcSettings Read(SectionReader reader, TheorySettings theory, TrajectoryKind dynamics)
    {
        var integrator = reader.OneOf("integrator", Integrators, IntegratorKind.Omelyan2);
        var length = reader.Number("trajectory_length", 1, value => value > 0, "greater than 0");
        var spread = reader.Number("length_spread", DefaultLengthSpread, value => value is >= 0 and < 1, "at least 0 and below 1");
        int? steps = reader.Integer("steps", 10, 1, Sampling.HamiltonianMonteCarlo.MostSteps);
        double? acceptance = reader.Number("acceptance", 0.8, value => value is > 0 and < 1, "between 0 and 1, both excluded");
        if (reader.Has("steps") && reader.Has("acceptance"))
        {
            // What was typed on the command line displaces the alternative that stands in the file.
            var fixedByOption = reader.PlaceOf("steps").IsOption;
            if (fixedByOption == reader.PlaceOf("acceptance").IsOption)
                reader.Fail("acceptance", "excludes steps: fix the number of steps, or give the acceptance to tune it to");
            (steps, acceptance) = (fixedByOption ? steps : null, fixedByOption ? null : acceptance);
        }
        else if (reader.Has("acceptance")) steps = null;
        else acceptance = null;
        if (dynamics == TrajectoryKind.Microcanonical && integrator == IntegratorKind.ForceGradient4)
            reader.Fail("integrator", $"\"{Integrators.Text(integrator)}\" is made for Hamilton's equations: \"{MicrocanonicalSampler.Name}\" has \"{Integrators.Text(IntegratorKind.Leapfrog)}\" and \"{Integrators.Text(IntegratorKind.Omelyan2)}\"");
        if (dynamics == TrajectoryKind.InFlow && reader.Has("inner_scales"))
            reader.Reject("inner_scales", "does not apply to the sampler \"flow-hmc\": the force of every part of the action takes a pass of the whole flow, so there is one time scale");
        ValueList<TimeScaleSettings> scales = dynamics != TrajectoryKind.Hamiltonian ? [] : TimeScaleSettings.ReadAll(reader, theory.Action.Parts);
        return new(integrator, length, steps, acceptance) { LengthSpread = spread, InnerScales = scales, Dynamics = dynamics };
    }

    public override void WriteTo(TomlTable table) => table.Add(("integrator", Of(Integrators.Text(Integrator))),
        ("trajectory_length", Of(TrajectoryLength)), ("length_spread", Of(LengthSpread)), ("steps", Steps is { } steps ? Of((long)steps) : null),
        ("acceptance", Acceptance is { } acceptance ? Of(acceptance) : null),
        ("inner_scales", InnerScales.Count == 0 ? null : Array(InnerScales.Select(scale => scale.Write()))));
}

/// <summary>One entry of <c>inner_scales</c>: the parts of the action that are integrated with <see cref="Steps"/> steps in each step of the scale around it.</summary>
public sealed record TimeScaleSettings(ValueList<int> Parts, IntegratorKind Integrator, int Steps)
{
    public static readonly string[] Keys = ["parts", "integrator", "steps"];

    public static ValueList<TimeScaleSettings> ReadAll(SectionReader hmc, int partsOfAction)
    {
        if (hmc.Tables("inner_scales", Keys) is not { } readers) return [];
        HashSet<int> taken = [];
        List<TimeScaleSettings> scales = [];
        foreach (var reader in readers)
        {
            if (reader.IsMissingOrEmpty("parts")) reader.Fail("parts", "is missing or empty: give the parts of the action by number, for example parts = [0]");
            var parts = reader.Integers("parts", 0, int.MaxValue) ?? [];
            foreach (var part in parts)
            {
                if (part >= partsOfAction) reader.Fail("parts", $"names part {part}, but the action has {partsOfAction} (numbered from 0): \"rectangle\" has plaquettes and rectangles, \"sum\" its terms");
                else if (!taken.Add(part)) reader.Fail("parts", $"names part {part}, which is on a time scale already");
            }
            scales.Add(new(parts, reader.OneOf("integrator", HmcSettings.Integrators, IntegratorKind.Omelyan2), reader.Integer("steps", 2, 1, Sampling.HamiltonianMonteCarlo.MostSteps)));
            reader.Close();
        }
        if (scales.Count > 0 && taken.Count == partsOfAction) hmc.Fail("inner_scales", "name all parts of the action: the outermost time scale needs one, too");
        return [.. scales];
    }

    public TomlTable Write() => Table(("parts", Of(Parts)), ("integrator", Of(HmcSettings.Integrators.Text(Integrator))), ("steps", Of((long)Steps)));
}
