using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Priors;

/// <summary>
/// Links with given plaquette angles, all but one: the plaquette that a random number chooses becomes minus the sum of all others, since on a
/// torus they sum to a multiple of 2π. Links are solved for one after the other; two start from random angles, so that both Polyakov
/// loops are uniform; the gauge is not random yet. One item.
/// </summary>
public struct AssemblePlaquettes<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>F, <c>[plaquette]</c>.</summary>
    public Sums Plaquettes;

    /// <summary>Uniform angles: of the two loops, then the one that chooses the free plaquette.</summary>
    public Sums Angles;

    /// <summary>θ, <c>[link]</c>.</summary>
    public Sums Links;

    /// <summary>
    /// <c>[step]{plaquette, link, its sign, three links of the plaquette as l for + and −1−l for −}</c>: the link to solve for and what is known.
    /// </summary>
    public Table Steps;

    /// <summary>The links that start from the two random angles.</summary>
    public Table Loops;

    /// <summary>Links of the lattice.</summary>
    public int LinkCount;

    /// <summary>Plaquettes of the lattice.</summary>
    public int PlaquetteCount;

    /// <summary>Links to solve for.</summary>
    public int StepCount;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Plaquettes = Plaquettes.At<T>(place);
        Angles = Angles.At<T>(place);
        Links = Links.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T half = T.Of(0.5), zero = T.Of(0.0);

        // ⌊u V⌋ without a conversion: the nearest integer, or the one below it. Not the nearest integer to u V − ½: compilers for devices add up constants,
        // and the ½ would vanish in the large one that rounds.
        T position = T.Fma(T.LoadFrom(Angles, 2), T.Of(0.5 / System.Math.PI), half) * T.Of(PlaquetteCount);
        T nearest = T.Round(position);
        T free = T.SelectLess(position, nearest, nearest - T.Of(1.0), nearest);
        free = T.Max(zero, T.Min(T.Of(PlaquetteCount - 1), free));
        T sum = zero;
        for (int p = 0; p < PlaquetteCount; p++)
            sum += T.SelectLess(T.Abs(T.Of(p) - free), half, zero, T.LoadFrom(Plaquettes, p));
        T rest = -Angle.Wrap(sum);
        for (int l = 0; l < LinkCount; l++) T.StoreTo(Links, l, zero);
        T.StoreTo(Links, T.Index(Loops, 0), T.LoadFrom(Angles, 0));
        T.StoreTo(Links, T.Index(Loops, 1), T.LoadFrom(Angles, 1));
        for (int s = 0; s < StepCount; s++)
        {
            int e = 6 * s;
            int p = T.Index(Steps, e);
            T angle = T.SelectLess(T.Abs(T.Of(p) - free), half, rest, T.LoadFrom(Plaquettes, p));
            for (int k = 3; k < 6; k++)
            {
                int l = T.Index(Steps, e + k);
                angle = l >= 0 ? angle - T.LoadFrom(Links, l) : angle + T.LoadFrom(Links, -1 - l);
            }

            T.StoreTo(Links, T.Index(Steps, e + 1), Angle.Wrap(T.Of(T.Index(Steps, e + 2)) * angle));
        }
    }
}
