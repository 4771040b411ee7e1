namespace LatticeFlow.Flows;

/// <summary>
/// A Runge–Kutta method of low storage on a group: Z ← A_k Z + B_k h F(U, t + c_k h), U ← e^{iZ} U for stages k. Along its steps ∫ f dt is h Σ_k w_k f(U_k), to the same order.
/// </summary>
/// <remarks>Order 2 is the rule of the midpoint, order 3 that of M. Lüscher 2010 (arXiv:1006.4518, appendix C), with w those of the same method for a number.</remarks>
public sealed class RungeKutta
{
    private RungeKutta(double[] keep, double[] step, double[] times)
    {
        Keep = keep;
        Step = step;
        Times = times;
        var weights = new double[step.Length];
        for (int stage = 0; stage < step.Length; stage++)
        {
            // F of a stage is in Z of that stage and, A by A, of all later ones.
            double share = step[stage];
            weights[stage] = share;
            for (int later = stage + 1; later < step.Length; later++)
            {
                share *= keep[later];
                weights[stage] += share;
            }

            if (Math.Abs(weights[stage]) < 1e-15) weights[stage] = 0;
        }

        Weights = weights;
    }

    /// <summary>A_k.</summary>
    public IReadOnlyList<double> Keep { get; }

    /// <summary>B_k.</summary>
    public IReadOnlyList<double> Step { get; }

    /// <summary>c_k.</summary>
    public IReadOnlyList<double> Times { get; }

    /// <summary>w_k.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>The method of an order: 1 (Euler), 2 or 3.</summary>
    public static RungeKutta OfOrder(int order) => order switch
    {
        1 => new([0], [1], [0]),
        2 => new([0, -1], [0.5, 1], [0, 0.5]),
        3 => new([0, -17.0 / 9, -1], [1.0 / 4, 8.0 / 9, 3.0 / 4], [0, 1.0 / 4, 2.0 / 3]),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "methods have order 1, 2 or 3."),
    };
}
