namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// What random numbers are drawn for: eight bits of the counter, so that different uses of one seed and step never share a number. A number
/// once given away keeps its meaning, or old runs cannot be continued.
/// </summary>
public static class Purpose
{
    /// <summary>The first configuration of a chain.</summary>
    public const int Start = 0;

    /// <summary>Momenta of hybrid Monte Carlo.</summary>
    public const int Momenta = 1;

    /// <summary>Accepting or rejecting a proposal.</summary>
    public const int Accept = 2;

    /// <summary>Samples of the prior of a flow.</summary>
    public const int Prior = 3;

    /// <summary>Heatbath and overrelaxation of links.</summary>
    public const int Heatbath = 4;

    /// <summary>Choosing between transitions or updates of a mixture.</summary>
    public const int Choice = 5;

    /// <summary>First parameters of networks.</summary>
    public const int Parameters = 6;

    /// <summary>Resampling in the analysis.</summary>
    public const int Resampling = 7;

    /// <summary>Random gauge transformations, directions and test fields.</summary>
    public const int Probe = 8;

    /// <summary>Batches of the training of a flow.</summary>
    public const int Training = 9;

    /// <summary>Plaquettes of the prior of a flow.</summary>
    public const int PriorPlaquettes = 10;

    /// <summary>Plaquettes of the batches of training.</summary>
    public const int TrainingPlaquettes = 11;

    /// <summary>Exchanges between the rungs of a ladder of couplings.</summary>
    public const int Exchange = 12;

    /// <summary>Lengths of trajectories.</summary>
    public const int TrajectoryLength = 13;

    /// <summary>Polyakov loops of the prior of a flow.</summary>
    public const int PriorLoops = 14;

    /// <summary>Polyakov loops of the batches of training.</summary>
    public const int TrainingLoops = 15;

    /// <summary>Translations of the periodic replica of a ladder of boundaries.</summary>
    public const int Translation = 16;

    /// <summary>Places, sizes and signs of topological proposals.</summary>
    public const int Winding = 40;

    /// <summary>Links from Haar measure at which the trajectories of a protocol start.</summary>
    public const int TrajectoryStart = 24;
}
