using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LatticeFlow;

/// <summary>One seed a run, many independent uses: every use has a seed of its own, so that no two ever share random numbers.</summary>
public static class DerivedSeed
{
    /// <summary>The first eight bytes (little endian) of SHA-256 of <c>seed/purpose/name</c>; a use is named by its purpose and, where there are several, its name.</summary>
    public static ulong Of(ulong seed, string purpose, string name = "")
        => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{purpose}/{name}"))));
}
