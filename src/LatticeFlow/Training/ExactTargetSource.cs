using LatticeFlow.Flows;

namespace LatticeFlow.Training;

/// <summary>Fresh draws of the exact solution in every step.</summary>
public sealed class ExactTargetSource(ExactDraws draws, ulong seed) : ITargetSource
{
    // Odd, so that all steps have seeds of their own.
    private const ulong SeedsApart = 0x9E3779B97F4A7C15UL;

    /// <inheritdoc/>
    public void Draw(long step, Span<double> configurations, Span<double> action) => draws.Draw(seed + (SeedsApart * (ulong)step), configurations, action);

    /// <inheritdoc/>
    public void Dispose() => draws.Dispose();
}
