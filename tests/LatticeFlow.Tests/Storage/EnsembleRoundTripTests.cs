using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class EnsembleRoundTripTests
{
    [Theory]
    [InlineData("U1", 4, 3)]
    [InlineData("U1", 2, 3, 2, 2)]
    [InlineData("SU2", 2, 3)]
    [InlineData("SU3", 2, 2, 2, 3)]
    [InlineData("scalar", 4, 3)]
    [InlineData("scalar", 2, 3, 1, 2)]
    public void What_was_appended_is_read_back_exactly(string group, params int[] extents)
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header(group, extents);
        StorageSamples.Write(scratch.Path, header, segments: 3);

        var reader = EnsembleReader.Open(scratch.Path);
        Assert.Null(header.FirstDifference(reader.Header));
        Assert.Equal((header.Device, header.Version, header.Commit), (reader.Header.Device, reader.Header.Version, reader.Header.Commit));
        Assert.Equal(9, reader.Count);
        int index = 0;
        foreach (var block in reader.Blocks())
            StorageSamples.AssertSame(StorageSamples.Block(header, 3, 3 * index++), block);
        Assert.Equal(3, index);
        reader.VerifyAll();
        Assert.Equal(reader.ReadSegment(1).Field, reader.ReadField(1));
        Assert.Empty(reader.ReadSegment(1, withField: false).Field);
        var state = reader.ReadState(2);
        Assert.Equal(2UL, state.RngCounter);
        Assert.Equal(2L, state.Sections.GetLong("step"));
        Assert.Equal([1.5, 2], state.Sections.GetDoubles("field"));
    }

    [Fact]
    public void Hamiltonian_columns_take_the_place_of_flow_columns()
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("U1", 3, 3);
        var block = StorageSamples.Block(header, 4, flow: false);
        using (var writer = EnsembleWriter.Create(scratch.Path, header))
        {
            writer.Append(block, StorageSamples.State(0));
            Assert.Throws<ArgumentException>(() => writer.Append(StorageSamples.Block(header, 4, 4, flow: true), StorageSamples.State(1)));
            writer.Append(StorageSamples.Block(header, 2, 4, flow: false), StorageSamples.State(1)); // a refused block leaves the writer usable
        }

        var reader = EnsembleReader.Open(scratch.Path);
        StorageSamples.AssertSame(block, reader.ReadSegment(0));
        Assert.Equal(6, reader.ReadColumn("delta_h").Sum(chain => chain.Length));
        Assert.Contains("log_q", Assert.Throws<StorageException>(() => reader.ReadColumn("log_q")).Message);
    }

    [Fact]
    public void Columns_come_per_replica_and_ordered_by_step()
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("U1", 2, 2);
        var block = StorageSamples.Block(header, 6);
        block.Replica.AsSpan().Clear();
        new long[] { 5, 3, 1, 0, 2, 4 }.CopyTo(block.Step, 0);
        using (var writer = EnsembleWriter.Create(scratch.Path, header))
        {
            writer.Append(block, StorageSamples.State(0));
            writer.Append(StorageSamples.Block(header, 4, first: 18), StorageSamples.State(1)); // replicas 0, 1, 2, 0 at steps 6, 6, 6, 7
        }

        var reader = EnsembleReader.Open(scratch.Path);
        double[][] plaquette = reader.ReadColumn("plaquette");
        Assert.Equal([0.03, 0.02, 0.04, 0.01, 0.05, 0.00, 0.18, 0.21], plaquette[0]);
        Assert.Equal([[0.19], [0.20]], plaquette[1..]);
        double[][] component = reader.ReadColumn("polyakov_re", component: 4);
        Assert.Equal(block.Observables["polyakov_re"].Values[(3 * 6) + 4], component[0][0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.ReadColumn("plaquette", component: 1));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public void Configuration_text_of_any_length_is_kept(int length)
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("U1", 2, 2) with { Config = "# " + new string('β', length / 2) + "\n" };
        StorageSamples.Write(scratch.Path, header, segments: 1);
        Assert.Equal(header.Config, EnsembleReader.Open(scratch.Path).Header.Config);
    }

    [Theory]
    [InlineData("U1")]
    [InlineData("SU2")]
    [InlineData("scalar")]
    public void Export_holds_all_segments_in_order(string group)
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header(group, 3, 2);
        StorageSamples.Write(scratch.At("hmc"), header, segments: 4);
        string path = scratch.At("all.h5");
        EnsembleExport.Write(EnsembleReader.Open(scratch.At("hmc")), path);

        var (stored, merged) = EnsembleExport.Read(path);
        Assert.Null(header.FirstDifference(stored));
        Assert.Equal(12, merged.Count);
        var blocks = Enumerable.Range(0, 4).Select(n => StorageSamples.Block(header, 3, 3 * n)).ToArray();
        Assert.Equal(blocks.SelectMany(block => block.Field), merged.Field);
        Assert.Equal(blocks.SelectMany(block => block.Action), merged.Action);
        Assert.Equal(blocks.SelectMany(block => block.LogQ!), merged.LogQ!);
        Assert.Equal(blocks.SelectMany(block => block.Accepted), merged.Accepted);
        Assert.Equal(blocks.SelectMany(block => block.Observables["polyakov_re"].Values), merged.Observables["polyakov_re"].Values);
        Assert.Equal([2, 3], merged.Observables["polyakov_re"].Shape);
        Assert.Equal(StorageException.Unusable, Assert.Throws<StorageException>(() => EnsembleExport.Write(EnsembleReader.Open(scratch.At("hmc")), path)).ExitCode);

        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleExport.Read(path)).ExitCode);
    }

    [Fact]
    public void Blocks_that_do_not_fit_the_header_are_refused_before_anything_is_written()
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("U1", 2, 2);
        using var writer = EnsembleWriter.Create(scratch.Path, header);
        var wrongLattice = StorageSamples.Block(StorageSamples.Header("U1", 2, 3), 1);
        Assert.Throws<ArgumentException>(() => writer.Append(wrongLattice, StorageSamples.State(0)));
        var outside = StorageSamples.Block(header, 1);
        outside.Field[3] = -Math.PI;
        Assert.Throws<ArgumentException>(() => writer.Append(outside, StorageSamples.State(0)));
        outside.Field[3] = double.NaN;
        Assert.Throws<ArgumentException>(() => writer.Append(outside, StorageSamples.State(0)));
        outside.Field[3] = Math.PI;
        writer.Append(outside, StorageSamples.State(0));
        Assert.Equal(1, writer.Count);
        Assert.Throws<ArgumentException>(() => EnsembleWriter.Create(scratch.At("x"), header with { Field = "G2" }));
        var scalar = StorageSamples.Header("scalar", 2, 2);
        using var sites = EnsembleWriter.Create(scratch.At("scalar"), scalar);
        Assert.Throws<ArgumentException>(() => sites.Append(StorageSamples.Block(header, 1), StorageSamples.State(0)));
        var infinite = StorageSamples.Block(scalar, 1);
        infinite.Field[2] = double.PositiveInfinity;
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => sites.Append(infinite, StorageSamples.State(0))).Message);
        infinite.Field[2] = 1e9;
        sites.Append(infinite, StorageSamples.State(0));
        var clash = header with { ActionParameters = new Dictionary<string, double> { ["seed"] = 1 } };
        Assert.Throws<ArgumentException>(() => EnsembleWriter.Create(scratch.At("x"), clash));
    }
}
