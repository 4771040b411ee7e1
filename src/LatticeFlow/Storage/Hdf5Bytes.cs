using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LatticeFlow.Storage;

/// <summary>
/// The bytes of an HDF5 file, from memory or from the open file. Nothing outside the file is ever read, and what is read to learn the structure is counted against a budget: together with
/// the limits of <see cref="Hdf5Structure"/> this bounds memory and time for any content. Throws <see cref="StorageException"/> (exit code 4).
/// </summary>
internal sealed class Hdf5Bytes : IDisposable
{
    /// <summary>Files up to this size are read in one piece, hashed and parsed from memory.</summary>
    public const int InMemory = 1 << 24;

    /// <summary>Bytes of structure and texts that one file may need: a segment needs some 10 kB beside its configuration text.</summary>
    private const long StructureBudget = 1L << 26;

    /// <summary>The longest text.</summary>
    private const int LongestText = 1 << 24;

    private const int WindowSize = 1 << 14;
    private const int Piece = 1 << 24;
    private readonly FileStream? stream;
    private readonly byte[]? memory;
    private byte[] window = [];
    private long windowStart;
    private int windowLength;
    private long budget = StructureBudget;

    /// <summary>A file that was read into memory.</summary>
    public Hdf5Bytes(string path, byte[] memory)
    {
        Path = path;
        this.memory = memory;
        Length = memory.Length;
    }

    /// <summary>An open file, which is closed with this.</summary>
    public Hdf5Bytes(string path, FileStream stream)
    {
        Path = path;
        this.stream = stream;
        Length = stream.Length;
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>A few bytes of structure; valid until the next call.</summary>
    public ReadOnlySpan<byte> Structure(long offset, int count)
    {
        Require(offset, count);
        budget -= count;
        if (budget < 0)
            throw Fault("needs more bytes for its structure than a file of this program has");
        if (memory is not null)
            return memory.AsSpan((int)offset, count);
        if (offset < windowStart || offset + count > windowStart + windowLength)
        {
            if (window.Length < count)
                window = new byte[Math.Max(count, WindowSize)];
            windowStart = offset;
            windowLength = (int)Math.Min(window.Length, Length - offset);
            Read(offset, window.AsSpan(0, windowLength));
        }

        return window.AsSpan((int)(offset - windowStart), count);
    }

    /// <summary>A text's bytes, of a limited length.</summary>
    public byte[] Text(long offset, long count)
    {
        if (count is < 0 or > LongestText)
            throw Fault($"claims to hold a text of {count} bytes");
        return Structure(offset, (int)count).ToArray();
    }

    public long Address(long offset) => BinaryPrimitives.ReadInt64LittleEndian(Structure(offset, sizeof(long)));

    /// <summary>Data from a place on, of any length, in pieces.</summary>
    public void ReadData<T>(long offset, Span<T> target)
        where T : unmanaged
    {
        int step = Piece / Unsafe.SizeOf<T>();
        for (int first = 0; first < target.Length; first += step)
        {
            var bytes = MemoryMarshal.AsBytes(target.Slice(first, Math.Min(step, target.Length - first)));
            Require(offset, bytes.Length);
            Read(offset, bytes);
            offset += bytes.Length;
        }
    }

    /// <summary>Whether another code wrote the file: then a part of HDF5 that is not read here is no damage.</summary>
    public bool IsForeign { get; init; }

    /// <summary>The fault of a file with a part of HDF5 that this program neither writes nor reads.</summary>
    public StorageException Unread(string what) => IsForeign ? new(Path, $"{what}, which is not read", "Store the dataset contiguous, without chunks and compression", StorageException.Unusable) : Fault(what);

    public StorageException Fault(string what) => new(Path, what, "The file is damaged or of another kind: restore it from a copy, or run again");

    public void Dispose() => stream?.Dispose();

    private void Require(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw Fault("points outside of itself");
    }

    private void Read(long offset, Span<byte> target)
    {
        if (memory is not null)
        {
            memory.AsSpan((int)offset, target.Length).CopyTo(target);
            return;
        }

        SafeFileHandle handle = stream!.SafeFileHandle;
        while (target.Length > 0)
        {
            int count;
            try
            {
                count = RandomAccess.Read(handle, target, offset);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                throw StorageException.WhileReading(Path, cause);
            }

            if (count == 0)
                throw Fault("became shorter while it was read");
            target = target[count..];
            offset += count;
        }
    }
}
