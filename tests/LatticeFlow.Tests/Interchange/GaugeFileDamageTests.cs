using System.Buffers.Binary;
using System.Text;
using LatticeFlow.Compute;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Damaged and lying files: one exception type, exit code 4, a message that names the fault, no allocation that a header asked for.</summary>
public sealed class GaugeFileDamageTests : IDisposable
{
    private const int Mutants = 300;

    /// <summary>The files have 5 to 20 kB: headers, one buffer of links and the links themselves. A header that is believed asks for gigabytes.</summary>
    private const long AllocationLimit = 1L << 20;

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("nersc", Precision.Double)]
    [InlineData("nersc", Precision.Single)]
    [InlineData("ildg", Precision.Double)]
    [InlineData("ildg", Precision.Single)]
    public void A_mutant_is_refused_or_has_the_same_links(string name, Precision precision)
    {
        var format = GaugeFileFormats.ByName(name)!;
        string path = Written(format, precision);
        byte[] original = File.ReadAllBytes(path);
        double[] links = format.Read(path).Configuration.Links;
        var random = new Random(7);
        int refused = 0;
        for (int mutant = 0; mutant < Mutants; mutant++)
        {
            File.WriteAllBytes(path, MutationTests.Mutate(original, random));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = format.Read(path);

                // The damage hit a text that says nothing about the links, or the checksum's own name, which is reported.
                Assert.True(links.AsSpan().SequenceEqual(file.Configuration.Links) || file.Warnings.Count > 0, $"mutant {mutant} has other links");
            }
            catch (StorageException fault)
            {
                Assert.Equal((StorageException.Corrupt, path), (fault.ExitCode, fault.File));
                refused++;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocationLimit, $"mutant {mutant} allocated {allocated} bytes");
        }

        Assert.InRange(refused, Mutants / 2, Mutants);
    }

    [Theory]
    [InlineData("nersc")]
    [InlineData("ildg")]
    public void Every_truncation_is_refused(string name)
    {
        var format = GaugeFileFormats.ByName(name)!;
        string path = Written(format, Precision.Single);
        byte[] original = File.ReadAllBytes(path);
        for (int length = 0; length < original.Length - 8; length += 37)
        {
            File.WriteAllBytes(path, original[..length]);
            if (name == "ildg" && IsWholeRecords(original, length))
                continue;
            Refused(format, path);
        }
    }

    [Theory]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = 3", "has 9216 bytes of links where SU(3) on 2x3x2x4 takes 13824: truncated")]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = 1", "extended")]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = 1048576", "2x1048576x2x4")]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = 99999999999", "1 to 1048576")]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = -2", "DIMENSION_2 = -2")]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = 0", "1 to 1048576")]
    [InlineData("DIMENSION_2 = 2\n", "", "has no DIMENSION_2")]
    [InlineData("DIMENSION_2 = 2", "DIMENSION_2 = 2\nDIMENSION_2 = 4", "states DIMENSION_2 twice")]
    [InlineData("DIMENSION_1 = 2\nDIMENSION_2 = 2\nDIMENSION_3 = 2\nDIMENSION_4 = 4", "DIMENSION_1 = 4\nDIMENSION_2 = 2\nDIMENSION_3 = 2\nDIMENSION_4 = 2", "which its links have on 2x2x2x4: the extents 4x2x2x2 (x, y, z, t) are in another order")]
    [InlineData("4D_SU3_GAUGE_3x3", "4D_SU3_GAUGE", "extended")]
    [InlineData("4D_SU3_GAUGE_3x3", "4D_SU1_GAUGE_1x1", "SU(1)")]
    [InlineData("4D_SU3_GAUGE_3x3", "4D_SU2_GAUGE_2x2", "extended")]
    [InlineData("4D_SU3_GAUGE_3x3", "4D_SU999_GAUGE_999x999", "SU(999)")]
    [InlineData("4D_SU3_GAUGE_3x3", "4D_SU3_GAUGE_2x3", "DATATYPE = 4D_SU3_GAUGE_2x3")]
    [InlineData("IEEE32BIG", "IEEE64BIG", "truncated")]
    [InlineData("IEEE32BIG", "IEEE32LITTLE", "checksum")]
    [InlineData("IEEE32BIG", "IEEE16", "FLOATING_POINT = IEEE16")]
    [InlineData("CHECKSUM", "CHECKSOM", "has no CHECKSUM")]
    [InlineData("CHECKSUM = ", "CHECKSUM = z", "hexadecimal")]
    [InlineData("PLAQUETTE = ", "PLAQUETTE = 1\nX = ", "its header says PLAQUETTE 1")]
    [InlineData("LINK_TRACE = ", "LINK_TRACE = 1\nX = ", "has LINK_TRACE")]
    [InlineData("PLAQUETTE = ", "PLAQUETTE = x", "a number is understood")]
    [InlineData("END_HEADER", "END_HEADR", "has no line END_HEADER")]
    [InlineData("BEGIN_HEADER", "BEGIN_HEADERS", "does not begin with BEGIN_HEADER")]
    public void A_NERSC_header_that_lies_is_refused(string text, string replacement, string complaint)
    {
        string path = Written(new NerscFile(), Precision.Single);
        Replace(path, text, replacement);
        Assert.Contains(complaint, Refused(new NerscFile(), path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<lx>2</lx>", "<lx>4</lx>", "contradicts itself")]
    [InlineData("<ly>2</ly>", "<ly>x</ly>", "<ly>x</ly>")]
    [InlineData("<lt>4</lt>", "<lq>4</lq>", "not all")]
    [InlineData("<precision>32</precision>", "<precision>64</precision>", "both single and double")]
    [InlineData("<precision>32</precision>", "<precision>16</precision>", "32 or 64")]
    [InlineData("<precision>F</precision>", "<precision>D</precision>", "both single and double")]
    [InlineData("<field>su3gauge</field>", "<field>su2gauge</field>", "3 colours")]
    [InlineData("<field>su3gauge</field>", "<field>u(1)gaug</field>", "holds the field 'u(1)gaug'")]
    [InlineData("<volfmt>0</volfmt>", "<volfmt>1</volfmt>", "one part of a file")]
    [InlineData("<version>1.0</version><field>", "<rows>000000005</rows><field>", "<rows>5</rows>")]
    [InlineData("<suma>", "<sumx>", "no readable suma")]
    [InlineData("</suma>", "12345678", "no readable suma")]
    [InlineData("<dims>2 2 2 4 ", "<dims>4 2 2 2 ", "contradicts itself")]
    [InlineData("<dims>2 2 2 4 ", "<dims>2 2 2   ", "contradicts itself")]
    [InlineData("ildg-binary-data", "ildg-binary-dato", "neither a record")]
    [InlineData("scidac-record-xml", "ildg-binary-data\0", "bytes of links")]
    public void An_ILDG_description_that_lies_is_refused(string text, string replacement, string complaint)
    {
        string path = Written(new IldgFile(), Precision.Single);
        byte[] bytes = File.ReadAllBytes(path);
        int at = Find(bytes, text);
        Encoding.ASCII.GetBytes(replacement, bytes.AsSpan(at));
        File.WriteAllBytes(path, bytes);
        Assert.Contains(complaint, Refused(new IldgFile(), path), StringComparison.Ordinal);
    }

    [Fact]
    public void Extents_in_another_order_are_found_by_the_plaquette()
    {
        string path = Written(new IldgFile(), Precision.Double);
        Replace(path, "<dims>2 2 2 4 ", "<dims>4 2 2 2 ");
        Replace(path, "<lx>2</lx><ly>2</ly><lz>2</lz><lt>4</lt>", "<lx>4</lx><ly>2</ly><lz>2</lz><lt>2</lt>");
        Assert.Contains("which its links have on 2x2x2x4: the extents 4x2x2x2 (x, y, z, t) are in another order", Refused(new IldgFile(), path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(1UL << 40)]
    [InlineData(100_000UL)]
    public void A_LIME_record_longer_than_its_file_is_refused(ulong length)
    {
        string path = Written(new IldgFile(), Precision.Double);
        byte[] bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), length);
        File.WriteAllBytes(path, bytes);
        Assert.Contains($"claims {length} bytes", Refused(new IldgFile(), path), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_are_not_in_the_group_are_refused()
    {
        var good = GaugeSamples.Random(3, seed: 2, 2, 2, 2, 2);
        string path = scratch.At("phases.nersc");
        new NerscFile().Write(path, new(good.Lattice, 3, [.. good.Links.Select((part, at) => at < good.NumbersPerLink ? -part : part)]));
        Assert.Contains("determinant other than 1", Refused(new NerscFile(), path), StringComparison.Ordinal);
        path = scratch.At("smeared.nersc");
        new NerscFile().Write(path, new(good.Lattice, 3, [.. good.Links.Select((part, at) => at == 30 ? part + 0.01 : part)]));
        Assert.Contains("not unitary", Refused(new NerscFile(), path), StringComparison.Ordinal);
        path = scratch.At("nan.nersc");
        new NerscFile().Write(path, new(good.Lattice, 3, [.. good.Links.Select((part, at) => at == 30 ? double.NaN : part)]));
        Assert.Contains("not unitary", Refused(new NerscFile(), path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_minimal_header_is_enough()
    {
        string path = Written(new NerscFile(), Precision.Double);
        double[] links = new NerscFile().Read(path).Configuration.Links;
        string[] optional =
        [
            "HDR_VERSION", "STORAGE_FORMAT", "LINK_TRACE", "PLAQUETTE", "BOUNDARY_1", "BOUNDARY_2", "BOUNDARY_3", "BOUNDARY_4", "ENSEMBLE_ID", "ENSEMBLE_LABEL",
            "SEQUENCE_NUMBER", "CREATOR", "CREATOR_HARDWARE", "CREATION_DATE", "ARCHIVE_DATE",
        ];
        byte[] bytes = File.ReadAllBytes(path);
        int end = Find(bytes, "END_HEADER");
        string[] lines = Encoding.ASCII.GetString(bytes[..end]).Split('\n');
        var kept = lines.Where(line => !optional.Any(key => line.StartsWith(key + " ", StringComparison.Ordinal)));
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes(string.Join("\n", kept)), .. bytes[end..]]);
        var file = new NerscFile().Read(path);
        Assert.Equal(links, file.Configuration.Links);
        Assert.Equal(2, file.Warnings.Count);

        // As Grid writes: two spaces, an empty value, a padded checksum, a byte order left out.
        Replace(path, "CHECKSUM = ", "STORAGE_FORMAT = \nCHECKSUM =   ");
        Replace(path, "IEEE64BIG", "IEEE64");
        Assert.Equal(links, new NerscFile().Read(path).Configuration.Links);
    }

    [Fact]
    public void A_bare_field_is_read_with_extents_from_the_user()
    {
        string path = scratch.At("bare.lime");
        byte[] bytes = File.ReadAllBytes(Written(new IldgFile(), Precision.Double));
        double[] links = new IldgFile().Read(scratch.At("written")).Configuration.Links;
        int header = Find(bytes, "ildg-binary-data") - 16, length = 2 * 2 * 2 * 4 * 4 * 18 * 8;
        File.WriteAllBytes(path, bytes[header..(header + 144 + length)]);
        Assert.Contains("does not state its extents", Refused(new IldgFile(), path), StringComparison.Ordinal);
        var file = new IldgFile().Read(path, new() { Extents = [2, 2, 2, 4] });
        Assert.Equal(links, file.Configuration.Links);
        Assert.Equal(3, file.Warnings.Count);
        Assert.Contains(file.Warnings, warning => warning.Contains("no scidac checksum", StringComparison.Ordinal));
        Assert.Throws<StorageException>(() => new IldgFile().Read(path, new() { Extents = [2, 2, 2, 5] }));
    }

    [Fact]
    public void Files_of_no_format_are_named()
    {
        string path = scratch.At("text");
        File.WriteAllText(path, "neither");
        Assert.Contains("no known gauge file format", Assert.Throws<StorageException>(() => GaugeFileFormats.Detect(path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<StorageException>(() => GaugeFileFormats.Detect(scratch.At("nothing"))).Message, StringComparison.Ordinal);
        Assert.All(GaugeFileFormats.All, format => Assert.Contains("does not exist", Refused(format, scratch.At("nothing")), StringComparison.Ordinal));
    }

    /// <summary>SU(3) on 2×2×2×4 (x, y, z, t).</summary>
    private string Written(IGaugeFileFormat format, Precision precision)
    {
        string path = scratch.At("written");
        format.Write(path, GaugeSamples.Random(3, seed: 5, 4, 2, 2, 2), new() { Precision = precision });
        return path;
    }

    private static string Refused(IGaugeFileFormat format, string path)
    {
        var fault = Assert.Throws<StorageException>(() => format.Read(path));
        Assert.Equal((StorageException.Corrupt, path), (fault.ExitCode, fault.File));
        return fault.Message;
    }

    /// <summary>Whether a cut leaves the field whole: only the checksum is missing then, and that is a warning.</summary>
    private static bool IsWholeRecords(byte[] original, int length)
        => length == Find(original, "scidac-checksum") - 16;

    private static void Replace(string path, string text, string replacement)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = Find(bytes, text);
        File.WriteAllBytes(path, [.. bytes[..at], .. Encoding.ASCII.GetBytes(replacement), .. bytes[(at + text.Length)..]]);
    }

    private static int Find(byte[] bytes, string text)
    {
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        return at >= 0 ? at : throw new InvalidOperationException($"no '{text}' in the file");
    }
}
