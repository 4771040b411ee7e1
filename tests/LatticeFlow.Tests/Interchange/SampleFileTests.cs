using System.Globalization;
using LatticeFlow.Compute;
using LatticeFlow.Interchange;

namespace LatticeFlow.Tests;

/// <summary>Files that other codes wrote.</summary>
public class SampleFileTests
{
    /// <summary>Half a unit in the tenth digit, which is the last one in the header.</summary>
    private const double LastDigit = 0.5e-10;

    /// <summary>One configuration in two files: only the third rows differ, by the re-unitarisation of their writer.</summary>
    private const double Reunitarised = 1e-15;

    /// <summary>Sums of some 10⁵ terms of order 1 in another order.</summary>
    private const double Rounding = 1e-13;

    [Fact]
    public void The_NERSC_sample_has_the_plaquette_and_link_trace_of_its_header()
    {
        var file = GaugeFileFormats.Detect(GaugeSamples.Nersc).Read(GaugeSamples.Nersc);
        Assert.Equal([4, 8, 8, 8], file.Configuration.Lattice.Extents);
        Assert.Equal((3, Precision.Double), (file.Configuration.N, file.Precision));
        Assert.Equal("b379560a", file.Properties["CHECKSUM"]);
        Assert.Equal(0.5038664469, file.Plaquette, LastDigit);
        Assert.Equal(0.005406083858, file.LinkTrace, LastDigit);
        Assert.Empty(file.Warnings);
    }

    [Fact]
    public void The_ILDG_sample_is_the_same_configuration()
    {
        var nersc = new NerscFile().Read(GaugeSamples.Nersc).Configuration;
        var file = GaugeFileFormats.Detect(GaugeSamples.Ildg).Read(GaugeSamples.Ildg);
        Assert.Equal(nersc.Lattice, file.Configuration.Lattice);
        Assert.Equal(Precision.Double, file.Precision);
        Assert.All(nersc.Links.Zip(file.Configuration.Links), pair => Assert.Equal(pair.First, pair.Second, Reunitarised));
        Assert.StartsWith("states no plaquette", Assert.Single(file.Warnings), StringComparison.Ordinal);
        Assert.Equal("mc://ldg///_s008t04_b0336000/ildg_s008t04_b0336000", file.Properties["ildg-data-lfn"]);
    }

    [Fact]
    public void The_MILC_sample_in_single_precision_is_read()
    {
        var file = GaugeFileFormats.Detect(GaugeSamples.Milc).Read(GaugeSamples.Milc);
        Assert.Equal([4, 4, 4, 4], file.Configuration.Lattice.Extents);
        Assert.Equal(Precision.Single, file.Precision);
        Assert.Contains("beta11 = 7.000000", file.Properties["scidac-record-xml"], StringComparison.Ordinal);
        Assert.StartsWith("states no plaquette", Assert.Single(file.Warnings), StringComparison.Ordinal);
        Assert.Equal(IndependentReader.Ildg(GaugeSamples.Milc).MeanPlaquette(), file.Plaquette, Rounding);
    }

    [Fact]
    public void The_independent_reader_confirms_what_the_samples_state()
    {
        var nersc = IndependentReader.Nersc(GaugeSamples.Nersc);
        Assert.Equal(uint.Parse(nersc.Header["CHECKSUM"], NumberStyles.HexNumber, CultureInfo.InvariantCulture), nersc.WordSum());
        Assert.Equal(0.5038664469, nersc.MeanPlaquette(), LastDigit);
        Assert.Equal(0.005406083858, nersc.LinkTrace(), LastDigit);
        Assert.Equal((0x10d0ea1au, 0xa6a1b3b8u), IndependentReader.Ildg(GaugeSamples.Ildg).ScidacSums());
        Assert.Equal((0x37affb9cu, 0x2fc07bbfu), IndependentReader.Ildg(GaugeSamples.Milc).ScidacSums());
    }

    // Extents 8, 8, 8, 4: time is the one that differs, and the planes with it.
    [Fact]
    public void Directions_are_mapped_plane_by_plane()
    {
        var foreign = IndependentReader.Nersc(GaugeSamples.Nersc);
        var configuration = new NerscFile().Read(GaugeSamples.Nersc).Configuration;
        for (int d = 0; d < 4; d++)
        {
            for (int e = d + 1; e < 4; e++)
            {
                double expected = foreign.Plaquette(d, e);
                Assert.Equal(expected, GaugeMeasurement.MeanPlaquette(configuration, ForeignOrder.Direction(d), ForeignOrder.Direction(e)), Rounding);
                Assert.Equal(expected, GaugeMeasurement.MeanPlaquette(configuration, ForeignOrder.Direction(e), ForeignOrder.Direction(d)), Rounding);
            }
        }
    }
}
