namespace LatticeFlow.Interchange;

/// <summary>One record of a LIME file.</summary>
/// <param name="Type">Such as <c>ildg-format</c>.</param>
/// <param name="Offset">Where its data begin.</param>
/// <param name="Length">Of its data in bytes, without padding.</param>
/// <param name="BeginsMessage">First of its message.</param>
/// <param name="EndsMessage">Last of its message.</param>
public sealed record LimeRecord(string Type, long Offset, long Length, bool BeginsMessage, bool EndsMessage)
{
    internal const uint Magic = 0x456789AB;
    internal const int Version = 1;
    internal const int HeaderBytes = 144;
    internal const int TypeBytes = 128;
    internal const int Alignment = 8;
    internal const byte BeginFlag = 0x80;
    internal const byte EndFlag = 0x40;

    /// <summary>Zero bytes after data of this length.</summary>
    internal static int Padding(long length) => (int)((Alignment - (length % Alignment)) % Alignment);
}
