using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LatticeFlow.Tests;

/// <summary>Ways to damage a file: bytes as in <see cref="MutationTests.Mutate"/>, numbers where a header has them, words and lines of texts.</summary>
internal static partial class Mutation
{
    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 16, 31, 63, 64, 65, 127, 255, 256, 1000, 4096, 65_535, 65_536, 1 << 20, (1 << 20) + 1, 1 << 30, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, long.MaxValue, long.MinValue, -1, -2,
    ];

    private static readonly string[] Words =
    [
        "", "0", "-1", "1e999", "nan", "NaN", "inf", "1e-310", "1e308", "6,0", "0x10", "99999999999999999999", "\x1b[31m", "\0", "\r\n", "=", "<", ">", "<lx>", "</lx>", "<lx", "\n", "\ufeff", "'", "\"", "&amp;", "%s", "../..", "IEEE64", "4D_SU4_GAUGE",
        "su64gauge", "su2gauge", "scidac-binary-data", "ildg-binary-data", "Infinity", "١",
    ];

    /// <summary>One to three changes; the first <paramref name="header"/> bytes are hit half of the time.</summary>
    public static byte[] Of(byte[] original, Random random, int header)
    {
        byte[] bytes = original;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
            bytes = Once(bytes, random, Math.Min(header, bytes.Length));
        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random, int header)
    {
        if (bytes.Length < 16 || header < 16)
            return [.. bytes, .. Encoding.ASCII.GetBytes(Pick(Words, random))];
        return random.Next(8) switch
        {
            0 or 1 => MutationTests.Mutate(bytes, random),
            2 => HeaderByte(bytes, random, header),
            3 => HeaderNumber(bytes, random, header),
            4 or 5 => Digits(bytes, random, header),
            6 => Spliced(bytes, random, header),
            _ => Lines(bytes, random, header),
        };
    }

    private static byte[] HeaderByte(byte[] bytes, Random random, int header)
    {
        byte[] copy = [.. bytes];
        copy[random.Next(header)] = (byte)random.Next(256);
        return copy;
    }

    /// <summary>A number of 4 or 8 bytes, in either byte order, where one may stand.</summary>
    private static byte[] HeaderNumber(byte[] bytes, Random random, int header)
    {
        byte[] copy = [.. bytes];
        int size = random.Next(2) == 0 ? 4 : 8, at = Math.Min(random.Next(header) / 4 * 4, copy.Length - size);
        long number = Pick(Numbers, random);
        if (size == 4)
            BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(at), unchecked((int)number));
        else
            BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(at), number);
        if (random.Next(2) == 0)
            copy.AsSpan(at, size).Reverse();
        return copy;
    }

    /// <summary>Another number or word where digits stand.</summary>
    private static byte[] Digits(byte[] bytes, Random random, int header)
    {
        string text = Encoding.Latin1.GetString(bytes, 0, header);
        var found = DigitsPattern().Matches(text);
        if (found.Count == 0)
            return HeaderNumber(bytes, random, header);
        var match = found[random.Next(found.Count)];
        string word = random.Next(3) == 0 ? Pick(Words, random) : Pick(Numbers, random).ToString(CultureInfo.InvariantCulture);

        // In place, so that what follows keeps its position, or not.
        if (random.Next(2) == 0)
            word = word.PadRight(match.Length)[..match.Length];
        return [.. bytes.AsSpan(0, match.Index), .. Encoding.UTF8.GetBytes(word), .. bytes.AsSpan(match.Index + match.Length)];
    }

    private static byte[] Spliced(byte[] bytes, Random random, int header)
    {
        int from = random.Next(header), length = random.Next(1, Math.Min(400, bytes.Length - from) + 1), at = random.Next(header);
        byte[] piece = random.Next(3) == 0 ? Encoding.UTF8.GetBytes(Pick(Words, random)) : bytes[from..(from + length)];
        return random.Next(2) == 0 ? [.. bytes[..at], .. piece, .. bytes[at..]] : [.. bytes[..at], .. piece, .. bytes[Math.Min(bytes.Length, at + piece.Length)..]];
    }

    /// <summary>A line or element twice, gone, or with another.</summary>
    private static byte[] Lines(byte[] bytes, Random random, int header)
    {
        string text = Encoding.Latin1.GetString(bytes, 0, header);
        string[] lines = LinePattern().Split(text);
        if (lines.Length < 3)
            return Spliced(bytes, random, header);
        int at = random.Next(lines.Length), other = random.Next(lines.Length);
        switch (random.Next(3))
        {
            case 0:
                lines[at] += lines[at];
                break;
            case 1:
                lines[at] = "";
                break;
            default:
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
        }

        return [.. Encoding.Latin1.GetBytes(string.Concat(lines)), .. bytes.AsSpan(header)];
    }

    private static T Pick<T>(T[] all, Random random) => all[random.Next(all.Length)];

    [GeneratedRegex("[0-9][0-9.]*")]
    private static partial Regex DigitsPattern();

    [GeneratedRegex("(?<=[\n>])")]
    private static partial Regex LinePattern();
}
