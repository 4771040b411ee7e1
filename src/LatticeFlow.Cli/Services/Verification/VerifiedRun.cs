using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Lattice;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>The run that is looked at; nothing in it is written, so that it may be a read-only copy.</summary>
public sealed class VerifiedRun(string path, RunConfiguration configuration, ComputeDevice device)
{
    public string Path { get; } = path;

    public RunConfiguration Configuration { get; } = configuration;

    public ComputeDevice Device { get; } = device;

    public LatticeGeometry Lattice { get; } = new([.. configuration.Theory.Extents]);

    /// <summary>What a flow of this run acts on.</summary>
    public FieldSpace Space => new(Configuration.Theory.Field, Lattice);

    public IAction Action { get; } =
        ActionRegistry.Create(new LatticeGeometry([.. configuration.Theory.Extents]), configuration.Theory.Field, configuration.Theory.Action.Description);

    public Compute.Precision Precision => Configuration.Run.Precision == Cli.Configuration.Precision.Double ? Compute.Precision.Double : Compute.Precision.Single;

    public ulong Seed(string use) => DerivedSeed.Of((ulong)Configuration.Run.Seed, "verify", use);
}
