namespace LatticeFlow.Storage;

/// <summary>What a repair asks of the sampler of an ensemble: what belongs where, and how to draw it again.</summary>
public interface ISegmentSource
{
    /// <summary>What segments say about themselves when this program writes them.</summary>
    EnsembleHeader Header { get; }

    /// <summary>The texts that the resolved configuration of the run has had, the last one first: it may have asked for less once.</summary>
    IReadOnlyList<string> Configurations { get; }

    /// <summary>The running number of the configuration of a replica after so many steps; negative where none is stored.</summary>
    long PositionOf(long replica, long step);

    /// <summary>How many configurations the segment holds that begins with a running number.</summary>
    int CountAt(long first);

    /// <summary>Draws the configurations that follow a state, or the start where it is null.</summary>
    (EnsembleBlock Block, ChainState State) Draw(ChainState? before, int count);

    /// <summary>Whether the first configurations of a segment come out of a state bit for bit.</summary>
    bool Continues(ChainState before, EnsembleBlock next);
}
