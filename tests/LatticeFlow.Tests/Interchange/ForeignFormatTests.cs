using System.Text;
using LatticeFlow.Compute;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Formats of other codes beyond NERSC and ILDG: files made from their descriptions are read to the bit, and files written here are what those descriptions say.</summary>
public sealed class ForeignFormatTests : IDisposable
{
    /// <summary>Sums of some 10³ terms of order 1 in another order.</summary>
    private const double Rounding = 1e-13;

    /// <summary>A link in float is rounded by 6e-8.</summary>
    private const double Single = 1e-6;

    private readonly ScratchDirectory scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_samples_of_MILC_in_both_byte_orders_have_their_plaquettes()
    {
        var big = Detected(GaugeSamples.MilcBigEndian, "milc");
        Assert.Equal([8, 4, 4, 4], big.Configuration.Lattice.Extents);
        Assert.Equal(0.5690557, big.Plaquette, 5e-8);
        Assert.Equal(new ForeignFiles(big.Configuration).Plaquette(), big.Plaquette, Rounding);
        var little = Detected(GaugeSamples.MilcLittleEndian, "milc");
        Assert.Equal([4, 4, 4, 4], little.Configuration.Lattice.Extents);
        Assert.Equal(0.5948502, little.Plaquette, 5e-8);
        Assert.Contains("Thu Feb 12 13:40:21 1998", little.Properties["time_stamp"], StringComparison.Ordinal);

        // MILC wrote the same configuration through QIO.
        Assert.Equal(Detected(GaugeSamples.Milc, "ildg").Configuration.Links, little.Configuration.Links);
    }

    [Fact]
    public void The_NERSC_file_of_MILC_is_read()
    {
        var file = Detected(GaugeSamples.MilcNersc, "nersc");
        Assert.Equal((3, Precision.Single), (file.Configuration.N, file.Precision));
        Assert.Equal(0.5985455591, file.Plaquette, Single);
        Assert.Empty(file.Warnings);
        Assert.Contains("END", file.Properties["MILC_INFO"], StringComparison.Ordinal);
        Assert.Equal(new("", null), new NerscFile().Entries(GaugeSamples.MilcNersc)[0] with { Label = "", Number = null });
        Assert.Equal(1, new NerscFile().Entries(GaugeSamples.MilcNersc)[0].Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MILC_files_are_read(bool bigEndian)
    {
        var links = GaugeSamples.Random(3, seed: 11, 4, 3, 2, 2);
        var foreign = new ForeignFiles(links);
        var file = Detected(Stored("config", foreign.Milc(bigEndian)), "milc");
        Assert.Equal(links.Lattice, file.Configuration.Lattice);
        Assert.Equal(links.Links.Select(part => (double)(float)part), file.Configuration.Links);
        Assert.Equal(foreign.Plaquette(), file.Plaquette, Single);
    }

    [Fact]
    public void OpenQCD_files_are_read()
    {
        var links = GaugeSamples.Random(3, seed: 12, 4, 6, 2, 2);
        var foreign = new ForeignFiles(links);
        var file = Detected(Stored("config", foreign.OpenQcd()), "openqcd");
        Assert.Equal(links.Lattice, file.Configuration.Lattice);
        Assert.Equal(links.Links, file.Configuration.Links);
        Assert.Equal(foreign.Plaquette(), file.Plaquette, Rounding);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void HiRep_files_are_read(int n)
    {
        var links = GaugeSamples.Random(n, seed: 13, 3, 2, 2, 4);
        var foreign = new ForeignFiles(links);
        var file = Detected(Stored("config", foreign.HiRep()), "hirep");
        Assert.Equal(links.Lattice, file.Configuration.Lattice);
        Assert.Equal(links.Links, file.Configuration.Links);
        Assert.Equal(foreign.Plaquette(), file.Plaquette, Rounding);
        Assert.Equal(StorageException.Unusable, Assert.Throws<StorageException>(() => ((IGaugeFileFormat)new HiRepFile()).Write(scratch.At("new"), links)).ExitCode);
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(3, 2, false)]
    [InlineData(4, 3, true)]
    [InlineData(5, 4, true)]
    public void Rows_that_are_left_out_follow_from_the_others(int n, int rows, bool isDouble)
    {
        var links = GaugeSamples.Random(n, seed: 14, 2, 2, 3, 2);
        var foreign = new ForeignFiles(links);
        string header = $"BEGIN_HEADER\nDATATYPE = 4D_SU{n}_GAUGE\nDIMENSION_1 = 2\nDIMENSION_2 = 3\nDIMENSION_3 = 2\nDIMENSION_4 = 2\nCHECKSUM = {{checksum}}\nPLAQUETTE = {{plaquette}}\nFLOATING_POINT = IEEE{(isDouble ? 64 : 32)}BIG\nEND_HEADER\n";
        var file = Detected(Stored("config", foreign.Nersc(header, rows, isDouble)), "nersc");
        Assert.Equal(n, file.Configuration.N);
        Assert.All(links.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, isDouble ? 1e-13 : Single));
        Assert.Equal(foreign.Plaquette(), file.Plaquette, isDouble ? 1e-9 : Single);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void NERSC_headers_with_CRLF_without_FLOATING_POINT_and_with_bytes_behind_the_links_are_read(bool isDouble, bool crlf)
    {
        var links = GaugeSamples.Random(3, seed: 15, 2, 2, 2, 2);
        string header = "BEGIN_HEADER\nDATATYPE = 4D_SU3_GAUGE_3x3\nDIMENSION_1 = 2\nDIMENSION_2 = 2\nDIMENSION_3 = 2\nDIMENSION_4 = 2\nCHECKSUM = {checksum}\nPLAQUETTE = {plaquette}\nMILC_INFO = a\nMILC_INFO = b\nEND_HEADER\n";
        if (crlf)
            header = header.Replace("\n", "\r\n", StringComparison.Ordinal);
        var file = Detected(Stored("config", new ForeignFiles(links).Nersc(header, 3, isDouble, [1, 2, 3])), "nersc");
        Assert.Equal(isDouble ? Precision.Double : Precision.Single, file.Precision);
        Assert.All(links.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, isDouble ? 0.0 : Single));
        Assert.Contains(file.Warnings, warning => warning == "has 3 bytes after its links, which were passed over");
        Assert.Equal("a\nb", file.Properties["MILC_INFO"]);
    }

    [Fact]
    public void SU2_without_description_is_read_with_its_extents_and_group()
    {
        var settings = new GaugeReadSettings { Extents = [4, 4, 4, 4] };
        var file = new IldgFile().Read(GaugeSamples.Su2, settings);
        Assert.Equal((2, Precision.Double), (file.Configuration.N, file.Precision));
        Assert.Equal(new ForeignFiles(file.Configuration).Plaquette(), file.Plaquette, Rounding);
        Assert.Contains(file.Warnings, warning => warning.StartsWith("states no group", StringComparison.Ordinal));
        Assert.DoesNotContain(new IldgFile().Read(GaugeSamples.Su2, settings with { N = 2 }).Warnings, warning => warning.StartsWith("states no group", StringComparison.Ordinal));
        Assert.Throws<StorageException>(() => new IldgFile().Read(GaugeSamples.Su2, settings with { N = 3 }));
        Assert.Equal(StorageException.Unusable, Assert.Throws<StorageException>(() => new NerscFile().Read(GaugeSamples.MilcNersc, new() { N = 2 })).ExitCode);
    }

    [Fact]
    public void A_SciDAC_file_with_several_records_holds_several_configurations()
    {
        var one = GaugeSamples.Random(3, seed: 16, 2, 2, 2, 2);
        var two = GaugeSamples.Random(3, seed: 17, 2, 2, 2, 2);
        string path = scratch.At("several.scidac");
        using (var stream = File.Create(path))
        {
            var writer = new LimeWriter(stream);
            writer.Write("scidac-private-file-xml", "<scidacFile><version>1.1</version><spacetime>4</spacetime><dims>2 2 2 2 </dims><volfmt>0</volfmt></scidacFile>", endsMessage: false);
            writer.Write("scidac-file-xml", "<title>several</title>", endsMessage: true);
            Field(writer, "QDP_D3_ColorMatrix", 4, new ForeignFiles(one));
            Field(writer, "QDP_D_Real", 1, new ForeignFiles(one));
            Field(writer, "QDP_D3_ColorMatrix", 4, new ForeignFiles(two));
        }

        var format = GaugeFileFormats.Detect(path);
        Assert.Equal(2, format.Entries(path).Count);
        Assert.Equal(one.Links, format.Read(path).Configuration.Links);
        var second = format.Read(path, entry: 1);
        Assert.Equal(two.Links, second.Configuration.Links);
        Assert.Equal(new ForeignFiles(two).Plaquette(), second.Plaquette, Rounding);
        Assert.Contains("holds 1 fields of another kind too, which were passed over", second.Warnings);

        // Both go into the ensemble, in their order.
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("import", path, "--to", scratch.At("run")).Code);
        var block = EnsembleReader.Open(scratch.At("run", "ensemble", "import")).ReadSegment(0);
        Assert.Equal([0L, 1L], block.Step);
        Assert.Equal([.. one.Links, .. two.Links], block.Field);
    }

    [Fact]
    public void Written_MILC_and_openQCD_files_are_what_their_descriptions_say()
    {
        var links = GaugeSamples.Random(3, seed: 18, 4, 2, 6, 2);
        foreach (bool little in new[] { false, true })
        {
            string path = scratch.At($"{little}.milc");
            new MilcFile().Write(path, links, new() { LittleEndian = little, Created = new(2001, 10, 10, 14, 27, 8, DateTimeKind.Utc) });
            byte[] expected = new ForeignFiles(links).Milc(bigEndian: !little), written = File.ReadAllBytes(path);
            Assert.StartsWith("Wed Oct 10 14:27:08 2001", Encoding.ASCII.GetString(written, 20, 64), StringComparison.Ordinal);
            expected.AsSpan(20, 64).CopyTo(written.AsSpan(20));
            Assert.Equal(expected, written);
        }

        string open = scratch.At("config.openqcd");
        new OpenQcdFile().Write(open, links);
        byte[] described = new ForeignFiles(links).OpenQcd(), stored = File.ReadAllBytes(open);
        Assert.Equal(BitConverter.ToDouble(described, 16), BitConverter.ToDouble(stored, 16), Rounding);
        described.AsSpan(16, 8).CopyTo(stored.AsSpan(16));
        Assert.Equal(described, stored);
    }

    [Fact]
    public void What_a_format_cannot_hold_is_refused_before_a_file_appears()
    {
        var su2 = GaugeSamples.Random(2, seed: 1, 2, 2, 2, 2);
        var odd = GaugeSamples.Random(3, seed: 1, 2, 3, 2, 2);
        string path = scratch.At("new");
        foreach (var refused in new Action[]
        {
            () => new MilcFile().Write(path, su2),
            () => new OpenQcdFile().Write(path, su2),
            () => new OpenQcdFile().Write(path, odd),
            () => new OpenQcdFile().Write(path, GaugeSamples.Random(3, seed: 1, 2, 2, 2, 2), new() { Precision = Precision.Single }),
            () => new MilcFile().Write(path, odd, new() { Precision = Precision.Double }),
        })
        {
            Assert.Equal(StorageException.Unusable, Assert.Throws<StorageException>(refused).ExitCode);
        }

        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void Open_boundaries_are_refused_in_words()
    {
        var links = GaugeSamples.Random(3, seed: 19, 4, 2, 2, 2);
        for (int site = 3 * 8; site < 4 * 8; site++)
            links.Links.AsSpan(links.Lattice.Link(site, 0) * 18, 18).Clear();
        var fault = Assert.Throws<StorageException>(() => new OpenQcdFile().Read(Stored("open", new ForeignFiles(links).OpenQcd())));
        Assert.Contains("has open boundaries in time", fault.Message, StringComparison.Ordinal);
        Assert.Equal(StorageException.Unusable, fault.ExitCode);
    }

    [Theory]
    [InlineData("milc")]
    [InlineData("openqcd")]
    [InlineData("hirep")]
    public void Damage_is_found_by_checksum_or_plaquette(string name)
    {
        var format = GaugeFileFormats.ByName(name)!;
        var foreign = new ForeignFiles(GaugeSamples.Random(3, seed: 20, 2, 2, 2, 2));
        byte[] good = name switch { "milc" => foreign.Milc(true), "openqcd" => foreign.OpenQcd(), _ => foreign.HiRep() };
        byte[] bad = [.. good];

        // Two entries of a matrix change places: all that a plaquette and a checksum can notice.
        bad.AsSpan(good.Length - 144, 48).CopyTo(bad.AsSpan(good.Length - 48));
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => format.Read(Stored("bad", bad))).ExitCode);
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => format.Read(Stored("short", good[..^8]))).ExitCode);
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => format.Read(Stored("shorter", good[..10]))).ExitCode);
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => GaugeFileFormats.Detect(Stored("shorter", good[..10])).Read(scratch.At("shorter"))).ExitCode);
    }

    private static GaugeFile Detected(string path, string format)
    {
        var found = GaugeFileFormats.Detect(path);
        Assert.Equal(format, found.Name);
        return found.Read(path);
    }

    private static void Field(LimeWriter writer, string datatype, int count, ForeignFiles links)
    {
        writer.Write("scidac-private-record-xml", $"<scidacRecord><version>1.0</version><datatype>{datatype}</datatype><precision>D</precision><colors>3</colors><datacount>{count}</datacount></scidacRecord>", endsMessage: false);
        writer.Write("scidac-record-xml", count == 4 ? $"<usqcdInfo><plaq>{links.Plaquette().ToString("R", System.Globalization.CultureInfo.InvariantCulture)}</plaq></usqcdInfo>" : "<info/>", endsMessage: false);
        byte[] data = count == 4 ? links.IldgData() : new byte[16 * 8];
        writer.Write("scidac-binary-data", data.Length, endsMessage: true, stream => stream.Write(data));
    }

    private string Stored(string name, byte[] bytes)
    {
        string path = scratch.At(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
