using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>
/// Target[link] += Scale · F, F = −∂S/∂θ_link = −Σ_p n_p β_p sin θ_p, from the stored β_p sin θ_p of <see cref="PlaquetteForces{T}"/>; n_p = ±1
/// is the sign with which the link enters plaquette p. Where an extent is 1 a link enters a plaquette with both signs, and both entries cancel.
/// </summary>
public struct GatherForce<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>β_p sin θ_p.</summary>
    public Reals<T> Forces;

    /// <summary>What the force is added to, one number a link.</summary>
    public Reals<T> Target;

    /// <summary>Shared numbers; the scale is number 0 times <see cref="Coefficient"/>.</summary>
    public Reals<T> Scale;

    /// <summary>The constant factor of the scale.</summary>
    public double Coefficient;

    /// <summary>Plaquettes of every link: p with sign +, −1−p with sign −.</summary>
    public Table PlaquettesOfLinks;

    /// <summary>2(D−1).</summary>
    public int PlaquettesOfOne;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Forces = Forces.At(place);
        Target = Target.At(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T gradient = T.Of(0);
        int first = item * PlaquettesOfOne;
        for (int k = 0; k < PlaquettesOfOne; k += 2)
        {
            // Of the two plaquettes of one plane, the one ahead and the one behind, one has the link with + and one with −.
            int ahead = T.Index(PlaquettesOfLinks, first + k);
            int behind = T.Index(PlaquettesOfLinks, first + k + 1);
            int plus = ahead >= 0 ? ahead : behind;
            int minus = ahead >= 0 ? behind : ahead;
            gradient += LinkReference.Load(Forces, Lanes, plus) - LinkReference.Load(Forces, Lanes, -1 - minus);
        }

        T.Store(Target, item, T.Fnma(T.Uniform(Scale, 0) * T.Of(Coefficient) * T.Load(Strength, 0), gradient, T.Load(Target, item)));
    }
}
