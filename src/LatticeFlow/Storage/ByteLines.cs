using System.Text;

namespace LatticeFlow.Storage;

/// <summary>
/// The whole lines of a text with the byte at which each ends. Offsets are those of the bytes, whatever the decoder makes of them: a byte order mark, carriage returns and bytes that are no UTF-8 count.
/// </summary>
internal static class ByteLines
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Every line that ends with a newline, without it and without a byte order mark, and the offset behind the newline.</summary>
    public static IReadOnlyList<(string Text, long End)> Of(ReadOnlySpan<byte> bytes)
    {
        List<(string, long)> lines = [];
        int start = 0;
        while (bytes[start..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = bytes.Slice(start, length);
            if (start == 0 && line.StartsWith(Mark)) line = line[Mark.Length..];
            start += length + 1;
            lines.Add((Encoding.UTF8.GetString(line), start));
        }

        return lines;
    }
}
