using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>
/// How a constant force F turns momenta p of length √d for a time ε: with e = F/|F|, c = e·p/√d, δ = ε √d |F|/(d − 1) and z = cosh δ + c sinh δ it is p' = (p + √d e (sinh δ + c (cosh δ − 1)))/z, and the volume of the sphere shrinks by
/// z^{−(d−1)}. From the sums of F² and F p follow the factors a and b of p' = a p + b F, and (d − 1) ln z is added to the energy change. One item.
/// </summary>
/// <remarks>
/// All of it is divided by e^δ, so that nothing overflows: with s = e^{−δ}, 2 z s = (1 + c) + (1 − c) s². Source: J. Robnik, G. B. De Luca, E. Silverstein, U. Seljak, JMLR 24 (2023) 311, eqs. 17 and 18; the energy change: J. Robnik, R. Cohn,
/// U. Seljak, arXiv:2503.01707.
/// </remarks>
public struct IsokineticTurn<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>The least Σ F² that is told from 0.</summary>
    private const double LeastSquare = 1e-280;

    /// <summary>Σ F² and Σ F p on entry, a and b on return.</summary>
    public Sums Totals;

    /// <summary>The energies of the trajectory; (d − 1) ln z is added to <see cref="DecideTrajectory{T}.Element.EndKinetic"/>.</summary>
    public Sums Energies;

    /// <summary>Shared numbers; ε is number 0 times <see cref="Coefficient"/>.</summary>
    public Reals<T> Step;

    /// <summary>The constant factor of ε.</summary>
    public double Coefficient;

    /// <summary>d, at least 2.</summary>
    public double Dimension;

    /// <summary>(d − 1) in the energy change; another number loses the exactness.</summary>
    public double EnergyFactor;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Totals = Totals.At<T>(place);
        Energies = Energies.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T one = T.Of(1), half = T.Of(0.5);
        T length = T.Sqrt(T.Max(T.LoadFrom(Totals, 0), T.Of(LeastSquare)));
        T root = T.Of(Math.Sqrt(Dimension));

        // Rounding must not lead beyond the sphere.
        T c = T.Max(T.Of(-1), T.Min(one, T.LoadFrom(Totals, 1) / (length * root)));
        T delta = T.Uniform(Step, 0) * T.Of(Coefficient * Math.Sqrt(Dimension) / (Dimension - 1)) * length;
        T t = T.Of(0) - Exponential.Expm1(T.Of(0) - delta);
        T s = one - t;
        T z = half * ((one + c) + ((one - c) * s * s));
        T gain = half * ((t * (T.Of(2) - t)) + (c * t * t));
        T.StoreTo(Totals, 0, s / z);
        T.StoreTo(Totals, 1, root * gain / (z * length));
        T.AddTo(Energies, DecideTrajectory<T>.Element.EndKinetic, T.Of(EnergyFactor) * (delta + Logarithm.Log(z)));
    }
}
