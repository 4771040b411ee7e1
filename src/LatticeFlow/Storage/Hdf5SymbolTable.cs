using System.Buffers.Binary;
using System.Text;

namespace LatticeFlow.Storage;

/// <summary>The links of a group of the older kind: a tree of nodes with entries, names in a local heap. Source: HDF5 File Format Specification Version 3.0, III.A.1, III.B to III.D.</summary>
internal sealed class Hdf5SymbolTable(Hdf5Bytes file, long origin)
{
    private const int DeepestTree = 8;
    private const int MostNodes = 1 << 12;
    private const int LongestName = 1 << 10;
    private const int EntrySize = 40;
    private int nodes;

    public IReadOnlyList<(string Name, long Address)> Read(long tree, long heap)
    {
        var head = file.Structure(At(heap), 32);
        if (!head[..4].SequenceEqual("HEAP"u8))
            throw file.Fault("has a group without names");
        long size = BinaryPrimitives.ReadInt64LittleEndian(head[8..]), data = At(BinaryPrimitives.ReadInt64LittleEndian(head[24..]));
        var links = new List<(string, long)>();
        Node(At(tree), DeepestTree, data, size, links);
        return links;
    }

    private void Node(long offset, int depth, long names, long namesSize, List<(string, long)> links)
    {
        if (depth == 0 || ++nodes > MostNodes)
            throw file.Fault("has a group without end");
        byte[] head = file.Structure(offset, 8).ToArray();
        int entries = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(6));
        if (head.AsSpan(0, 4).SequenceEqual("TREE"u8))
        {
            if (head[4] != 0)
                throw file.Fault("has a group with a tree of something else");
            for (int child = 0; child < entries; child++)
                Node(At(file.Address(offset + 32 + (16L * child))), depth - 1, names, namesSize, links);
            return;
        }

        if (!head.AsSpan(0, 4).SequenceEqual("SNOD"u8))
            throw file.Fault("has a group that is none");
        for (int index = 0; index < entries; index++)
        {
            var entry = file.Structure(offset + 8 + (EntrySize * (long)index), EntrySize);
            long name = BinaryPrimitives.ReadInt64LittleEndian(entry), address = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
            if (BinaryPrimitives.ReadInt32LittleEndian(entry[16..]) is not (0 or 1))
                throw file.Fault("has a link by name or into another file; only objects of the file itself are read");
            if (name < 0 || name >= namesSize)
                throw file.Fault("has a link without a name");
            var text = file.Structure(names + name, (int)Math.Min(LongestName, Math.Min(namesSize - name, file.Length - names - name)));
            int end = text.IndexOf((byte)0);
            if (end < 1)
                throw file.Fault("has a link without a name");
            links.Add((Encoding.UTF8.GetString(text[..end]), address));
        }
    }

    private long At(long address) => address >= 0 && address <= file.Length - origin ? origin + address : throw file.Fault("points outside of itself");
}
