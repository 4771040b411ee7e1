using System.Buffers.Binary;
using System.Globalization;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>What ILDG files state about their plaquette, and extents in another order.</summary>
public sealed class StatedPlaquetteTests : IDisposable
{
    private readonly ScratchDirectory scratch = new();
    private readonly GaugeConfiguration links = GaugeSamples.Random(3, seed: 41, 2, 2, 2, 4);

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void An_xlf_info_that_agrees_is_taken_and_names_the_trajectory()
    {
        string path = Ildg($"plaquette = {Number(GaugeMeasurement.MeanPlaquette(links))}\n trajectory nr = 1340\n beta = 3.900000, kappa = 0.160856\n");
        Assert.DoesNotContain(new IldgFile().Read(path).Warnings, warning => warning.StartsWith("states no plaquette", StringComparison.Ordinal));
        Assert.Equal(1340, new IldgFile().Entries(path)[0].Number);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(double.NaN)]
    public void An_xlf_info_that_contradicts_the_links_fails(double difference)
    {
        string path = Ildg($"plaquette = {Number(GaugeMeasurement.MeanPlaquette(links) + difference)}\n trajectory nr = 1\n");
        var fault = Assert.Throws<StorageException>(() => new IldgFile().Read(path));
        Assert.Equal(StorageException.Corrupt, fault.ExitCode);
        Assert.Contains("xlf-info", fault.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CorruptData, CommandRun.Invoke("import", path, "--to", scratch.At("run")).Code);
    }

    [Fact]
    public void An_ILDG_file_without_plaquette_is_told()
    {
        var (code, _, error) = CommandRun.Invoke("import", Ildg(null), "--to", scratch.At("run"));
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("states no plaquette, so the order of its extents, sites and directions could not be checked by it", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Extents_in_another_order_are_told_where_no_plaquette_is_stated()
    {
        // The checksum of MILC's file does not cover its extents.
        string path = scratch.At("milc");
        byte[] bytes = File.ReadAllBytes(GaugeSamples.MilcBigEndian);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), 8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), 4);
        File.WriteAllBytes(path, bytes);
        Assert.Contains(new MilcFile().Read(path).Warnings, warning => warning.EndsWith("0.569056 with 4x4x4x8 (x, y, z, t): they are probably in that order", StringComparison.Ordinal));
        Assert.DoesNotContain(new MilcFile().Read(GaugeSamples.MilcBigEndian).Warnings, warning => warning.Contains("probably", StringComparison.Ordinal));
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>As tmLQCD writes: xlf-info before ildg-format and the data, each a message of its own.</summary>
    private string Ildg(string? xlf)
    {
        string path = scratch.At("config.lime");
        using var stream = File.Create(path);
        var writer = new LimeWriter(stream);
        if (xlf is not null)
            writer.Write("xlf-info", xlf, endsMessage: true);
        writer.Write("ildg-format", "<ildgFormat><version>1.0</version><field>su3gauge</field><precision>64</precision><lx>4</lx><ly>2</ly><lz>2</lz><lt>2</lt></ildgFormat>", endsMessage: true);
        byte[] data = new ForeignFiles(links).IldgData();
        writer.Write("ildg-binary-data", data.Length, endsMessage: true, target => target.Write(data));
        return path;
    }
}
