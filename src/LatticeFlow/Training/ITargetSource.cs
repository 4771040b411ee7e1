namespace LatticeFlow.Training;

/// <summary>What is minimised.</summary>
public enum TrainingObjective
{
    /// <summary>Reverse Kullback–Leibler divergence ⟨ln q/p⟩_q: sees where the flow is.</summary>
    Reverse,

    /// <summary>Forward Kullback–Leibler divergence ⟨ln p/q⟩_p: sees where the target is, and what the flow misses of it.</summary>
    Forward,

    /// <summary>The weighted mean of both.</summary>
    Mixed,
}

/// <summary>Configurations of the target for training.</summary>
public interface ITargetSource : IDisposable
{
    /// <summary>The configurations of a step, <c>[n][element][component]</c>, and their S. The same for the same step, so that a resumed training repeats the uninterrupted one. Allocates nothing but for reading a segment.</summary>
    void Draw(long step, Span<double> configurations, Span<double> action);
}
