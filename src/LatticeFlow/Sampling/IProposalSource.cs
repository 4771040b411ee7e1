namespace LatticeFlow.Sampling;

/// <summary>Independent configurations with a known density, as a flow draws them. Called from one thread at a time.</summary>
public interface IProposalSource
{
    /// <summary>Numbers of a configuration.</summary>
    int Numbers { get; }

    /// <summary>Nominal floating-point operations of one proposal, and of the density of one configuration; not a number where they are not stated.</summary>
    double Flops => double.NaN;

    /// <summary>
    /// Draws proposals number first … first + count − 1: configurations[count][Numbers], and log q with respect to normalised Haar measure, of a scalar to Π dφ(x).
    /// A proposal depends on the seed and its number alone, not on how draws are grouped into calls.
    /// </summary>
    void Draw(ulong seed, long firstProposal, int count, Span<double> configurations, Span<double> logQ);

    /// <summary>log q of given configurations, configurations[n][Numbers].</summary>
    void LogDensity(ReadOnlySpan<double> configurations, Span<double> logQ);
}
