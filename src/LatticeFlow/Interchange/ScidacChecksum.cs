using System.Globalization;
using System.IO.Hashing;
using System.Numerics;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// QIO's pair of checksums over sites s in file order: c(s) the CRC-32 of a site's bytes, suma = XOR of c(s) rotated left by s mod 29, sumb by s mod 31.
/// </summary>
internal sealed class ScidacChecksum : IPayloadChecksum
{
    private long site;

    public uint SumA { get; private set; }

    public uint SumB { get; private set; }

    /// <summary>Hexadecimal without leading zeros, as QIO prints them.</summary>
    public string Xml => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><scidacChecksum><version>1.0</version><suma>{SumA:x}</suma><sumb>{SumB:x}</sumb></scidacChecksum>";

    public void Add(ReadOnlySpan<byte> sites, int bytesPerSite)
    {
        for (int at = 0; at < sites.Length; at += bytesPerSite, site++)
        {
            uint crc = Crc32.HashToUInt32(sites.Slice(at, bytesPerSite));
            SumA ^= BitOperations.RotateLeft(crc, (int)(site % 29));
            SumB ^= BitOperations.RotateLeft(crc, (int)(site % 31));
        }
    }

    /// <summary>Throws <see cref="StorageException"/> when the XML of a file states others.</summary>
    public void RequireStated(string path, string xml)
    {
        uint statedA = Parse(path, xml, "suma"), statedB = Parse(path, xml, "sumb");
        if ((SumA, SumB) != (statedA, statedB))
            throw new StorageException(path, $"has the scidac checksum {SumA:x} {SumB:x}, and states {statedA:x} {statedB:x}: damaged", "Restore the file from a copy");
    }

    private static uint Parse(string path, string xml, string name)
    {
        string? text = XmlText.Element(xml, name);
        return uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            ? value
            : throw new StorageException(path, $"states no readable {name} in its scidac checksum", "Restore the file from a copy");
    }
}
