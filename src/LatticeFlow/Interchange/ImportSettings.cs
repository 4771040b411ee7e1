using LatticeFlow.Compute;
using LatticeFlow.Lattice;

namespace LatticeFlow.Interchange;

/// <summary>How gauge files are made an ensemble.</summary>
public sealed record ImportSettings
{
    /// <summary>Null: each file by its content.</summary>
    public IGaugeFileFormat? Format { get; init; }

    public GaugeReadSettings Reading { get; init; } = new();

    /// <summary>Coupling of Wilson's action, with which S = −(β/N) Σ Re tr P is stored; null: the action is unknown and S is stored as NaN.</summary>
    public double? Beta { get; init; }

    public ReplicaRule Replicas { get; init; } = new(ReplicaSource.Automatic);

    public NumberSource Numbers { get; init; }
}

/// <summary>One configuration that was imported.</summary>
public sealed record ImportedFile(
    string Path, string Format, LatticeGeometry Lattice, int N, Precision Precision, double Plaquette, double LinkTrace, long Replica, long Step, IReadOnlyList<string> Warnings);

/// <summary>What was imported, in the order in which it is stored, and what looks wrong with the chains: a sentence each without its full stop.</summary>
public sealed record ImportedEnsemble(IReadOnlyList<ImportedFile> Files, IReadOnlyList<string> Warnings);
