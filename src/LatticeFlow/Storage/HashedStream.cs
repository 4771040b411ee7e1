using System.Security.Cryptography;

namespace LatticeFlow.Storage;

/// <summary>SHA-256 of an open file, and opening a segment only after its hash was found right (the stream that was hashed is the stream that is read).</summary>
internal static class HashedStream
{
    /// <summary>Lower-case hexadecimal SHA-256 of everything from <paramref name="offset"/> to the end.</summary>
    public static string Sha256(FileStream stream, long offset = 0)
    {
        stream.Position = offset;
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 64 * 1024);
        }
        catch (Exception cause)
        {
            throw StorageException.WhileReading(path, cause);
        }
    }

    /// <summary>Opens the file of a manifest line; throws StorageException when it is missing or is not the file that was written.</summary>
    public static FileStream OpenVerified(string folder, ManifestEntry entry, bool verify = true)
    {
        string path = Path.Combine(folder, entry.File);
        var stream = Open(path);
        try
        {
            if (verify && stream.Length != entry.Bytes)
                throw Damaged(path, $"has {stream.Length} bytes, the manifest says {entry.Bytes}");
            if (verify && Sha256(stream) != entry.Sha256)
                throw Damaged(path, "does not have the SHA-256 that the manifest says");
            return stream;
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
