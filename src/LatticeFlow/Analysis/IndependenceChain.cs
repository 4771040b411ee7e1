namespace LatticeFlow.Analysis;

/// <summary>
/// The independence Metropolis chain that visits proposals in their order: the first is the start, each later one is accepted with min(1, w'/w)
/// (Hastings 1970; Albergo, Kanwar, Shanahan 2019).
/// </summary>
public sealed record IndependenceChain
{
    /// <summary>Index of the proposal that the chain stands on after each step; States[0] = 0.</summary>
    public required int[] States { get; init; }

    /// <summary>Accepted proposals among the n − 1 transitions.</summary>
    public required int Accepted { get; init; }

    /// <summary>Accepted / (n − 1); NaN without a transition.</summary>
    public required double AcceptanceRate { get; init; }

    /// <summary>Largest number of rejections in a row.</summary>
    public required int LongestRejectionRun { get; init; }

    /// <summary>Runs the chain; <paramref name="uniform"/> gives numbers in [0, 1), one a transition. Throws <see cref="ArgumentException"/> on no weights, NaN or +∞.</summary>
    public static IndependenceChain Run(ReadOnlySpan<double> logWeights, Func<double> uniform)
    {
        ArgumentNullException.ThrowIfNull(uniform);
        if (logWeights.Length == 0)
            throw new ArgumentException("No log-weight was given.", nameof(logWeights));
        var states = new int[logWeights.Length];
        int accepted = 0, run = 0, longest = 0;
        for (int i = 0; i < states.Length; i++)
        {
            double proposed = logWeights[i];
            if (double.IsNaN(proposed) || double.IsPositiveInfinity(proposed))
                throw new ArgumentException($"Log-weight {i} is {proposed}.", nameof(logWeights));
            if (i == 0)
                continue;
            double current = logWeights[states[i - 1]];
            double u = uniform();
            // From a state of weight zero anything is better; the difference of two −∞ would be NaN.
            bool accept = double.IsNegativeInfinity(current) || Math.Log(u) < proposed - current;
            states[i] = accept ? i : states[i - 1];
            accepted += accept ? 1 : 0;
            run = accept ? 0 : run + 1;
            longest = Math.Max(longest, run);
        }

        double rate = states.Length == 1 ? double.NaN : accepted / (states.Length - 1.0);
        return new IndependenceChain { States = states, Accepted = accepted, AcceptanceRate = rate, LongestRejectionRun = longest };
    }
}
