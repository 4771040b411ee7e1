using System.Runtime.InteropServices;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute;

/// <summary>A table of integers on a device that all tiles share.</summary>
public sealed class IndexTable : IDisposable
{
    private readonly DeviceMemory memory;

    internal IndexTable(DeviceMemory memory, int length)
    {
        this.memory = memory;
        Length = length;
    }

    /// <summary>Integers of the table.</summary>
    public int Length { get; }

    /// <summary>The table as kernels see it.</summary>
    public Table View => new() { Device = memory.Device<int>(), Host = memory.Host };

    /// <summary>Writes the first integers of the table.</summary>
    public void Write(ReadOnlySpan<int> source)
    {
        if (source.Length > Length) throw new ArgumentException($"{source.Length} integers for a table of {Length}.", nameof(source));
        memory.Write(0, MemoryMarshal.AsBytes(source));
    }

    /// <summary>Writes integers one after the other, a part at a time: tables of large lattices are as large as their links, and need no copy on the host.</summary>
    public void Fill(IEnumerable<int> source)
    {
        const int Part = 1 << 14;
        var part = new int[Part];
        int first = 0, count = 0;
        foreach (int value in source)
        {
            part[count++] = value;
            if (count == Part) Flush();
        }

        Flush();

        void Flush()
        {
            if (first + count > Length) throw new ArgumentException($"more integers than a table of {Length} has.", nameof(source));
            if (count > 0) memory.Write(first * (long)sizeof(int), MemoryMarshal.AsBytes(part.AsSpan(0, count)));
            (first, count) = (first + count, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
