using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Lattice;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>The run that is looked at; nothing in it is written, so that it may be a read-only copy.</summary>
/// <param name="session">The run.</param>
/// <param name="all">Whether everything is recomputed, and not only so much of it as is quick.</param>
public sealed class VerifiedRun(RunSession session, bool all)
{
    public RunSession Session { get; } = session;

    public bool All { get; } = all;

    public string Path => Session.Directory.Path;

    /// <summary>What it was merged from; null where it was drawn.</summary>
    public MergedRun? Merged { get; } = MergedRun.At(session.Directory.Path);

    public RunConfiguration Configuration => Session.Configuration;

    public ComputeDevice Device => Session.Device;

    public LatticeGeometry Lattice => Session.Lattice;

    /// <summary>What a flow of this run acts on.</summary>
    public FieldSpace Space => new(Configuration.Theory.Field, Lattice);

    public IAction Action => Session.Action;

    public Compute.Precision Precision => Session.Precision;

    public ulong Seed(string use) => DerivedSeed.Of((ulong)Configuration.Run.Seed, "verify", use);
}
