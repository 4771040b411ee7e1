namespace LatticeFlow.Costs;

/// <summary>What a sampler does to elements (links, or sites of a scalar). Each is counted by element: a sweep over a configuration is as many as the configuration has elements.</summary>
public enum WorkKind
{
    /// <summary>Elements drawn from their distribution given all others.</summary>
    HeatBath,

    /// <summary>Elements reflected at constant action.</summary>
    Overrelaxation,

    /// <summary>Momenta of elements drawn.</summary>
    Momenta,

    /// <summary>Forces on elements evaluated; of an action in parts, one for each part that is evaluated.</summary>
    Force,

    /// <summary>Elements moved along their momenta.</summary>
    Drift,

    /// <summary>Elements over which S was summed.</summary>
    Action,

    /// <summary>Elements sent through a flow, forwards or backwards; of a new sample its draw from the prior included.</summary>
    Flow,

    /// <summary>Elements that a proposal other than these would replace, accepted or not, with the change of S that decides on it.</summary>
    Proposal,
}
