using ILGPU;

namespace LatticeFlow.Compute;

/// <summary>A block of memory of a device, seen as bytes from the host.</summary>
public abstract class DeviceMemory : IDisposable
{
    /// <summary>Size in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>The address of the block where the host can follow it (CPU), else 0.</summary>
    public abstract long Host { get; }

    /// <summary>The block as an ILGPU view; empty on the CPU.</summary>
    public abstract ArrayView<TElement> Device<TElement>()
        where TElement : unmanaged;

    /// <summary>Copies host bytes into the block from byte <paramref name="offset"/> on, after all work queued before.</summary>
    public abstract void Write(long offset, ReadOnlySpan<byte> source);

    /// <summary>Copies bytes of the block to the host, after all work queued before.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>Sets all bytes to zero.</summary>
    public abstract void Clear();

    /// <inheritdoc/>
    public abstract void Dispose();
}
