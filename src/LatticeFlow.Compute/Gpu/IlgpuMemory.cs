using ILGPU;
using ILGPU.Runtime;

namespace LatticeFlow.Compute.Gpu;

/// <summary>A block of memory of a GPU.</summary>
internal sealed class IlgpuMemory : DeviceMemory
{
    private readonly IlgpuDevice device;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> buffer;

    public IlgpuMemory(IlgpuDevice device, long bytes)
    {
        this.device = device;
        Bytes = bytes;
        try
        {
            // Whole doubles, because the block may be read as such; never nothing, which drivers refuse.
            buffer = device.Accelerator.Allocate1D<byte>(Math.Max(sizeof(double), (bytes + sizeof(double) - 1) / sizeof(double) * sizeof(double)));
            Clear();
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            IlgpuFailure.Throw(error, device.Name, $"allocating {bytes} bytes of its {device.Accelerator.MemorySize}", "use fewer replicas, a smaller batch or --device cpu");
        }
    }

    public override long Bytes { get; }

    public override long Host => 0;

    public override ArrayView<TElement> Device<TElement>() => Whole.Cast<TElement>();

    public override void Write(long offset, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty) return;
        try
        {
            Whole.SubView(offset, source.Length).CopyFromCPU(device.Stream, source);
            device.Stream.Synchronize();
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            IlgpuFailure.Throw(error, device.Name, "copying to it");
        }
    }

    public override void Read(long offset, Span<byte> destination)
    {
        if (destination.IsEmpty) return;
        try
        {
            Whole.SubView(offset, destination.Length).CopyToCPU(device.Stream, destination);
            device.Stream.Synchronize();
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            IlgpuFailure.Throw(error, device.Name, "copying from it");
        }
    }

    public override void Clear()
    {
        try
        {
            buffer.MemSetToZero(device.Stream);
            device.Stream.Synchronize();
        }
        catch (Exception error) when (IlgpuFailure.Is(error))
        {
            IlgpuFailure.Throw(error, device.Name, "clearing its memory");
        }
    }

    public override void Dispose() => buffer.Dispose();

    private ArrayView<byte> Whole => buffer.View.BaseView;
}
