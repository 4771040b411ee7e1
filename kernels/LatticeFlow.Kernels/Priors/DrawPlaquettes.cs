using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;

namespace LatticeFlow.Kernels.Priors;

/// <summary>Draws plaquette angles F_p, each from e^{κ cos F}/2π I₀(κ). An item is a plaquette.</summary>
public struct DrawPlaquettes<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>F, <c>[plaquette]</c>.</summary>
    public Sums Plaquettes;

    /// <summary>The <see cref="StreamKey"/>.</summary>
    public Table Key;

    /// <summary>κ.</summary>
    public double Concentration;

    /// <summary>One of <see cref="RandomNumbers.Purpose"/>.</summary>
    public int Purpose;

    private Streams<T> streams;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Plaquettes = Plaquettes.At<T>(place);
        streams = new Streams<T> { Key = Key }.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) =>
        T.StoreTo(Plaquettes, item, new VonMises<T>(T.Of(Concentration)).Draw(streams, streams.Site(item), Purpose));
}
