namespace LatticeFlow.Interchange;

/// <summary>What orders the configurations of a chain.</summary>
public enum NumberSource
{
    /// <summary>The numbers that files state, else the numbers in their names, else the order given.</summary>
    Automatic,

    /// <summary>The numbers that files state: SEQUENCE_NUMBER, the last part of a logical file name, tmLQCD's trajectory.</summary>
    Header,

    /// <summary>The numbers in file names.</summary>
    Name,

    /// <summary>The order of the command line, counted from 0 in each chain.</summary>
    Given,
}
