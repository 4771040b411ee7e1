using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Momenta[item] times √(d/Σp²), from ½ Σp² of the replica: a uniform direction out of normal numbers, of length √d. One item a number of a tangent.</summary>
/// <remarks>Floor: 3 flop and 16 bytes a number.</remarks>
public struct ScaleToSphere<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>p.</summary>
    public Reals<T> Momenta;

    /// <summary>½ Σp², element 0.</summary>
    public Sums Kinetic;

    /// <summary>d.</summary>
    public double Dimension;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Momenta = Momenta.At(place);
        Kinetic = Kinetic.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.Store(Momenta, item, T.Load(Momenta, item) * T.Sqrt(T.Of(0.5 * Dimension) / T.LoadFrom(Kinetic, 0)));
}
