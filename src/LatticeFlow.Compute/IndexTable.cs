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

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
