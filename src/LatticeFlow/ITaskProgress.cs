namespace LatticeFlow;

/// <summary>
/// Where a long loop says how far it is. Cheap to call on every step: the receiver decides how often to show anything.
/// </summary>
public interface ITaskProgress
{
    /// <summary>
    /// <paramref name="done"/> units of the task's total are finished (an absolute count, so that a resumed task starts where it was);
    /// <paramref name="metrics"/> are shown beside the bar in the order given.
    /// </summary>
    void Report(long done, params ReadOnlySpan<(string Name, double Value)> metrics);
}
