using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Momenta[item] = a · Momenta[item] + b · Force[item], a and b numbers of the replica. One item a number of a tangent.</summary>
/// <remarks>Floor: 3 flop and 24 bytes a number.</remarks>
public struct CombineTangents<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>p.</summary>
    public Reals<T> Momenta;

    /// <summary>F.</summary>
    public Reals<T> Force;

    /// <summary>a and b.</summary>
    public Sums Factors;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Momenta = Momenta.At(place);
        Force = Force.At(place);
        Factors = Factors.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) =>
        T.Store(Momenta, item, T.Fma(T.LoadFrom(Factors, 1), T.Load(Force, item), T.LoadFrom(Factors, 0) * T.Load(Momenta, item)));
}
