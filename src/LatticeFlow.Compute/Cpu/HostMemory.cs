using System.Runtime.InteropServices;
using ILGPU;

namespace LatticeFlow.Compute.Cpu;

/// <summary>Memory of the host, aligned to 64 bytes so that no register load crosses a cache line.</summary>
internal sealed unsafe class HostMemory : DeviceMemory
{
    private const int Alignment = 64;

    // Blocks of this size are told to the garbage collector, so that it does not let dead arrays stand beside them.
    private const long Large = 1L << 24;
    private readonly void* allocated;
    private void* block;

    public HostMemory(long bytes)
    {
        Bytes = bytes;

        // Zeroed by the operating system, a page when it is first used: what is not used yet takes no memory.
        allocated = NativeMemory.AllocZeroed((nuint)Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment) + Alignment);
        block = (void*)(((nuint)allocated + Alignment - 1) / Alignment * Alignment);
        if (bytes >= Large) GC.AddMemoryPressure(bytes);
    }

    ~HostMemory() => Free();

    public override long Bytes { get; }

    public override long Host => (long)block;

    public override ArrayView<TElement> Device<TElement>() => default;

    public override void Write(long offset, ReadOnlySpan<byte> source) => source.CopyTo(Part(offset, source.Length));

    public override void Read(long offset, Span<byte> destination) => Part(offset, destination.Length).CopyTo(destination);

    public override void Clear() => NativeMemory.Clear(block, (nuint)Bytes);

    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private Span<byte> Part(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(block is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Bytes);
        return new Span<byte>((byte*)block + offset, length);
    }

    private void Free()
    {
        if (block is null) return;
        NativeMemory.Free(allocated);
        if (Bytes >= Large) GC.RemoveMemoryPressure(Bytes);
        block = null;
    }
}
