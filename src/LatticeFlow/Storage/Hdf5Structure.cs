using System.Buffers.Binary;

namespace LatticeFlow.Storage;

/// <summary>
/// The groups, datasets and attributes of a file, found from its superblock. A file may come from anybody, with hashes that are right, so only a part of the format is accepted: hard links, each object
/// linked once, data in one piece inside this file, no filters. Links by name and external files, through which a file would read others or itself without end, are refused, and numbers of objects and
/// levels are limited. Datasets may not claim more bytes together than the file has. Source: The HDF Group, HDF5 File Format Specification Version 3.0.
/// </summary>
internal sealed class Hdf5Structure
{
    private const long Undefined = -1;
    private const int MostObjects = 1 << 14;
    private const int DeepestGroup = 8;
    private static readonly byte[] Signature = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A];
    private readonly Hdf5Bytes file;
    private readonly HashSet<long> seen = [];
    private long unclaimed;
    private long origin;

    private Hdf5Structure(Hdf5Bytes file)
    {
        this.file = file;
        unclaimed = file.Length;
    }

    /// <summary>The root group of a file, and the bytes before its HDF5 part, from which addresses count. Throws StorageException (exit code 4) for anything that is not accepted.</summary>
    public static (Hdf5Node Root, long Origin) Read(Hdf5Bytes file)
    {
        var structure = new Hdf5Structure(file);
        var root = structure.Object(structure.Root(), DeepestGroup);
        return (root, structure.origin);
    }

    private long Root()
    {
        for (long start = 0; start <= file.Length - Signature.Length; start = start == 0 ? 512 : 2 * start)
        {
            if (!file.Structure(start, Signature.Length).SequenceEqual(Signature))
                continue;
            int version = file.Structure(start + 8, 1)[0];
            var (sizes, address, root) = version switch
            {
                0 => (13, 24, 64),
                1 => (13, 28, 68),
                2 or 3 => (9, 12, 36),
                _ => throw file.Fault($"has an HDF5 superblock of version {version}"),
            };
            if (BinaryPrimitives.ReadUInt16LittleEndian(file.Structure(start + sizes, 2)) != 0x0808)
                throw file.Fault("has HDF5 addresses or lengths that are not of 8 bytes");
            origin = file.Address(start + address);
            if (origin != start)
                throw file.Fault("has an HDF5 part that does not begin where it says");
            return file.Address(start + root);
        }

        throw file.Fault("is not an HDF5 file");
    }

    private Hdf5Node Object(long address, int depth)
    {
        if (depth == 0 || seen.Count >= MostObjects)
            throw file.Fault("has more objects or levels of groups than a file of this program");
        if (!seen.Add(address))
            throw file.Fault("links one object twice");
        var found = new Hdf5Node();
        var messages = new Hdf5Messages(file, origin);
        messages.Read(found, At(address));
        if (found.Type is not null)
        {
            if (found.Bytes > unclaimed)
                throw file.Fault("has datasets that claim to be larger than the file");
            unclaimed -= found.Bytes;
        }

        foreach (var (name, target) in messages.Links)
            found.Links[name] = Object(target, depth - 1);
        return found;
    }

    private long At(long address)
    {
        if (address == Undefined || address < 0 || address > file.Length - origin)
            throw file.Fault("points outside of itself");
        return origin + address;
    }
}
