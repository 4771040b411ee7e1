namespace LatticeFlow.Compute;

/// <summary>A device that was asked for is absent, refused or has failed. Commands exit with 5.</summary>
public sealed class DeviceUnavailableException : Exception
{
    /// <summary>With what was asked for, why it cannot be had, and the remedy.</summary>
    public DeviceUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With the cause.</summary>
    public DeviceUnavailableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
