using System.Buffers.Binary;
using System.Text;

namespace LatticeFlow.Storage;

/// <summary>The messages of one object header, of either version: what the object is, where its data are, its attributes, and its links.</summary>
internal sealed class Hdf5Messages(Hdf5Bytes file, long origin)
{
    private const int MostBlocks = 256;
    private const int MostLinks = 1 << 14;
    private readonly Queue<(long Offset, long Length)> blocks = [];
    private bool hasSpace, hasLayout, isGroup;

    /// <summary>Names and addresses of the objects in a group.</summary>
    public List<(string Name, long Address)> Links { get; } = [];

    /// <summary>Reads the header at an offset of the file into a node.</summary>
    public void Read(Hdf5Node node, long offset)
    {
        var start = file.Structure(offset, 16);
        bool second = start[..4].SequenceEqual("OHDR"u8);
        if (second)
        {
            int flags = start[5], sizeBytes = 1 << (flags & 3);
            if (start[4] != 2)
                throw file.Fault("has an object header of an unknown version");
            long first = offset + 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
            blocks.Enqueue((first + sizeBytes, Number(file.Structure(first, sizeBytes))));
            Blocks(node, (flags & 4) != 0 ? 6 : 4, isSecond: true);
        }
        else
        {
            if (start[0] != 1)
                throw file.Fault("has an object that is none");
            blocks.Enqueue((offset + 16, BinaryPrimitives.ReadUInt32LittleEndian(start[8..])));
            Blocks(node, 8, isSecond: false);
        }

        Complete(node);
    }

    private void Blocks(Hdf5Node node, int headerSize, bool isSecond)
    {
        for (int count = 0; blocks.TryDequeue(out var block); count++)
        {
            if (count == MostBlocks)
                throw file.Fault("has an object header without end");
            long end = checked(block.Offset + block.Length);
            for (long at = block.Offset; at <= end - headerSize;)
            {
                var header = file.Structure(at, headerSize);
                int type = isSecond ? header[0] : Short(header), flags = isSecond ? header[3] : header[4];
                int size = Short(header[(isSecond ? 1 : 2)..]);
                at += headerSize;
                if (at + size > end)
                    throw file.Fault("has a message that is longer than its object header");
                if (type != 0 && (flags & 2) != 0)
                    throw file.Unread("has a shared message");
                Message(node, type, file.Structure(at, size).ToArray(), isSecond);
                at += size;
            }
        }
    }

    private void Message(Hdf5Node node, int type, ReadOnlySpan<byte> body, bool isSecond)
    {
        switch (type)
        {
            case 0x01:
                (node.Shape, node.IsScalar) = Space(body);
                hasSpace = true;
                break;
            case 0x02:
                isGroup = true;
                RequireUndefined(body, Need(body, 2)[1], 8, "links");
                break;
            case 0x03:
                node.Type = Hdf5Datatype.Parse(file, body);
                break;
            case 0x06:
                isGroup = true;
                Link(body);
                break;
            case 0x08:
                Layout(node, body);
                break;
            case 0x0C:
                Attribute(node, body);
                break;
            case 0x10:
                Continue(body, isSecond);
                break;
            case 0x11:
                isGroup = true;
                foreach (var link in new Hdf5SymbolTable(file, origin).Read(Address(body), Address(Need(body, 16)[8..])))
                    AddLink(link.Name, link.Address);
                break;
            case 0x15:
                RequireUndefined(body, Need(body, 2)[1], 2, "attributes");
                break;
            case 0x00 or 0x04 or 0x05 or 0x0A or 0x0D or 0x0E or 0x12 or 0x13 or 0x16:
                break; // nothing, fill values, sizes for growing, comments, times, numbers of links
            case 0x07:
                throw file.Fault("keeps data in another file");
            case 0x0B:
                throw file.Unread("has a filtered dataset");
            default:
                throw file.Unread($"has an HDF5 message of type {type}");
        }
    }

    private void Complete(Hdf5Node node)
    {
        if (isGroup)
        {
            if (hasLayout || hasSpace || node.Type is not null)
                throw file.Fault("has an object that is both a group and a dataset");
            return;
        }

        if (!hasLayout || !hasSpace || node.Type is not { } type)
            throw file.Fault("has an object that is neither a group nor a dataset");
        long bytes = checked(Elements(node.Shape) * type.Size);
        if (node.Bytes != bytes)
            throw file.Fault($"has a dataset of {node.Bytes} bytes where its shape needs {bytes}");
        if (node.Compact is null && bytes > 0 && (node.Offset < origin || node.Offset > file.Length - bytes))
            throw file.Fault("has a dataset that lies outside of it");
    }

    private (ulong[] Shape, bool IsScalar) Space(ReadOnlySpan<byte> body)
    {
        int version = Need(body, 4)[0], rank = body[1];
        if (version is not (1 or 2) || rank > 32 || (version == 2 && body[3] > 1))
            throw file.Fault("has a dataspace of an unknown kind");
        var dimensions = Need(body, (version == 1 ? 8 : 4) + (8 * rank))[(version == 1 ? 8 : 4)..];
        var shape = new ulong[rank];
        for (int i = 0; i < rank; i++)
            shape[i] = BinaryPrimitives.ReadUInt64LittleEndian(dimensions[(8 * i)..]);
        _ = Elements(shape);
        return (shape, rank == 0);
    }

    private void Link(ReadOnlySpan<byte> body)
    {
        int version = Need(body, 2)[0], flags = body[1];
        int at = 2;
        if (version != 1)
            throw file.Fault("has a link of an unknown version");
        if ((flags & 8) != 0 && Need(body, ++at)[at - 1] != 0)
            throw file.Unread("has a link by name or into another file; only objects of the file itself are read");
        at += ((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0);
        int sizeBytes = 1 << (flags & 3);
        long length = Number(Need(body, at + sizeBytes).Slice(at, sizeBytes));
        at += sizeBytes;
        if (length < 1 || length > body.Length - at - sizeof(long))
            throw file.Fault("has a link that is cut off");
        AddLink(Encoding.UTF8.GetString(body.Slice(at, (int)length)), Address(body[(at + (int)length)..]));
    }

    private void AddLink(string name, long address)
    {
        if (Links.Count == MostLinks || Links.Exists(link => link.Name == name))
            throw file.Fault("has a group with one name twice, or with too many");
        Links.Add((name, address));
    }

    private void Layout(Hdf5Node node, ReadOnlySpan<byte> body)
    {
        int version = Need(body, 2)[0];
        if (version is not (3 or 4) || body[1] > 1 || hasLayout)
            throw file.Unread("has a dataset that is not contiguous");
        hasLayout = true;
        if (body[1] == 0)
        {
            int length = Short(Need(body, 4)[2..]);
            (node.Compact, node.Bytes) = (Need(body, 4 + length).Slice(4, length).ToArray(), length);
            return;
        }

        long address = Address(body[2..]);
        node.Bytes = Address(Need(body, 18)[10..]);
        node.Offset = address < 0 ? -1 : checked(origin + address);
    }

    private void Attribute(Hdf5Node node, ReadOnlySpan<byte> body)
    {
        int version = Need(body, 8)[0];
        if (version is < 1 or > 3 || (version > 1 && body[1] != 0))
            throw file.Fault("has an attribute of an unknown or shared kind");
        int nameSize = Short(body[2..]), typeSize = Short(body[4..]), spaceSize = Short(body[6..]);
        int at = version == 3 ? 9 : 8;
        int Padded(int size) => version == 1 ? (size + 7) / 8 * 8 : size;
        var rest = Need(body, at + Padded(nameSize) + Padded(typeSize) + Padded(spaceSize))[at..];
        string name = Encoding.UTF8.GetString(rest[..nameSize]).TrimEnd('\0');
        rest = rest[Padded(nameSize)..];
        var type = Hdf5Datatype.Parse(file, rest[..typeSize]);
        rest = rest[Padded(typeSize)..];
        var (shape, _) = Space(rest[..spaceSize]);
        rest = rest[Padded(spaceSize)..];
        long bytes = checked(Elements(shape) * type.Size);
        if (bytes > rest.Length)
            throw file.Fault("has an attribute that is longer than its message");
        if (!node.Attributes.TryAdd(name, new(type, shape, rest[..(int)bytes].ToArray())))
            throw file.Fault("has one attribute twice");
    }

    private void Continue(ReadOnlySpan<byte> body, bool isSecond)
    {
        long offset = checked(origin + Address(body)), length = Address(Need(body, 16)[8..]);
        if (offset < 0 || length < 8 || length > file.Length)
            throw file.Fault("has an object header that continues outside of the file");
        if (!isSecond)
        {
            blocks.Enqueue((offset, length));
            return;
        }

        if (!file.Structure(offset, 4).SequenceEqual("OCHK"u8))
            throw file.Fault("has an object header that continues in something else");
        blocks.Enqueue((offset + 4, length - 8));
    }

    private void RequireUndefined(ReadOnlySpan<byte> body, int flags, int orderBytes, string what)
    {
        if (Address(body[(2 + ((flags & 1) != 0 ? orderBytes : 0))..]) != -1)
            throw file.Fault($"keeps {what} in a heap of their own, which is not read here");
    }

    private long Address(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(Need(bytes, sizeof(long)));

    private ReadOnlySpan<byte> Need(ReadOnlySpan<byte> bytes, int count) => bytes.Length >= count ? bytes : throw file.Fault("has a message that is cut off");

    private long Elements(ulong[] shape)
    {
        ulong count = 1;
        foreach (ulong extent in shape)
        {
            // Room for the size of an element and for sums.
            if (extent > 1UL << 42 || (count *= Math.Max(extent, 1)) > 1UL << 42)
                throw file.Fault("has a shape that is larger than any file");
        }

        return shape.Contains(0UL) ? 0 : (long)count;
    }

    private static long Number(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes) & long.MaxValue,
    };

    private static int Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
