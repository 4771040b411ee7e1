namespace LatticeFlow.Sampling;

/// <summary>Independent configurations with a known density, as a flow draws them. Called from one thread at a time.</summary>
public interface IProposalSource
{
    /// <summary>Links of a configuration.</summary>
    int Links { get; }

    /// <summary>
    /// Draws proposals number first … first + count − 1: links[count][Links] in (−π, π], and log q with respect to normalised Haar measure.
    /// A proposal depends on the seed and its number alone, not on how draws are grouped into calls.
    /// </summary>
    void Draw(ulong seed, long firstProposal, int count, Span<double> links, Span<double> logQ);

    /// <summary>log q of given configurations, links[n][Links].</summary>
    void LogDensity(ReadOnlySpan<double> links, Span<double> logQ);
}
