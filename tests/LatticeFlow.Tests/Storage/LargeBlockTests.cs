using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Arrays that the HDF5 library does not write itself, and states that leave their configurations to the rows of a segment.</summary>
public class LargeBlockTests
{
    [Theory]
    [InlineData("U1")]
    [InlineData("SU3")]
    [InlineData("scalar")]
    public void Deferred_arrays_are_where_the_library_would_have_written_them(string group)
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header(group, 2, 3);
        var block = StorageSamples.Block(header, 3);
        var state = new ChainState { RngCounter = 5, FieldRows = 2, Sections = new StateSections().Set("numbers", [1.5, 2.5]).Set("counts", [1L, 2]).Set("floats", [1f]).Set("bytes", [(byte)7]).Set("text", "β") };
        foreach (int threshold in new[] { 0, int.MaxValue })
        {
            string path = scratch.At($"{threshold}.h5");
            using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                var deferred = new DeferredData { Threshold = threshold };
                SegmentFile.Compose(header, block, state, deferred).Write(stream, SegmentFile.Options());
                deferred.Fill(stream);
            }

            using var source = Hdf5Source.Open(path, File.OpenRead(path));
            StorageSamples.AssertSame(block, SegmentFile.Read(source, HeaderAttributes.Read(source), 3, withField: true));
            var read = SegmentFile.ReadState(source, header);
            Assert.Equal((5UL, 2), (read.RngCounter, read.FieldRows));
            Assert.Equal([1.5, 2.5], read.Sections.GetDoubles("numbers"));
            Assert.Equal([1L, 2], read.Sections.GetLongs("counts"));
            Assert.Equal([1f], read.Sections.GetFloats("floats"));
            Assert.Equal([7], read.Sections.GetBytes("bytes"));
            Assert.Equal("β", read.Sections.GetText("text"));
            Assert.Equal(block.Field[(block.Field.Length / 3)..], read.Sections.GetDoubles(StateSections.LastRows));
        }
    }

    [Fact]
    public void A_state_does_not_claim_more_rows_than_there_are()
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("U1", 2, 3);
        using (var writer = EnsembleWriter.Create(scratch.Path, header))
            writer.Append(StorageSamples.Block(header, 3), new() { RngCounter = 1, FieldRows = 4 });
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleReader.Open(scratch.Path).ReadState(0)).ExitCode);
    }

    [Fact]
    public void A_segment_of_several_pieces_is_read_from_the_file()
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("SU3", 24, 24, 24);
        var block = StorageSamples.Block(header, 3);
        Assert.True(block.Field.LongLength * sizeof(double) > Hdf5Bytes.InMemory);
        using (var writer = EnsembleWriter.Create(scratch.Path, header))
            writer.Append(block, new() { RngCounter = 1, FieldRows = 1 });
        var reader = EnsembleReader.Open(scratch.Path);
        StorageSamples.AssertSame(block, reader.ReadSegment(0));
        Assert.Equal(block.Field[^(int)header.DoublesPerConfiguration..], reader.ReadState(0).Sections.GetDoubles(StateSections.LastRows));
        EnsembleExport.Write(reader, scratch.At("all.h5"));
        StorageSamples.AssertSame(block, EnsembleExport.Read(scratch.At("all.h5")).Block);
    }
}
