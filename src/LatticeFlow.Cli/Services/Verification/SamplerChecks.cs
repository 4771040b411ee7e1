using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Sampling;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Reversibility of the Hamiltonian trajectories of a run, from configurations that it stored or, in the coordinates of a flow, from their origins.</summary>
public sealed class SamplerChecks(VerifiedRun run, Checklist list)
{
    // A few hundred updates of angles of order one in double, with room for neighbouring trajectories to part.
    private const double ReversibilityTolerance = 1e-9;
    private const int MostReplicas = 16;

    // Some 80 MB of configurations, momenta and forces.
    private const int MostNumbers = 4_000_000;

    public void Run(SampleSettings sample, FlowModel? flow) => list.Group($"{sample.Name}: reversibility", () =>
    {
        HmcSettings[] trajectories = [.. TransitionFactory.Trajectories(sample.Transition)];
        if (trajectories.Length == 0) return;
        var reader = EnsembleReader.Open(ExistingRun.Ensemble(run.Path, sample.Name));
        var configurations = Configurations(sample, reader);
        if (configurations.Length == 0)
        {
            list.Passed($"{sample.Name}: reversibility", "not checked: there are no configurations in double precision, and a merged run has no states of chains");
            return;
        }
        var numbers = run.Action.Field.Numbers(run.Lattice);
        var replicas = Math.Clamp(MostNumbers / numbers, 1, Math.Min(configurations.Length / numbers, MostReplicas));
        var start = configurations[..(replicas * numbers)];
        var tuned = ExistingRun.IntegratorSteps(run.Path, sample.Name);
        for (var i = 0; i < trajectories.Length; i++)
        {
            var steps = trajectories[i].Steps ?? (i < tuned.Count ? tuned[i] : HamiltonianMonteCarlo.MostSteps);
            var hmc = TransitionFactory.Hmc(trajectories[i], run.Action, steps);
            var (action, from) = (run.Action, start);
            if (trajectories[i].InFlow)
            {
                if (flow is null) continue;
                (action, from) = (new FlowedAction(run.Action, flow), Origins(flow, start, replicas));
            }
            list.AtMost($"{sample.Name}: reversibility", $"largest distance of {(run.Action.Field.Place == FieldPlace.Links ? "a link" : "phi(x)")} from its start after {steps} steps there and back",
                trajectories[i].Microcanonical
                    ? Reversibility.LargestDeviation(run.Device, action, new MicrocanonicalMonteCarlo(hmc), steps, from, run.Seed("reversibility"))
                    : Reversibility.LargestDeviation(run.Device, action, hmc, steps, from, run.Seed("reversibility")), ReversibilityTolerance);
        }
    });

    // Those of the last segment or, where they are not there to the bit, of its state.
    private double[] Configurations(SampleSettings sample, EnsembleReader reader)
    {
        var last = reader.Segments.Count - 1;
        if (sample.Store.IsWhole && sample.Store.Encoding.IsExact) return run.Action.Field.FromStored(reader.ReadSegment(last).Field);
        return run.Merged is null ? reader.ReadState(last).Sections.GetChain(SamplingStage.Chain, run.Action.Field).Field ?? [] : [];
    }

    // f⁻¹ of configurations.
    private double[] Origins(FlowModel flow, double[] configurations, int replicas)
    {
        using var engine = FlowEngine.Create(run.Device, Compute.Precision.Double, flow, new FieldSpace(run.Action.Field, run.Action.Lattice), replicas);
        var origins = new double[configurations.Length];
        engine.Inverse(configurations, origins, new double[replicas]);
        return origins;
    }
}
