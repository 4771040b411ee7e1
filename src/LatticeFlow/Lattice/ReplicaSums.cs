using LatticeFlow.Compute;

namespace LatticeFlow.Lattice;

/// <summary>Numbers of each replica, of which all lanes of a replica hold the same, on the host: <c>[replica][element]</c>.</summary>
public sealed class ReplicaSums(LatticeLayout layout, SumField field)
{
    private readonly double[] lanes = new double[layout.IsSplit ? layout.Replicas * layout.Lanes * field.Elements : 0];

    /// <summary>Reads all replicas.</summary>
    public void Read(Span<double> replicas)
    {
        if (!layout.IsSplit)
        {
            field.ReadReplicas(replicas);
            return;
        }

        field.ReadReplicas(lanes);
        for (int replica = 0; replica < layout.Replicas; replica++)
            lanes.AsSpan(replica * layout.Lanes * field.Elements, field.Elements).CopyTo(replicas[(replica * field.Elements)..]);
    }

    /// <summary>Writes all replicas.</summary>
    public void Write(ReadOnlySpan<double> replicas)
    {
        if (!layout.IsSplit)
        {
            field.WriteReplicas(replicas);
            return;
        }

        for (int lane = 0; lane < layout.Replicas * layout.Lanes; lane++)
            replicas.Slice(lane / layout.Lanes * field.Elements, field.Elements).CopyTo(lanes.AsSpan(lane * field.Elements));
        field.WriteReplicas(lanes);
    }
}
