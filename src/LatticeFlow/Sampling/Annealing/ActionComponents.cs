using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>S^(k) of the configurations of a state, without their coefficients, and the change of these coefficients, which costs nothing where S^(k) is known.</summary>
internal sealed class ActionComponents<T>(MarkovState<T> state)
    where T : unmanaged, IReal64<T>
{
    private readonly double[] lambda = new double[state.Replicas * state.Action.Components];
    private readonly double[] action = new double[state.Replicas];

    /// <summary>S^(k), <c>[replica][k]</c>.</summary>
    public void Read(Span<double> components)
    {
        // Of one component what the last update left, without its factor; only at factor 0 it says nothing.
        if (state.Action.Components > 1 || state.Coefficients.Contains(0))
        {
            state.CopyComponents(components);
            return;
        }

        state.CopyAction(components);
        for (int replica = 0; replica < state.Replicas; replica++) components[replica] /= state.Coefficients[replica];
    }

    /// <summary>Sets the coefficients of all replicas, where S^(k) of their configurations is known.</summary>
    public void Set(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> components)
    {
        for (int replica = 0; replica < state.Replicas; replica++)
        {
            action[replica] = 0;
            for (int k = 0; k < coefficients.Length; k++)
            {
                lambda[(replica * coefficients.Length) + k] = coefficients[k];
                action[replica] += coefficients[k] * components[(replica * coefficients.Length) + k];
            }
        }

        state.Exchange(lambda, action);
    }

    /// <summary>Sets the coefficients of all replicas, whose S is not needed or is computed afterwards.</summary>
    public void Set(ReadOnlySpan<double> coefficients)
    {
        for (int replica = 0; replica < state.Replicas; replica++) coefficients.CopyTo(lambda.AsSpan(replica * coefficients.Length));
        state.RestoreCoefficients(lambda);
    }
}
