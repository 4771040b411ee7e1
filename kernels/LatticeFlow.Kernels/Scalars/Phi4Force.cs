using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Scalars;

/// <summary>
/// Target[x] += Scale · F(x), F = −∂S/∂φ(x) = −2 [Σ_μ (2 φ(x) − φ(x+μ) − φ(x−μ)) + m² φ(x) + 2λ φ(x)³] times the strength. One item a site. Where an extent is 1 both neighbours are the site itself and
/// its differences vanish.
/// </summary>
public struct Phi4Force<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>φ.</summary>
    public Reals<T> Field;

    /// <summary>What the force is added to, one number a site.</summary>
    public Reals<T> Target;

    /// <summary>Neighbours of every site: ahead and behind in direction 0, in direction 1, …</summary>
    public Table Neighbours;

    /// <summary>What the entries of the table mean.</summary>
    public LaneShifts Lanes;

    /// <summary>m².</summary>
    public double MassSquared;

    /// <summary>λ.</summary>
    public double Lambda;

    /// <summary>Shared numbers; the scale is number 0 times <see cref="Coefficient"/>.</summary>
    public Reals<T> Scale;

    /// <summary>The constant factor of the scale.</summary>
    public double Coefficient;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <summary>2D.</summary>
    public int NeighboursOfOne;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Target = Target.At(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T phi = T.Load(Field, item);
        T half = phi * T.Fma(T.Of(2 * Lambda), phi * phi, T.Of(MassSquared));
        int first = item * NeighboursOfOne;
        for (int i = first; i < first + NeighboursOfOne; i++) half += phi - LinkReference.Load(Field, Lanes, T.Index(Neighbours, i));
        T.Store(Target, item, T.Fnma(T.Uniform(Scale, 0) * T.Of(2 * Coefficient) * T.Load(Strength, 0), half, T.Load(Target, item)));
    }
}
