namespace LatticeFlow.Sampling;

/// <summary>What a step did, one number a replica. NaN where a transition has no such number.</summary>
public sealed class TransitionOutcome
{
    /// <summary>Room for <paramref name="replicas"/> replicas of a transition with or without trajectories, which have a ΔH.</summary>
    public TransitionOutcome(int replicas, bool hasTrajectories = false)
    {
        HasTrajectories = hasTrajectories;
        Accepted = new double[replicas];
        DeltaH = Filled(replicas);
        LogQ = Filled(replicas);
        LogWeight = Filled(replicas);
        ReverseWork = Filled(replicas);
    }

    /// <summary>Whether a step makes trajectories, so that there is a ΔH.</summary>
    public bool HasTrajectories { get; }

    /// <summary>1 where the last proposal was taken, else 0.</summary>
    public double[] Accepted { get; }

    /// <summary>H(end) − H(start) of the last trajectory.</summary>
    public double[] DeltaH { get; }

    /// <summary>log q of the state, where the last transition knows it.</summary>
    public double[] LogQ { get; }

    /// <summary>−S − log q of the state, where the last transition knows it.</summary>
    public double[] LogWeight { get; }

    /// <summary>Work of the trajectory that was run backwards from a configuration of S, where the last transition made one.</summary>
    public double[] ReverseWork { get; }

    /// <summary>Takes over the numbers of another outcome; a ΔH stays until the next one.</summary>
    internal void Take(TransitionOutcome other)
    {
        other.Accepted.CopyTo(Accepted, 0);
        other.LogQ.CopyTo(LogQ, 0);
        other.LogWeight.CopyTo(LogWeight, 0);
        other.ReverseWork.CopyTo(ReverseWork, 0);
        if (other.HasTrajectories) other.DeltaH.CopyTo(DeltaH, 0);
    }

    private static double[] Filled(int replicas)
    {
        var numbers = new double[replicas];
        Array.Fill(numbers, double.NaN);
        return numbers;
    }
}
