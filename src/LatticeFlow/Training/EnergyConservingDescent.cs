using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Storage;

namespace LatticeFlow.Training;

/// <summary>
/// Energy-conserving descent by Born–Infeld dynamics (G. B. De Luca, E. Silverstein 2022, arXiv:2201.11137): a particle in the potential V = L + c with H = √(V(V + Π²)) = E, which has no friction, cannot
/// stop where V &gt; 0, and slows down where V is small: Π ← Π − (η/2)(V/E + E/V) ∇L, φ ← φ + η (V/E) Π. Before each step Π is scaled to Π² = E²/V − V, so that rounding and the noise of batches do not change E.
/// </summary>
/// <remarks>
/// c is what makes V zero at the wanted loss: ln Z, where it is known or guessed from below, as the least loss is −ln Z. Every <c>bounce_every</c> steps Π gets a random direction, which mixes its orbit.
/// </remarks>
public sealed class EnergyConservingDescent : FirstOrder
{
    private const string Momenta = "ecd_momenta";
    private const string Numbers = "ecd_energy_and_updates";
    private readonly double shift;
    private readonly double extra;
    private readonly int bounceEvery;
    private readonly ulong seed;
    private readonly double[] momenta;
    private double energy;
    private long updates;

    /// <summary>For so many parameters: c, the energy above V of the first step, the steps between two bounces (0: none), and the seed of their directions.</summary>
    public EnergyConservingDescent(int parameters, double shift, double extra = 0, int bounceEvery = 0, ulong seed = 0)
        : base(parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extra);
        ArgumentOutOfRangeException.ThrowIfNegative(bounceEvery);
        this.shift = shift;
        this.extra = extra;
        this.bounceEvery = bounceEvery;
        this.seed = seed;
        momenta = new double[parameters];
    }

    /// <summary>E.</summary>
    public double Energy => energy;

    /// <summary>Π.</summary>
    public ReadOnlySpan<double> Momentum => momenta;

    /// <inheritdoc/>
    public override void Update(Span<double> parameters, ReadOnlySpan<double> gradient, double learningRate, double loss)
    {
        double potential = loss + shift;
        if (updates == 0) energy = Math.Max(potential, 0) + extra;

        // A batch may be better than the best mean: the particle then hardly moves until the next one.
        double v = Math.Max(potential, 1e-6 * energy);
        if (energy <= 0) return;
        Scale(gradient, (energy * energy / v) - v);
        if (bounceEvery > 0 && updates > 0 && updates % bounceEvery == 0) Bounce();
        double kick = 0.5 * learningRate * ((v / energy) + (energy / v)), drift = learningRate * v / energy;
        for (int i = 0; i < momenta.Length; i++)
        {
            momenta[i] -= kick * gradient[i];
            parameters[i] += drift * momenta[i];
        }

        updates++;
    }

    /// <inheritdoc/>
    public override void Save(StateSections sections)
    {
        base.Save(sections);
        sections.Set(Momenta, (double[])momenta.Clone()).Set(Numbers, (double[])[energy, updates]);
    }

    /// <inheritdoc/>
    public override void Restore(StateSections sections)
    {
        base.Restore(sections);
        sections.GetDoubles(Momenta).CopyTo(momenta, 0);
        double[] numbers = sections.GetDoubles(Numbers);
        energy = numbers[0];
        updates = (long)numbers[1];
    }

    private static double Square(ReadOnlySpan<double> numbers)
    {
        double sum = 0;
        foreach (double x in numbers) sum += x * x;
        return sum;
    }

    // Π² becomes the given number, along −∇L from rest. Where V is above E there is nothing to conserve: the next kick is on its own.
    private void Scale(ReadOnlySpan<double> gradient, double square)
    {
        double now = Square(momenta), slope = Square(gradient);
        if (square <= 0 || (now == 0 && slope == 0))
        {
            Array.Clear(momenta);
            return;
        }

        double factor = now > 0 ? Math.Sqrt(square / now) : -Math.Sqrt(square / slope);
        for (int i = 0; i < momenta.Length; i++) momenta[i] = factor * (now > 0 ? momenta[i] : gradient[i]);
    }

    private void Bounce()
    {
        double size = Math.Sqrt(Square(momenta));
        var random = new HostRandom(seed + (ulong)updates, Purpose.Probe);
        for (int i = 0; i < momenta.Length; i++)
        {
            // Box and Muller (1958).
            momenta[i] = Math.Sqrt(-2 * Math.Log(random.NextUniform())) * Math.Cos(2 * Math.PI * random.NextUniform());
        }

        double factor = size / Math.Sqrt(Square(momenta));
        for (int i = 0; i < momenta.Length; i++) momenta[i] *= factor;
    }
}
