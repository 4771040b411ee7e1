using LatticeFlow.Interchange;

namespace LatticeFlow.Tests;

/// <summary>The container, and the ways of other codes to fill it.</summary>
public sealed class LimeTests : IDisposable
{
    /// <summary>Rounding of a third row that is computed from the first two.</summary>
    private const double ThirdRow = 1e-15;

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Records_come_back_with_the_flags_of_their_messages()
    {
        string path = scratch.At("file");
        using (var stream = File.Create(path))
        {
            var writer = new LimeWriter(stream);
            writer.Write("first", "123", endsMessage: false);
            writer.Write("second", "", endsMessage: true);
            writer.Write(new string('t', 127), "12345678", endsMessage: true);
            Assert.Throws<InvalidOperationException>(() => writer.Write("short", 8, endsMessage: true, target => target.WriteByte(1)));
            Assert.Throws<ArgumentException>(() => writer.Write(new string('t', 128), "", endsMessage: true));
            Assert.Throws<ArgumentException>(() => writer.Write("", "", endsMessage: true));
            stream.SetLength((3 * 144) + 8 + 8);
        }

        using var reader = LimeReader.Open(path);
        Assert.Equal([(3L, true, false), (0L, false, true), (8L, true, true)], reader.Records.Select(record => (record.Length, record.BeginsMessage, record.EndsMessage)));
        Assert.Equal(["123", "", "12345678"], reader.Records.Select(reader.ReadText));
    }

    [Fact]
    public void A_field_of_SciDAC_without_ILDG_records_is_read()
        => AssertSameLinks(0, record => record.Type switch
        {
            "ildg-format" or "ildg-data-lfn" => null,
            "ildg-binary-data" => ("scidac-binary-data", null),
            _ => (record.Type, null),
        });

    [Fact]
    public void The_description_of_Grid_is_read()
        => AssertSameLinks(0, record => record.Type switch
        {
            // Line breaks in the dimensions, a number of colours left open, rows, NUL at the end.
            "scidac-private-file-xml" => (record.Type, text => text.Replace("<dims>2 3 4 5 </dims>", "<dims>2 \n3 \n4 \n5</dims>", StringComparison.Ordinal)),
            "scidac-private-record-xml" => (record.Type, text => text.Replace("<colors>3<", "<colors>0<", StringComparison.Ordinal)),
            "ildg-format" => (record.Type, text => text.Replace("<lx>", "<rows>3</rows><lx>", StringComparison.Ordinal) + "\0"),
            _ => (record.Type, null),
        });

    [Fact]
    public void Unknown_records_are_passed_over()
        => AssertSameLinks(0, record => (record.Type == "ildg-data-lfn" ? "something-else" : record.Type, null));

    [Fact]
    public void Two_rows_a_matrix_are_completed()
    {
        var original = GaugeSamples.Random(3, seed: 8, 5, 4, 3, 2);
        string whole = scratch.At("whole.ildg"), rows = scratch.At("rows.nersc"), path = scratch.At("rows.ildg");
        new IldgFile().Write(whole, original);
        new NerscFile().Write(rows, original, new() { TwoRows = true });
        byte[] payload = File.ReadAllBytes(rows)[^(original.Lattice.Links * 12 * 8)..];
        Copy(whole, path, record => record.Type switch
        {
            "scidac-checksum" => null,
            "ildg-format" => (record.Type, text => text.Replace("<lx>", "<rows>2</rows><lx>", StringComparison.Ordinal)),
            _ => (record.Type, null),
        }, payload);
        var file = new IldgFile().Read(path);
        Assert.All(original.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, ThirdRow));
    }

    private void AssertSameLinks(double tolerance, Func<LimeRecord, (string Type, Func<string, string>? Edit)?> edit)
    {
        var original = GaugeSamples.Random(3, seed: 8, 5, 4, 3, 2);
        string path = scratch.At("written.ildg"), edited = scratch.At("edited.ildg");
        new IldgFile().Write(path, original);
        Copy(path, edited, edit);
        var file = new IldgFile().Read(edited);
        Assert.Empty(file.Warnings);
        Assert.Equal(original.Lattice, file.Configuration.Lattice);
        Assert.All(original.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    /// <summary>Copies records under the type and with the text that <paramref name="edit"/> gives; null leaves one out. The field's bytes may be replaced.</summary>
    private static void Copy(string from, string to, Func<LimeRecord, (string Type, Func<string, string>? Edit)?> edit, byte[]? payload = null)
    {
        using var reader = LimeReader.Open(from);
        using var stream = File.Create(to);
        var writer = new LimeWriter(stream);
        foreach (var record in reader.Records)
        {
            if (edit(record) is not var (type, change))
                continue;
            if (change is not null)
            {
                writer.Write(type, change(reader.ReadText(record)), record.EndsMessage);
                continue;
            }

            byte[] bytes = new byte[record.Length];
            reader.Seek(record).ReadExactly(bytes);
            byte[] data = record.Type == "ildg-binary-data" ? payload ?? bytes : bytes;
            writer.Write(type, data.Length, record.EndsMessage, target => target.Write(data));
        }
    }
}
