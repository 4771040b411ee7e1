using System.Buffers.Binary;
using System.Text;

namespace LatticeFlow.Storage;

/// <summary>Texts of variable length: length, address of a collection of the global heap, number in it. Source: HDF5 File Format Specification Version 3.0, III.E.</summary>
internal static class Hdf5Heap
{
    private const int HeaderSize = 16;

    /// <summary>The text that 16 bytes of a dataset or an attribute refer to.</summary>
    public static string Text(Hdf5Bytes file, long origin, ReadOnlySpan<byte> reference)
    {
        long length = BinaryPrimitives.ReadUInt32LittleEndian(reference);
        long address = BinaryPrimitives.ReadInt64LittleEndian(reference[4..]);
        int number = BinaryPrimitives.ReadInt32LittleEndian(reference[12..]);
        if (length == 0)
            return "";
        if (address < 0 || address > file.Length - origin - HeaderSize)
            throw file.Fault("has a text outside of itself");
        long offset = origin + address;
        var head = file.Structure(offset, HeaderSize);
        long size = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        if (!head[..4].SequenceEqual("GCOL"u8) || size < HeaderSize || size > file.Length - offset)
            throw file.Fault("has a text that is not kept where it says");
        long end = offset + size;
        for (long at = offset + HeaderSize; at <= end - HeaderSize;)
        {
            var item = file.Structure(at, HeaderSize);
            int index = BinaryPrimitives.ReadUInt16LittleEndian(item);
            long bytes = BinaryPrimitives.ReadInt64LittleEndian(item[8..]);
            at += HeaderSize;
            if (index == 0)
                break; // free space to the end
            if (bytes < 0 || bytes > end - at)
                throw file.Fault("has a text that is longer than where it is kept");
            if (index == number)
                return bytes >= length ? Encoding.UTF8.GetString(file.Text(at, length)).TrimEnd('\0') : throw file.Fault("has a text that is cut off");
            at += (bytes + 7) / 8 * 8;
        }

        throw file.Fault("has a text that is missing");
    }
}
