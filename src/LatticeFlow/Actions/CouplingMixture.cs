using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Actions;

/// <summary>
/// Couplings of each replica for kernels: v_i = Σ_k λ_k v_i^(k). Of an action of one component they are v^(0), and λ_0 is the factor <see cref="Strength"/> that kernels multiply with; of several the factor is 1.
/// </summary>
internal sealed class CouplingMixture<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly ActionCoefficients<T> coefficients;
    private readonly IReadOnlyList<IReadOnlyList<double>> components;
    private readonly Func<CouplingMixture<T>, bool> forget;
    private readonly double[] numbers;

    public CouplingMixture(ComputeDevice device, ActionCoefficients<T> coefficients, IReadOnlyList<IReadOnlyList<double>> components, Func<CouplingMixture<T>, bool> forget)
    {
        if (components.Count != coefficients.Components)
            throw new ArgumentException($"an action of {components.Count} components cannot be bound to {coefficients.Components} coefficients a replica.", nameof(components));
        this.coefficients = coefficients;
        this.components = components;
        this.forget = forget;
        Count = Math.Max(1, components[0].Count);
        Couplings = coefficients.NewField(Count);
        numbers = new double[coefficients.Replicas * Count];
        Update();
    }

    /// <summary>Numbers a replica.</summary>
    public int Count { get; }

    /// <summary>v_i of each replica.</summary>
    public Field<T> Couplings { get; }

    /// <summary>What kernels multiply with besides, one number a replica.</summary>
    public Field<T> Strength => components.Count == 1 ? coefficients.Field : coefficients.Ones;

    /// <summary>Writes the couplings anew.</summary>
    public void Update()
    {
        var lambda = coefficients.Values;
        for (int replica = 0; replica < coefficients.Replicas; replica++)
        {
            for (int i = 0; i < components[0].Count; i++)
            {
                double sum = components.Count == 1 ? components[0][i] : 0;
                for (int k = 0; components.Count > 1 && k < components.Count; k++) sum += lambda[(replica * components.Count) + k] * components[k][i];
                numbers[(replica * Count) + i] = sum;
            }
        }

        coefficients.WriteField(Couplings, numbers);
    }

    public void Dispose()
    {
        forget(this);
        Couplings.Dispose();
    }
}
