using System.Globalization;
using System.Text.RegularExpressions;
using LatticeFlow.Compute;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>What is written is read back, here and by the independent reader.</summary>
public class GaugeFileRoundTripTests
{
    /// <summary>Rounding of a third row that is computed from the first two.</summary>
    private const double ThirdRow = 1e-15;

    /// <summary>Half an ulp of a float below 1, and what it makes of a third row.</summary>
    private const double Single = 2e-7;

    /// <summary>Ten digits.</summary>
    private const double LastDigit = 0.5e-10;

    public static TheoryData<string, int, Precision, bool, bool> Variants
    {
        get
        {
            var variants = new TheoryData<string, int, Precision, bool, bool>();
            foreach (var precision in new[] { Precision.Single, Precision.Double })
            {
                foreach (int n in new[] { 2, 3, 4 })
                {
                    variants.Add("ildg", n, precision, false, false);
                    foreach (bool littleEndian in new[] { false, true })
                    {
                        variants.Add("nersc", n, precision, false, littleEndian);
                        if (n == 3)
                            variants.Add("nersc", n, precision, true, littleEndian);
                    }
                }
            }

            return variants;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_variant_comes_back_here_and_elsewhere(string name, int n, Precision precision, bool twoRows, bool littleEndian)
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("configuration");
        var original = GaugeSamples.Random(n, seed: 11, 5, 4, 3, 2);
        var format = GaugeFileFormats.ByName(name)!;
        format.Write(path, original, new() { Precision = precision, TwoRows = twoRows, LittleEndian = littleEndian, SequenceNumber = 42, EnsembleLabel = "b<6 & more" });

        Assert.Same(format, GaugeFileFormats.Detect(path));
        var file = format.Read(path);
        Assert.Empty(file.Warnings);
        Assert.Equal(precision, file.Precision);
        Assert.Equal(original.Lattice, file.Configuration.Lattice);
        double tolerance = precision == Precision.Single ? Single : twoRows ? ThirdRow : 0;
        Assert.All(original.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, tolerance));

        // Every link where its description says, extents 2, 3, 4, 5 in x, y, z, t.
        var foreign = name == "nersc" ? IndependentReader.Nersc(path) : IndependentReader.Ildg(path);
        Assert.Equal([2, 3, 4, 5], foreign.L);
        Assert.Equal(precision == Precision.Double ? 8 : 4, foreign.RealBytes);
        foreach (int[] s in foreign.Coordinates())
        {
            int site = original.Lattice.Site(s[3], s[2], s[1], s[0]);
            for (int d = 0; d < 4; d++)
            {
                var expected = original.Link(site, 3 - d);
                var actual = foreign.Link(s, d);
                for (int entry = 0; entry < n * n; entry++)
                {
                    Assert.Equal(expected[2 * entry], actual[entry / n, entry % n].Real, tolerance);
                    Assert.Equal(expected[(2 * entry) + 1], actual[entry / n, entry % n].Imaginary, tolerance);
                }
            }
        }

        AssertStatements(name, foreign, precision == Precision.Single ? Single : LastDigit);
    }

    [Fact]
    public void A_NERSC_header_has_every_key()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("configuration.nersc");
        new NerscFile().Write(path, GaugeSamples.Random(3, seed: 3, 2, 2, 2, 2), new() { SequenceNumber = 7, EnsembleId = "id", EnsembleLabel = "a label" });
        var header = IndependentReader.Nersc(path).Header;
        string[] keys =
        [
            "HDR_VERSION", "DATATYPE", "STORAGE_FORMAT", "DIMENSION_1", "DIMENSION_2", "DIMENSION_3", "DIMENSION_4", "LINK_TRACE", "PLAQUETTE", "BOUNDARY_1", "BOUNDARY_2",
            "BOUNDARY_3", "BOUNDARY_4", "CHECKSUM", "ENSEMBLE_ID", "ENSEMBLE_LABEL", "SEQUENCE_NUMBER", "CREATOR", "CREATOR_HARDWARE", "CREATION_DATE", "ARCHIVE_DATE", "FLOATING_POINT",
        ];
        Assert.Equal(keys, header.Keys);
        Assert.All(header.Values, value => Assert.NotEqual("", value));
        Assert.Equal(("7", "id", "a label"), (header["SEQUENCE_NUMBER"], header["ENSEMBLE_ID"], header["ENSEMBLE_LABEL"]));
    }

    [Fact]
    public void The_samples_survive_a_change_of_format_to_the_bit()
    {
        using var scratch = new ScratchDirectory();
        var links = new IldgFile().Read(GaugeSamples.Milc).Configuration.Links;
        new NerscFile().Write(scratch.At("a.nersc"), new IldgFile().Read(GaugeSamples.Milc).Configuration, new() { Precision = Precision.Single });
        new IldgFile().Write(scratch.At("b.ildg"), new NerscFile().Read(scratch.At("a.nersc")).Configuration, new() { Precision = Precision.Single });
        Assert.Equal(links, new IldgFile().Read(scratch.At("b.ildg")).Configuration.Links);
        Assert.Equal(IndependentReader.Ildg(GaugeSamples.Milc).ScidacSums(), IndependentReader.Ildg(scratch.At("b.ildg")).ScidacSums());
    }

    [Fact]
    public void What_a_format_cannot_hold_is_refused()
    {
        using var scratch = new ScratchDirectory();
        foreach (var format in GaugeFileFormats.All.Where(format => format.IsWritten))
            Refused("four-dimensional", () => format.Write(scratch.At("x"), GaugeSamples.Random(3, seed: 1, 4, 4)));
        Refused("two rows", () => new NerscFile().Write(scratch.At("x"), GaugeSamples.Random(2, seed: 1, 2, 2, 2, 2), new() { TwoRows = true }));
        Refused("whole matrices", () => new IldgFile().Write(scratch.At("x"), GaugeSamples.Random(3, seed: 1, 2, 2, 2, 2), new() { TwoRows = true }));
        Refused("exists already", () => new IldgFile().Write(GaugeSamples.Ildg, GaugeSamples.Random(3, seed: 1, 2, 2, 2, 2)));
        Assert.Throws<ArgumentException>(() => new NerscFile().Write(scratch.At("x"), GaugeSamples.Random(3, seed: 1, 2, 2, 2, 2), new() { EnsembleLabel = "two\nlines" }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.Path));

        static void Refused(string what, Action write)
        {
            var refusal = Assert.Throws<StorageException>(write);
            Assert.Equal(StorageException.Unusable, refusal.ExitCode);
            Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertStatements(string name, IndependentReader foreign, double tolerance)
    {
        if (name == "nersc")
        {
            Assert.Equal(foreign.WordSum().ToString("x8", CultureInfo.InvariantCulture), foreign.Header["CHECKSUM"]);
            Assert.Equal(foreign.MeanPlaquette(), double.Parse(foreign.Header["PLAQUETTE"], CultureInfo.InvariantCulture), tolerance);
            Assert.Equal(foreign.LinkTrace(), double.Parse(foreign.Header["LINK_TRACE"], CultureInfo.InvariantCulture), tolerance);
            return;
        }

        var (a, b) = foreign.ScidacSums();
        Assert.Contains($"<suma>{a:x}</suma><sumb>{b:x}</sumb>", foreign.Header["scidac-checksum"], StringComparison.Ordinal);
        string stated = Regex.Match(foreign.Header["scidac-record-xml"], "<plaq>(.*)</plaq>").Groups[1].Value;
        Assert.Equal(foreign.MeanPlaquette(), double.Parse(stated, CultureInfo.InvariantCulture), tolerance);
        Assert.Equal(
            ["scidac-private-file-xml", "scidac-file-xml", "scidac-private-record-xml", "scidac-record-xml", "ildg-format", "ildg-data-lfn", "scidac-checksum"], foreign.Header.Keys);
    }
}
