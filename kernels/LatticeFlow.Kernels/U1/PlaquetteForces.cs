using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>Forces[p] = β_p sin θ_p, θ_p = θ_a + θ_b − θ_c − θ_d: −∂S of plaquette p = item up to the sign of the link in it. One sine a plaquette.</summary>
public struct PlaquetteForces<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>β_p of every plaquette.</summary>
    public AngleCouplings<T> Couplings;

    /// <summary>The result, one number a plaquette.</summary>
    public Reals<T> Forces;

    /// <summary>Links a, b, c, d of every plaquette.</summary>
    public Table LinksOfPlaquettes;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Couplings = Couplings.At(place);
        Forces = Forces.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) =>
        T.Store(Forces, item, Couplings.Of(item) * Trigonometry.Sin(Plaquette.Angle(Links, Lanes, LinksOfPlaquettes, item)));
}
