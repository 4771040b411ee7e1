using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Fields;

/// <summary>The kernels of a field that know no action, for one layout: how configurations move, are drawn and are kept in their group.</summary>
public interface IFieldSteps<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    /// <summary>A field of configurations.</summary>
    Field<T> NewField(int scope = Kernels.Memory.Scope.Tile);

    /// <summary>A field of tangents, as momenta and forces are: <see cref="FieldType.TangentComponents"/> numbers an element.</summary>
    Field<T> NewTangents(int scope = Kernels.Memory.Scope.Tile);

    /// <summary>Appends: p_a drawn from the normal distribution of mean 0 and variance 1.</summary>
    void AddMomenta(KernelProgram program, Field<T> momenta, IndexTable key, int purpose);

    /// <summary>Appends: total[element] = ½ Σ p_a² of every replica.</summary>
    void AddKinetic(KernelProgram program, Field<T> momenta, SumField total, int element);

    /// <summary>Appends: U = exp(i ε P) U, or φ += ε p, with ε = step[0] · coefficient. Not re-unitarised, and angles are not wrapped.</summary>
    void AddDrift(KernelProgram program, Field<T> field, Field<T> momenta, Field<T> step, double coefficient);

    /// <summary>Appends: field = flag[element] = 1 ? field, brought back to the group : saved.</summary>
    void AddAcceptOrRestore(KernelProgram program, Field<T> field, Field<T> saved, SumField flag, int element);

    /// <summary>Whether a hot start counts its numbers by site and link, so that it is the same where lanes are sub-lattices.</summary>
    bool StartsInAnyLayout { get; }

    /// <summary>Appends: independent elements as a hot start has them: of a group from Haar measure, of a scalar normal numbers of mean 0 and variance 1. Lanes are replicas unless <see cref="StartsInAnyLayout"/>.</summary>
    void AddHotStart(KernelProgram program, Field<T> field, IndexTable key, int purpose);
}
