using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LatticeFlow.Compute;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>
/// Mutants of every gauge file format, of half of them with the checksums made again as a colleague's broken program would: read, or refused by one exception with exit code 2 or 4; what is read is in the
/// group.
/// </summary>
[Trait("Category", Fuzzing.Category)]
public sealed class GaugeFileFuzz : IDisposable
{
    private const int Mutants = 400;

    /// <summary>Of them, one in this many goes through the whole command.</summary>
    private const int Imported = 20;

    private readonly ScratchDirectory scratch = new();
    private byte[]? held;

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("nersc", 1)]
    [InlineData("nersc two rows", 2)]
    [InlineData("ildg", 3)]
    [InlineData("ildg float", 4)]
    [InlineData("milc", 5)]
    [InlineData("milc little", 6)]
    [InlineData("openqcd", 7)]
    [InlineData("hirep", 8)]
    [InlineData("npy", 9)]
    public void A_mutant_is_read_or_refused_in_words(string kind, int seed)
    {
        byte[] original = Original(kind);
        int header = HeaderLength(kind, original);
        string path = scratch.At("mutant");
        int accepted = Fuzzing.Run(
            Mutants, seed,
            random => random.Next(2) == 0 ? Mutation.Of(original, random, header) : Resealed(kind, Mutation.Of(original, random, header)),
            (bytes, mutant) => Read(path, bytes, mutant),
            payload: 4 * original.Length);
        Assert.InRange(accepted, 0, Fuzzing.Mutants(Mutants) * 9 / 10);
    }

    [Fact]
    public void The_unharmed_files_are_read()
    {
        foreach (string kind in new[] { "nersc", "nersc two rows", "ildg", "ildg float", "milc", "milc little", "openqcd", "hirep", "npy" })
        {
            Assert.True(Read(scratch.At("file"), Original(kind), 0), kind);
            Assert.Equal(Original(kind), Resealed(kind, Original(kind)));
        }
    }

    /// <summary>The harness notices what it is there for.</summary>
    [Fact]
    public void Exceptions_and_memory_are_noticed()
    {
        byte[] original = Original("milc");
        Assert.Contains("IndexOutOfRangeException", Assert.Throws<InvalidOperationException>(() => Fuzzing.Run(50, 1, random => Mutation.Of(original, random, 96), (bytes, _) => bytes[original.Length - 1] > 0, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("allocated", Assert.Throws<InvalidOperationException>(() => Fuzzing.Run(1, 1, _ => [1], (_, _) => (held = new byte[(int)Fuzzing.MemoryLimit + 1]).Length > 0, 0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<lx")]
    [InlineData("<lx ")]
    [InlineData("<lx>")]
    [InlineData("<dims>1 ")]
    [InlineData("1 1 ")]
    [InlineData("plaquette = ")]
    public void A_long_text_takes_no_time_and_no_memory(string piece)
    {
        // 1 MB of it, in every descriptive record; the old reader took 8 s for one.
        string path = scratch.At("long.ildg");
        string text = "<dims>" + string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length - 2));
        using (var stream = File.Create(path))
        {
            var writer = new LimeWriter(stream);
            foreach (string type in new[] { "xlf-info", "scidac-private-file-xml", "scidac-private-record-xml", "scidac-record-xml", "ildg-format" })
                writer.Write(type, text, endsMessage: false);
            writer.Write("ildg-binary-data", 1024, endsMessage: true, target => target.Write(new byte[1024]));
        }

        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(0, Fuzzing.Run(1, 1, _ => bytes, (mutant, _) => Read(path, mutant, 1), payload: 4 * bytes.Length));
    }

    /// <summary>16 times the longest description that is read, so that the square of its length would be seen: the guard against hangs would end it.</summary>
    [Theory]
    [InlineData("<lx")]
    [InlineData("<lx ")]
    [InlineData("<lx><")]
    public void An_element_is_found_in_linear_time(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, (16 << 20) / piece.Length));
        Assert.Equal(Fuzzing.Mutants(1), Fuzzing.Run(1, 1, _ => [], (_, _) => XmlText.Element(text, "lx") is null or "", payload: 0));
    }

    [Fact]
    public void Many_records_take_no_memory()
    {
        string path = scratch.At("records.lime");
        using (var stream = File.Create(path))
        {
            var writer = new LimeWriter(stream);
            for (int record = 0; record < 20_000; record++)
                writer.Write(record % 2 == 0 ? "scidac-binary-data" : "scidac-private-record-xml", 0, endsMessage: true, _ => { });
        }

        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(0, Fuzzing.Run(1, 1, _ => bytes, (mutant, _) => Read(path, mutant, 1), payload: bytes.Length));
    }

    private bool Read(string path, byte[] bytes, int mutant)
    {
        File.WriteAllBytes(path, bytes);
        bool accepted = false;
        try
        {
            var format = GaugeFileFormats.Detect(path);
            var entries = format.Entries(path);
            for (int entry = 0; entry < Math.Min(entries.Count, 3); entry++)
            {
                var file = format.Read(path, entry: entry);
                var (unitarity, determinant) = GaugeMeasurement.LargestDefects(file.Configuration);
                Assert.InRange(Math.Max(unitarity, determinant), 0, 1e-3);
                Assert.InRange(file.Plaquette, -1.01, 1.01);
            }

            accepted = true;
        }
        catch (StorageException fault)
        {
            Assert.Contains(fault.ExitCode, new[] { StorageException.Unusable, StorageException.Corrupt });
            Assert.InRange(fault.Message.Length, 1, 2000);
        }

        if (mutant % Imported == 0)
        {
            string run = scratch.At("run" + mutant.ToString(CultureInfo.InvariantCulture));
            int code = CommandRun.Invoke("import", path, "--to", run).Code;
            Assert.Contains(code, new[] { ExitCode.Done, ExitCode.BadUsage, ExitCode.CorruptData });
            Assert.Equal(accepted, code == ExitCode.Done && Directory.Exists(run));
            if (accepted)
                Directory.Delete(run, recursive: true);
        }

        return accepted;
    }

    private static byte[] Original(string kind)
    {
        var configuration = GaugeSamples.Random(3, seed: 5, 4, 2, 2, 2);
        using var scratch = new ScratchDirectory();
        string path = scratch.At("file");
        var settings = new GaugeWriteSettings { EnsembleLabel = "hmc.r1", SequenceNumber = 7, Created = DateTime.UnixEpoch };
        switch (kind)
        {
            case "nersc":
                new NerscFile().Write(path, configuration, settings);
                break;
            case "nersc two rows":
                new NerscFile().Write(path, configuration, settings with { TwoRows = true, Precision = Precision.Single });
                break;
            case "ildg":
                new IldgFile().Write(path, configuration, settings);
                break;
            case "ildg float":
                new IldgFile().Write(path, configuration, settings with { Precision = Precision.Single });
                break;
            case "milc" or "milc little":
                return new ForeignFiles(configuration).Milc(kind == "milc");
            case "npy":
                return NumpyTests.Array("<f8", directionFirst: true, 1, NumpyTests.Angles(6, 4, 4), 6, 4, 4);
            case "openqcd":
                return new ForeignFiles(configuration).OpenQcd();
            default:
                return new ForeignFiles(configuration).HiRep();
        }

        return File.ReadAllBytes(path);
    }

    private static int HeaderLength(string kind, byte[] bytes) => kind.Split(' ')[0] switch
    {
        "nersc" => bytes.AsSpan().IndexOf("END_HEADER\n"u8) + 11,
        "ildg" => bytes.AsSpan().IndexOf("ildg-binary-data"u8) + 128,
        "milc" => 96,
        "npy" => 128,
        _ => 28,
    };

    /// <summary>The same bytes with the checksum of what is there; where nothing like a file is left, the bytes as they are.</summary>
    private static byte[] Resealed(string kind, byte[] bytes)
    {
        byte[] copy = [.. bytes];
        switch (kind.Split(' ')[0])
        {
            case "nersc":
                return Nersc(copy);
            case "milc" when copy.Length > 96:
                bool big = BinaryPrimitives.ReadInt32BigEndian(copy) == 20103;
                var (sum29, sum31) = ForeignFiles.MilcSums(copy.AsSpan(96), big);
                BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(88), big ? sum29 : BinaryPrimitives.ReverseEndianness(sum29));
                BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(92), big ? sum31 : BinaryPrimitives.ReverseEndianness(sum31));
                return copy;
            case "ildg":
                return Ildg(copy, kind == "ildg" ? 8 : 4);
            default:
                return copy;
        }
    }

    private static byte[] Nersc(byte[] bytes)
    {
        int end = bytes.AsSpan().IndexOf("END_HEADER\n"u8) + 11, at = bytes.AsSpan().IndexOf("CHECKSUM = "u8) + 11;
        if (end < 11 || at < 11 || at > end)
            return bytes;
        uint sum = 0;
        for (int word = end; word + 4 <= bytes.Length; word += 4)
            sum += BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(word));
        Encoding.ASCII.GetBytes(sum.ToString("x8", CultureInfo.InvariantCulture)).AsSpan(0, Math.Min(8, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static byte[] Ildg(byte[] bytes, int realBytes)
    {
        int type = bytes.AsSpan().IndexOf("ildg-binary-data"u8), a = bytes.AsSpan().IndexOf("<suma>"u8);
        if (type < 16 || a < 0)
            return bytes;
        long length = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(type - 8)), (ulong)Math.Max(0, bytes.Length - type - 128));
        uint sumA = 0, sumB = 0;
        int site = 4 * 18 * realBytes;
        for (int s = 0; (s + 1) * site <= length; s++)
        {
            uint crc = System.IO.Hashing.Crc32.HashToUInt32(bytes.AsSpan(type + 128 + (s * site), site));
            sumA ^= System.Numerics.BitOperations.RotateLeft(crc, s % 29);
            sumB ^= System.Numerics.BitOperations.RotateLeft(crc, s % 31);
        }

        // Hexadecimal of fixed width with the same length as before only where it has as many digits: leading zeros are understood.
        string text = Encoding.Latin1.GetString(bytes);
        int close = text.IndexOf("</suma>", a, StringComparison.Ordinal), b = text.IndexOf("<sumb>", a, StringComparison.Ordinal), end = b < 0 ? -1 : text.IndexOf("</sumb>", b, StringComparison.Ordinal);
        if (close < 0 || b < close || end < b)
            return bytes;
        string first = sumA.ToString("x", CultureInfo.InvariantCulture), second = sumB.ToString("x", CultureInfo.InvariantCulture);
        int spare = (close - a - 6) + (end - b - 6) - first.Length - second.Length;
        if (spare < 0)
            return bytes;
        return Encoding.Latin1.GetBytes(text[..(a + 6)] + first + "</suma><sumb>" + second.PadLeft(second.Length + spare, '0') + text[end..]);
    }
}
