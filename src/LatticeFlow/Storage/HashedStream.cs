using System.Buffers;
using System.Security.Cryptography;

namespace LatticeFlow.Storage;

/// <summary>SHA-256 of an open file, and opening a segment only after its hash was found right (the stream that was hashed is the stream that is read).</summary>
internal static class HashedStream
{
    private const int BufferSize = 1 << 20;
    private const string NotTheHash = "does not have the SHA-256 that the manifest says";

    /// <summary>Lower-case hexadecimal SHA-256 of everything from <paramref name="offset"/> to the end.</summary>
    public static string Sha256(FileStream stream, long offset = 0)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        stream.Position = offset;
        while (stream.Read(buffer) is int count and > 0)
            hash.AppendData(buffer, 0, count);
        ArrayPool<byte>.Shared.Return(buffer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (IOException cause) when (DirectoryLock.IsSharingViolation(cause))
        {
            throw new StorageException(path, "is in use: another program holds it open", "Close it there and run again", StorageException.Unusable, cause);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    /// <summary>
    /// Opens the file of a manifest line; throws StorageException when it is missing or is not the file that was written. Small files are read in one piece, so that the bytes that were hashed are
    /// those that are parsed.
    /// </summary>
    public static Hdf5Bytes OpenVerified(string folder, ManifestEntry entry, bool verify = true)
    {
        string path = Path.Combine(folder, entry.File);
        var stream = Open(path);
        try
        {
            if (verify && stream.Length != entry.Bytes)
                throw Damaged(path, $"has {stream.Length} bytes, the manifest says {entry.Bytes}");
            // What was verified before is read where it is needed: a column of a segment does not cost its links.
            if (!verify || stream.Length > Hdf5Bytes.InMemory)
            {
                if (verify && Sha256(stream) != entry.Sha256)
                    throw Damaged(path, NotTheHash);
                return new(path, stream);
            }

            var memory = new byte[stream.Length];
            stream.ReadExactly(memory);
            stream.Dispose();
            return Convert.ToHexStringLower(SHA256.HashData(memory)) != entry.Sha256 ? throw Damaged(path, NotTheHash) : new(path, memory);
        }
        catch (Exception cause)
        {
            stream.Dispose();
            throw StorageException.WhileReading(path, cause);
        }
    }

    private static StorageException Damaged(string path, string what)
        => new(path, what, "Restore it from a copy; if it is the last segment, run again with --resume, which sets it aside and repeats it");
}
