using System.Text;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// An HDF5 file that carries its own hash: the 512 bytes before the HDF5 part (HDF5's "user block", which h5py and h5dump skip) hold a readable line with the kind,
/// the container's version, the length and the SHA-256 of the rest. One file, one rename: no side file that could be lost or stale.
/// </summary>
internal static class HashedFile
{
    public const int BlockSize = 512;
    private const int ContainerVersion = 1;
    private const string Magic = "LatticeFlow ";

    /// <summary>Writes atomically; <paramref name="fill"/> may write further data into their places.</summary>
    public static void Write(string path, string kind, H5File file, Action<FileStream>? fill = null, string? keepAs = null)
        => AtomicFile.Write(path, stream =>
        {
            file.Write(stream, SegmentFile.Options(BlockSize));
            fill?.Invoke(stream);
            byte[] block = Render(kind, stream.Length, HashedStream.Sha256(stream, BlockSize));
            stream.Position = 0;
            stream.Write(block);
        }, keepAs);

    /// <summary>Checks kind, version, length and hash, then opens. Throws StorageException with exit code 4 for anything else than the file that was written.</summary>
    public static Hdf5Source Open(string path, string kind)
    {
        var stream = HashedStream.Open(path);
        try
        {
            Verify(path, kind, stream);
        }
        catch (Exception cause)
        {
            stream.Dispose();
            throw StorageException.WhileReading(path, cause);
        }

        return Hdf5Source.Open(path, stream);
    }

    private static void Verify(string path, string kind, FileStream stream)
    {
        const string Restore = "Use another checkpoint, or restore the file from a copy";
        var block = new byte[BlockSize];
        if (stream.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false) < BlockSize)
            throw new StorageException(path, $"has only {stream.Length} bytes: truncated or not a LatticeFlow file", Restore);
        string[] words = Encoding.UTF8.GetString(block).Split('\n')[0].Split(' ');
        if (words.Length != 7 || words[0] + " " != Magic || words[1] != kind)
            throw new StorageException(path, $"is not a LatticeFlow {kind} file (or its first bytes are damaged)", Restore);
        if (words[2] != ContainerVersion.ToString(System.Globalization.CultureInfo.InvariantCulture))
            throw new StorageException(path, $"has container version {words[2]}, this program reads {ContainerVersion}", "Read it with the version of LatticeFlow that wrote it");
        if (words[4] != stream.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))
            throw new StorageException(path, $"has {stream.Length} bytes, its first line says {words[4]}: truncated or extended", Restore);

        // Rendering the block again also catches a change in its unused part.
        if (!block.AsSpan().SequenceEqual(Render(kind, stream.Length, HashedStream.Sha256(stream, BlockSize))))
            throw new StorageException(path, "does not have the SHA-256 that its first line says: damaged", Restore);
    }

    private static byte[] Render(string kind, long length, string hash)
    {
        var block = new byte[BlockSize];
        Encoding.UTF8.GetBytes($"{Magic}{kind} {ContainerVersion} bytes {length} sha256 {hash}\n", block);
        return block;
    }
}
