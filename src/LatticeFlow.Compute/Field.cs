using System.Runtime.InteropServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Compute;

/// <summary>A field of real numbers on a device: <c>[block][element][lane]</c>, or <c>[element]</c> in the shared scope.</summary>
public sealed class Field<T> : IDisposable
    where T : unmanaged, IReal<T>
{
    private readonly DeviceMemory memory;
    private readonly byte[] staging;

    internal Field(DeviceMemory memory, int elements, int scope, int blocks)
    {
        this.memory = memory;
        Elements = elements;
        Scope = scope;
        Blocks = blocks;
        int scalar = T.IsDouble ? sizeof(double) : sizeof(float);
        BlockBytes = (long)elements * (scope == Kernels.Memory.Scope.Shared ? 1 : T.Width) * scalar;
        staging = memory.Host == 0 ? new byte[BlockBytes] : [];
    }

    /// <summary>Elements of a block.</summary>
    public int Elements { get; }

    /// <summary>One of <see cref="Kernels.Memory.Scope"/>.</summary>
    public int Scope { get; }

    /// <summary>Blocks of the field.</summary>
    public int Blocks { get; }

    /// <summary>Bytes of all blocks.</summary>
    public long Bytes => memory.Bytes;

    /// <summary>The field as kernels see it.</summary>
    public Reals<T> View => new() { Device = memory.Device<T>(), Host = memory.Host, Stride = Elements, Scope = Scope, Base = 0 };

    private long BlockBytes { get; }

    /// <summary>Reads replica after replica: destination is <c>[replica][element]</c>.</summary>
    public void ReadReplicas(Span<double> destination)
    {
        int replicas = destination.Length / Elements;
        CheckReplicas(destination.Length, replicas);
        for (int first = 0, block = 0; first < replicas; first += T.Width, block++)
        {
            int lanes = Math.Min(T.Width, replicas - first);
            var bytes = BlockForRead(block);
            var target = destination.Slice(first * Elements, lanes * Elements);
            if (T.IsDouble) Transpose.FromLanes(MemoryMarshal.Cast<byte, double>(bytes), target, T.Width, lanes);
            else Transpose.FromLanes(MemoryMarshal.Cast<byte, float>(bytes), target, T.Width, lanes);
        }
    }

    /// <summary>Writes replica after replica from <c>[replica][element]</c>; idle lanes of the last tile repeat the last replica.</summary>
    public void WriteReplicas(ReadOnlySpan<double> source)
    {
        int replicas = source.Length / Elements;
        CheckReplicas(source.Length, replicas);
        for (int first = 0, block = 0; first < replicas; first += T.Width, block++)
        {
            int lanes = Math.Min(T.Width, replicas - first);
            var bytes = BlockForWrite(block);
            var part = source.Slice(first * Elements, lanes * Elements);
            if (T.IsDouble) Transpose.ToLanes(part, MemoryMarshal.Cast<byte, double>(bytes), T.Width, lanes);
            else Transpose.ToLanes(part, MemoryMarshal.Cast<byte, float>(bytes), T.Width, lanes);
            if (memory.Host == 0) memory.Write(block * BlockBytes, bytes);
        }
    }

    /// <summary>Writes the numbers of a shared field.</summary>
    public void WriteShared(ReadOnlySpan<double> source)
    {
        CheckShared(source.Length);
        var bytes = BlockForWrite(0);
        if (T.IsDouble) source.CopyTo(MemoryMarshal.Cast<byte, double>(bytes));
        else
        {
            var numbers = MemoryMarshal.Cast<byte, float>(bytes);
            for (int i = 0; i < source.Length; i++) numbers[i] = (float)source[i];
        }

        if (memory.Host == 0) memory.Write(0, bytes);
    }

    /// <summary>
    /// Sums every element over all lanes of a block and over all blocks in increasing order, in double: how the gradient of a batch comes out of
    /// its slots.
    /// </summary>
    public void SumLanes(Span<double> destination)
    {
        if (destination.Length != Elements) throw new ArgumentException($"{destination.Length} numbers for a field of {Elements} elements.", nameof(destination));
        destination.Clear();
        for (int block = 0; block < Blocks; block++)
        {
            var bytes = BlockForRead(block);
            if (T.IsDouble) LaneSums.Add(MemoryMarshal.Cast<byte, double>(bytes), destination, T.Width);
            else LaneSums.Add(MemoryMarshal.Cast<byte, float>(bytes), destination, T.Width);
        }
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => memory.Clear();

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private unsafe Span<byte> BlockForRead(int block)
    {
        if (memory.Host != 0) return new Span<byte>((byte*)memory.Host + (block * BlockBytes), checked((int)BlockBytes));
        memory.Read(block * BlockBytes, staging);
        return staging;
    }

    private unsafe Span<byte> BlockForWrite(int block) =>
        memory.Host != 0 ? new Span<byte>((byte*)memory.Host + (block * BlockBytes), checked((int)BlockBytes)) : staging;

    private void CheckReplicas(int length, int replicas)
    {
        if (Scope != Kernels.Memory.Scope.Tile || replicas * Elements != length || (replicas + T.Width - 1) / T.Width > Blocks)
            throw new ArgumentException($"{length} numbers do not fit a field of {Blocks} tiles of {T.Width} replicas of {Elements} elements.");
    }

    private void CheckShared(int length)
    {
        if (Scope != Kernels.Memory.Scope.Shared || length > Elements)
            throw new ArgumentException($"{length} numbers do not fit a shared field of {Elements}.");
    }
}
