using LatticeFlow.Actions;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>
/// φ⁴ theory with m² ≥ 0 on a small lattice, drawn exactly by rejection: every φ(x) from e^{−m²φ² − λφ⁴} (a normal number that is kept with e^{−λφ⁴}), and the whole kept with e^{−hopping}. Shares nothing with the
/// samplers.
/// </summary>
internal sealed class ScalarTarget(double massSquared, double lambda, params int[] extents) : IExactTarget
{
    public LatticeGeometry Lattice { get; } = new(extents);

    public IAction Action() => new Phi4Action(Lattice, massSquared, lambda);

    public void Draw(Random random, double strength, Span<double> field)
    {
        do
        {
            foreach (ref double phi in field) phi = OneSite(random, strength);
        }
        while (random.NextDouble() > Math.Exp(-strength * new ScalarField(Lattice, field.ToArray()).Action(0, 0)));
    }

    /// <summary>φ(0)², which the sign of φ does not change.</summary>
    public double Corner(ReadOnlySpan<double> field) => field[0] * field[0];

    private double OneSite(Random random, double strength)
    {
        while (true)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double phi = normal / Math.Sqrt(2 * strength * massSquared);
            if (random.NextDouble() < Math.Exp(-strength * lambda * Math.Pow(phi, 4))) return phi;
        }
    }
}
