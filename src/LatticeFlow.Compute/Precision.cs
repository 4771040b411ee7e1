namespace LatticeFlow.Compute;

/// <summary>The precision of fields and networks. Sums over sites are double in both.</summary>
public enum Precision
{
    /// <summary>IEEE binary32.</summary>
    Single,

    /// <summary>IEEE binary64.</summary>
    Double,
}
