using System.Text;

namespace LatticeFlow.Storage;

/// <summary>
/// A text file that only grows by whole lines (<c>log.txt</c>, <c>metrics.jsonl</c>). Each line reaches the operating system before the call returns, so a killed process loses none;
/// it is not flushed to the disk. A torn last line, left by a power cut, is cut off on opening. Safe to call from several threads. Throws <see cref="StorageException"/>.
/// </summary>
public sealed class LineLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream stream;
    private readonly string path;

    public LineLog(string path)
    {
        this.path = path;
        try
        {
            AtomicFile.Detach(path);
            AtomicFile.RefuseLink(path);
            // Without a buffer: on a full disk closing it must not fail once more.
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            stream.SetLength(EndOfLastLine());
            stream.Seek(0, SeekOrigin.End);
        }
        catch (Exception cause)
        {
            stream?.Dispose();
            throw StorageException.WhileWriting(path, cause);
        }
    }

    /// <summary>Appends one line; a line break inside it is written as a blank.</summary>
    public void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n");
        lock (gate)
        {
            try
            {
                stream.Write(bytes);
                stream.Flush();
            }
            catch (Exception cause)
            {
                // A log is written beside something: what a full disk cuts off here is saved there.
                throw StorageException.WhileWriting(path, cause, checkpointExists: true);
            }
        }
    }

    /// <summary>Keeps the leading lines for which <paramref name="keep"/> holds, up to the first that fails it: what was logged after the checkpoint that a run resumes from is repeated.</summary>
    public void RewindTo(Func<string, bool> keep)
    {
        lock (gate)
        {
            stream.Position = 0;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var kept = ByteLines.Of(bytes).TakeWhile(line => keep(line.Text.TrimEnd('\r')));
            stream.SetLength(kept.LastOrDefault().End);
            stream.Seek(0, SeekOrigin.End);
        }
    }

    public void Dispose() => stream.Dispose();

    private long EndOfLastLine()
    {
        var block = new byte[4096];
        for (long end = stream.Length; end > 0;)
        {
            int length = (int)Math.Min(block.Length, end);
            stream.Position = end -= length;
            stream.ReadExactly(block, 0, length);
            if (Array.LastIndexOf(block, (byte)'\n', length - 1, length) is >= 0 and var newline)
                return end + newline + 1;
        }

        return 0;
    }
}
