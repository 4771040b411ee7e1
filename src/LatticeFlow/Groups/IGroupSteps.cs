using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Groups;

/// <summary>The kernels of a group that know no action, for one layout: how links move, are drawn and are kept in the group.</summary>
public interface IGroupSteps<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    /// <summary>A field of links.</summary>
    Field<T> NewLinks(int scope = Kernels.Memory.Scope.Tile);

    /// <summary>A field of momenta or forces: <see cref="GaugeGroup.Generators"/> numbers a link.</summary>
    Field<T> NewAlgebra(int scope = Kernels.Memory.Scope.Tile);

    /// <summary>Appends: p_a drawn from the normal distribution of mean 0 and variance 1.</summary>
    void AddMomenta(KernelProgram program, Field<T> momenta, IndexTable key, int purpose);

    /// <summary>Appends: total[element] = ½ Σ p_a² of every replica.</summary>
    void AddKinetic(KernelProgram program, Field<T> momenta, SumField total, int element);

    /// <summary>Appends: U = exp(i ε P) U, ε = step[0] · coefficient. Not re-unitarised.</summary>
    void AddDrift(KernelProgram program, Field<T> links, Field<T> momenta, Field<T> step, double coefficient);

    /// <summary>Appends: links = flag[element] = 1 ? links, brought back to the group : saved.</summary>
    void AddAcceptOrRestore(KernelProgram program, Field<T> links, Field<T> saved, SumField flag, int element);

    /// <summary>Appends: links drawn from Haar measure. Lanes are replicas.</summary>
    void AddHaar(KernelProgram program, Field<T> links, IndexTable key, int purpose);
}
