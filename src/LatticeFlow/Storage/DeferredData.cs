using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Arrays that are declared in a file and written into their place after the HDF5 library has laid the file out: the library copies what it writes, writes selections row by row, and ends at 2 GiB.
/// </summary>
internal sealed class DeferredData
{
    private const int Piece = 1 << 24;
    private readonly List<(string Path, long Bytes, Action<FileStream, long> Write)> pending = [];
    private Hdf5Source? layout;

    /// <summary>Arrays of more bytes than this are deferred; smaller ones may be left to the library.</summary>
    public int Threshold { get; init; } = 1 << 20;

    /// <summary>An array as a dataset, written now by the library or later by <see cref="Fill"/>.</summary>
    public object Dataset<T>(string path, T[] values, ulong[] shape)
        where T : unmanaged
    {
        if ((long)values.Length * Unsafe.SizeOf<T>() <= Threshold)
            return new H5Dataset<Memory<T>>(values, fileDims: shape);
        Later(path, values);
        return new H5Dataset<Memory<T>>(fileDims: shape);
    }

    /// <summary>As above for interleaved real and imaginary parts, as compound {r, i}.</summary>
    public H5Dataset Complex(string path, double[] interleaved, ulong[] shape)
    {
        if ((long)interleaved.Length * sizeof(double) <= Threshold)
            return new H5Dataset<Memory<ComplexEntry>>(ComplexEntry.View(interleaved), fileDims: shape);
        Later(path, interleaved);
        return new H5Dataset<Memory<ComplexEntry>>(fileDims: shape);
    }

    /// <summary>Writes everything that was deferred into a file that the library has finished.</summary>
    public void Fill(FileStream stream)
    {
        foreach (var (path, expected, write) in pending)
        {
            var (offset, bytes) = Layout(stream).Place(path);
            if (bytes != expected)
                throw new InvalidOperationException($"{path} was laid out with {bytes} bytes where {expected} belong");
            write(stream, offset);
        }
    }

    /// <summary>Writes rows of a declared dataset from byte <paramref name="skip"/> of its data on.</summary>
    public void Write<T>(FileStream stream, string path, long skip, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var (offset, bytes) = Layout(stream).Place(path);
        if (skip < 0 || skip + ((long)values.Length * Unsafe.SizeOf<T>()) > bytes)
            throw new InvalidOperationException($"{path} has {bytes} bytes and no room for more");
        WriteAt(stream, offset + skip, values);
    }

    /// <summary>Defers what <paramref name="write"/> writes from a place on, so many bytes.</summary>
    public void Later(string path, long bytes, Action<FileStream, long> write) => pending.Add((path, bytes, write));

    /// <summary>Where the data of a declared dataset lie.</summary>
    public (long Offset, long Bytes) Place(FileStream stream, string path) => Layout(stream).Place(path);

    private void Later<T>(string path, T[] values)
        where T : unmanaged
        => Later(path, (long)values.Length * Unsafe.SizeOf<T>(), (stream, offset) => WriteAt<T>(stream, offset, values));

    // The bytes are not disposed: the stream is the caller's.
    private Hdf5Source Layout(FileStream stream)
    {
        if (layout is not null)
            return layout;
        stream.Flush();
        return layout = Hdf5Source.Open(new Hdf5Bytes(stream.Name, stream));
    }

    /// <summary>Numbers from a byte of the file on, in pieces.</summary>
    public static void WriteAt<T>(FileStream stream, long offset, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        int step = Piece / Unsafe.SizeOf<T>();
        for (int first = 0; first < values.Length; first += step)
        {
            var bytes = MemoryMarshal.AsBytes(values.Slice(first, Math.Min(step, values.Length - first)));
            RandomAccess.Write(stream.SafeFileHandle, bytes, offset);
            offset += bytes.Length;
        }
    }
}
