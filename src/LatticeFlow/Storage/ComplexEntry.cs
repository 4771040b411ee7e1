using System.Buffers;
using System.Runtime.InteropServices;

namespace LatticeFlow.Storage;

/// <summary>
/// One matrix entry in a file: compound {r, i}, which h5py reads as complex128. The lower-case public fields are the names in the file;
/// <c>System.Numerics.Complex</c> is refused by the HDF5 library.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ComplexEntry
{
#pragma warning disable CS0649, CA1051, IDE1006 // filled through View
    public double r;
    public double i;
#pragma warning restore CS0649, CA1051, IDE1006

    /// <summary>Interleaved doubles seen as entries, without a copy.</summary>
    public static Memory<ComplexEntry> View(Memory<double> interleaved) => new Manager(interleaved).Memory;

    private sealed class Manager(Memory<double> interleaved) : MemoryManager<ComplexEntry>
    {
        public override Span<ComplexEntry> GetSpan() => MemoryMarshal.Cast<double, ComplexEntry>(interleaved.Span);

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            var handle = interleaved.Pin();
            return new((ComplexEntry*)handle.Pointer + elementIndex, pinnable: new Release(handle));
        }

        public override void Unpin()
        {
            // Each Pin carries its own handle.
        }

        protected override void Dispose(bool disposing)
        {
            // The doubles belong to the caller.
        }
    }

    private sealed class Release(MemoryHandle handle) : IPinnable
    {
        public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException("a handle is pinned once");

        public void Unpin() => handle.Dispose();
    }
}
