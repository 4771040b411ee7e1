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

    // Blocks are moved in parts of some megabytes: a block may have more bytes than a span can count.
    private const long PartBytes = 1L << 22;

    internal Field(DeviceMemory memory, int elements, int scope, int blocks)
    {
        this.memory = memory;
        Elements = elements;
        Scope = scope;
        Blocks = blocks;
        int scalar = T.IsDouble ? sizeof(double) : sizeof(float);
        ElementBytes = (scope == Kernels.Memory.Scope.Shared ? 1 : T.Width) * scalar;
        BlockBytes = (long)elements * ElementBytes;
        staging = memory.Host == 0 ? new byte[Math.Min(BlockBytes, (long)ElementsOfPart * ElementBytes)] : [];
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

    private int ElementBytes { get; }

    private int ElementsOfPart => (int)Math.Max(1, PartBytes / ElementBytes);

    /// <summary>Reads replica after replica: destination is <c>[replica][element]</c>.</summary>
    public void ReadReplicas(Span<double> destination)
    {
        int replicas = destination.Length / Elements;
        CheckReplicas(destination.Length, replicas);
        for (int first = 0, block = 0; first < replicas; first += T.Width, block++)
        {
            int lanes = Math.Min(T.Width, replicas - first);
            for (int element = 0; element < Elements; element += ElementsOfPart)
                ReadElements(block, element, Math.Min(ElementsOfPart, Elements - element), destination[(first * Elements + element)..], lanes, Elements);
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
            for (int element = 0; element < Elements; element += ElementsOfPart)
                WriteElements(block, element, Math.Min(ElementsOfPart, Elements - element), source[(first * Elements + element)..], lanes, Elements);
        }
    }

    /// <summary>Reads <paramref name="count"/> elements of a block, those of a lane <paramref name="stride"/> numbers after those of the lane before.</summary>
    public void ReadElements(int block, int first, int count, Span<double> destination, int lanes, int stride)
    {
        var bytes = PartForRead(block, first, count);
        if (T.IsDouble) Transpose.FromLanes(MemoryMarshal.Cast<byte, double>(bytes), destination, T.Width, lanes, count, stride);
        else Transpose.FromLanes(MemoryMarshal.Cast<byte, float>(bytes), destination, T.Width, lanes, count, stride);
    }

    /// <summary>The reverse of <see cref="ReadElements"/>; idle lanes repeat the last one.</summary>
    public void WriteElements(int block, int first, int count, ReadOnlySpan<double> source, int lanes, int stride)
    {
        var bytes = PartForWrite(block, first, count);
        if (T.IsDouble) Transpose.ToLanes(source, MemoryMarshal.Cast<byte, double>(bytes), T.Width, lanes, count, stride);
        else Transpose.ToLanes(source, MemoryMarshal.Cast<byte, float>(bytes), T.Width, lanes, count, stride);
        if (memory.Host == 0) memory.Write(Offset(block, first), bytes);
    }

    /// <summary>Writes the numbers of a shared field.</summary>
    public void WriteShared(ReadOnlySpan<double> source)
    {
        CheckShared(source.Length);
        for (int first = 0; first < source.Length; first += ElementsOfPart)
        {
            var part = source.Slice(first, Math.Min(ElementsOfPart, source.Length - first));
            var bytes = PartForWrite(0, first, part.Length);
            if (T.IsDouble) part.CopyTo(MemoryMarshal.Cast<byte, double>(bytes));
            else
            {
                var numbers = MemoryMarshal.Cast<byte, float>(bytes);
                for (int i = 0; i < part.Length; i++) numbers[i] = (float)part[i];
            }

            if (memory.Host == 0) memory.Write(Offset(0, first), bytes);
        }
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
            for (int first = 0; first < Elements; first += ElementsOfPart)
            {
                int count = Math.Min(ElementsOfPart, Elements - first);
                var bytes = PartForRead(block, first, count);
                var sums = destination.Slice(first, count);
                if (T.IsDouble) LaneSums.Add(MemoryMarshal.Cast<byte, double>(bytes), sums, T.Width);
                else LaneSums.Add(MemoryMarshal.Cast<byte, float>(bytes), sums, T.Width);
            }
        }
    }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => memory.Clear();

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private long Offset(int block, int first) => (block * BlockBytes) + ((long)first * ElementBytes);

    private unsafe Span<byte> PartForRead(int block, int first, int count)
    {
        if (memory.Host != 0) return PartForWrite(block, first, count);
        var part = staging.AsSpan(0, checked(count * ElementBytes));
        memory.Read(Offset(block, first), part);
        return part;
    }

    private unsafe Span<byte> PartForWrite(int block, int first, int count) =>
        memory.Host != 0 ? new Span<byte>((byte*)memory.Host + Offset(block, first), checked(count * ElementBytes)) : staging.AsSpan(0, checked(count * ElementBytes));

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
