namespace LatticeFlow.Sampling;

/// <summary>What a part of an integrator updates.</summary>
public enum IntegratorUpdate
{
    /// <summary>Momenta: p += ε · coefficient · F(U).</summary>
    Kick,

    /// <summary>The field: U = exp(i ε · coefficient · P) U, or φ += ε · coefficient · p.</summary>
    Drift,

    /// <summary>Momenta: p += ε · coefficient · F(U'), U' = exp(i ε² · displacement · F(U)) U. The field stays.</summary>
    DisplacedKick,
}

/// <summary>One update of an integrator.</summary>
/// <param name="Update">What it does.</param>
/// <param name="Coefficient">In units of the step size ε.</param>
/// <param name="Displacement">Of the field of a displaced kick, in units of ε².</param>
public readonly record struct IntegratorPart(IntegratorUpdate Update, double Coefficient, double Displacement = 0);

/// <summary>A reversible, area-preserving approximation of a trajectory: an alternating list of kicks and drifts.</summary>
public interface IIntegrator
{
    /// <summary>The name of a configuration file, as <c>leapfrog</c>.</summary>
    string Name { get; }

    /// <summary>Force evaluations of a step.</summary>
    int ForcesOfStep { get; }

    /// <summary>The updates of <paramref name="steps"/> steps, in order. Reversibility asks for a palindrome.</summary>
    IReadOnlyList<IntegratorPart> Trajectory(int steps);
}

/// <summary>The integrators that a configuration can name. Adding one adds one line here.</summary>
public static class Integrators
{
    /// <summary>All integrators.</summary>
    public static IReadOnlyList<IIntegrator> All { get; } = [new Leapfrog(), new Omelyan2(), new ForceGradient4()];

    /// <summary>The integrator of this name.</summary>
    /// <exception cref="ArgumentException">It is unknown; the message lists what there is.</exception>
    public static IIntegrator Named(string name) => All.FirstOrDefault(i => i.Name == name)
        ?? throw new ArgumentException($"integrator '{name}' is unknown: there is {string.Join(", ", All.Select(i => i.Name))}.");

    /// <summary>Repeats a step and joins neighbouring kicks: (kick a … kick a)(kick a … kick a) has one kick 2a in the middle.</summary>
    internal static IReadOnlyList<IntegratorPart> Repeat(ReadOnlySpan<IntegratorPart> step, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        var parts = new List<IntegratorPart>();
        for (int n = 0; n < steps; n++)
        {
            foreach (var part in step)
            {
                if (parts.Count > 0 && parts[^1].Update == part.Update && part.Update != IntegratorUpdate.DisplacedKick)
                    parts[^1] = part with { Coefficient = part.Coefficient + parts[^1].Coefficient };
                else parts.Add(part);
            }
        }

        return parts;
    }
}
