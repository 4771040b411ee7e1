using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class EnsembleRecoveryTests
{
    private static readonly EnsembleHeader Header = StorageSamples.Header("U1", 4, 4);

    [Fact]
    public void A_byte_order_mark_does_not_move_where_a_torn_manifest_is_cut()
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header("U1", 2, 2);
        StorageSamples.Write(scratch.Path, header, segments: 2);
        string manifest = scratch.At("manifest.jsonl");
        byte[] whole = [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(manifest)];
        File.WriteAllBytes(manifest, [.. whole, .. "{\"file\":"u8]);
        using (var writer = EnsembleWriter.Resume(scratch.Path, header))
            Assert.Equal(6, writer.Count);
        Assert.Equal(whole, File.ReadAllBytes(manifest));
        EnsembleReader.Open(scratch.Path).VerifyAll();
    }

    [Fact]
    public void Resume_continues_from_the_state_in_the_last_segment()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 2);
        using var writer = EnsembleWriter.Resume(scratch.Path, Header);
        Assert.Equal((2, 6L, 1UL), (writer.NextSegment, writer.Count, writer.State!.RngCounter));
        Assert.Empty(writer.Repairs);
        Assert.Equal(1L, writer.State.Sections.GetLong("step"));
    }

    [Fact]
    public void Stray_temporaries_are_removed_and_a_torn_manifest_line_is_dropped()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 2);
        byte[] manifest = File.ReadAllBytes(scratch.At("manifest.jsonl"));
        File.AppendAllText(scratch.At("manifest.jsonl"), "{\"file\":\"seg-000002.h5\",\"fi");
        File.WriteAllText(scratch.At(".seg-000002.h5.tmp"), "half a segment");

        Assert.Equal(6, EnsembleReader.Open(scratch.Path).Count); // a reader looks past both
        using (var writer = EnsembleWriter.Resume(scratch.Path, Header))
        {
            Assert.Equal(2, writer.NextSegment);
            Assert.Equal(2, writer.Repairs.Count);
        }

        Assert.False(File.Exists(scratch.At(".seg-000002.h5.tmp")));
        Assert.Equal(manifest, File.ReadAllBytes(scratch.At("manifest.jsonl")));
    }

    [Fact]
    public void A_segment_without_manifest_line_is_set_aside_and_repeated_bit_for_bit()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 3);
        byte[] segment = File.ReadAllBytes(scratch.At("seg-000002.h5")), manifest = File.ReadAllBytes(scratch.At("manifest.jsonl"));
        string[] lines = File.ReadAllLines(scratch.At("manifest.jsonl"));
        File.WriteAllText(scratch.At("manifest.jsonl"), string.Concat(lines.Take(2).Select(line => line + "\n")));

        using (var writer = EnsembleWriter.Resume(scratch.Path, Header))
        {
            Assert.Single(writer.Repairs);
            Assert.Equal(segment, File.ReadAllBytes(scratch.At("seg-000002.h5.unlisted")));
        }

        // Another crash at the same place, now with a file that differs: both are kept apart, and only the repeated one goes.
        File.WriteAllText(scratch.At("seg-000002.h5"), "something else");
        StorageSamples.Write(scratch.Path, Header, segments: 3, from: 2);
        Assert.Equal(segment, File.ReadAllBytes(scratch.At("seg-000002.h5")));
        Assert.False(File.Exists(scratch.At("seg-000002.h5.unlisted")));
        Assert.Equal("something else", File.ReadAllText(scratch.At("seg-000002.h5.unlisted-1")));
        Assert.Equal(manifest, File.ReadAllBytes(scratch.At("manifest.jsonl")));
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("truncate")]
    [InlineData("remove")]
    public void A_bad_last_segment_is_set_aside_never_deleted(string damage)
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 3);
        byte[] manifest = File.ReadAllBytes(scratch.At("manifest.jsonl"));
        Damage(scratch.At("seg-000002.h5"), damage);
        var fault = Assert.Throws<StorageException>(() => EnsembleReader.Open(scratch.Path).VerifyAll());
        Assert.EndsWith("seg-000002.h5", fault.File);
        Assert.Equal(StorageException.Corrupt, fault.ExitCode);

        using (var writer = EnsembleWriter.Resume(scratch.Path, Header))
            Assert.Equal((2, 1UL), (writer.NextSegment, writer.State!.RngCounter));
        Assert.Equal(damage != "remove", File.Exists(scratch.At("seg-000002.h5.corrupt")));
        StorageSamples.Write(scratch.Path, Header, segments: 3, from: 2);
        Assert.Equal(manifest, File.ReadAllBytes(scratch.At("manifest.jsonl")));
        EnsembleReader.Open(scratch.Path).VerifyAll();
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("truncate")]
    [InlineData("remove")]
    public void A_bad_segment_in_the_middle_is_an_error_and_nothing_is_touched(string damage)
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 3);
        Damage(scratch.At("seg-000001.h5"), damage);
        string[] before = Listing(scratch.Path);
        var fault = Assert.Throws<StorageException>(() => EnsembleWriter.Resume(scratch.Path, Header));
        Assert.EndsWith("seg-000001.h5", fault.File);
        Assert.Equal(StorageException.Corrupt, fault.ExitCode);
        Assert.Equal(before, Listing(scratch.Path));
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleReader.Open(scratch.Path).VerifyAll()).ExitCode);
    }

    [Fact]
    public void A_manifest_that_belongs_to_nothing_here_is_an_error()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 2);
        Damage(scratch.At("seg-000000.h5"), "flip");
        Damage(scratch.At("seg-000001.h5"), "flip");
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleWriter.Resume(scratch.Path, Header)).ExitCode);
        File.Delete(scratch.At("manifest.jsonl"));
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleWriter.Resume(scratch.Path, Header)).ExitCode);
        Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleReader.Open(scratch.Path)).ExitCode);
    }

    [Theory]
    [InlineData("{\"file\":1}")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"file\":\"seg-000009.h5\",\"first\":3,\"count\":3,\"bytes\":1,\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"rng_counter\":1}")]
    public void A_whole_manifest_line_that_is_wrong_is_an_error(string line)
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 1);
        File.AppendAllText(scratch.At("manifest.jsonl"), line + "\n");
        var fault = Assert.Throws<StorageException>(() => EnsembleReader.Open(scratch.Path));
        Assert.Equal(StorageException.Corrupt, fault.ExitCode);
        Assert.Contains("line 2", fault.Message);
    }

    [Fact]
    public void Another_ensemble_is_not_continued_and_an_existing_one_is_not_created_again()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 1);
        var other = Header with { ActionParameters = new Dictionary<string, double> { ["beta"] = 3, ["c1"] = -1.0 / 12 } };
        var fault = Assert.Throws<StorageException>(() => EnsembleWriter.Resume(scratch.Path, other));
        Assert.Contains("'beta'", fault.Message);
        Assert.Equal(StorageException.Unusable, fault.ExitCode);
        Assert.Equal(StorageException.Unusable, Assert.Throws<StorageException>(() => EnsembleWriter.Create(scratch.Path, Header)).ExitCode);
        using var moved = EnsembleWriter.Resume(scratch.Path, Header with { Device = "cuda", Version = "9" });
        Assert.Equal(1, moved.NextSegment);
    }

    [Fact]
    public void Two_writers_do_not_share_a_folder()
    {
        using var scratch = new ScratchDirectory();
        using var first = EnsembleWriter.Create(scratch.Path, Header);
        var fault = Assert.Throws<StorageException>(() => EnsembleWriter.Resume(scratch.Path, Header));
        Assert.Equal(StorageException.Unusable, fault.ExitCode);
        Assert.Contains("in use", fault.Message);
        first.Append(StorageSamples.Block(Header, 3), StorageSamples.State(0));
        Assert.Equal(3, EnsembleReader.Open(scratch.Path).Count); // readers are not kept out
    }

    [Fact]
    public void Damage_that_comes_after_a_reader_was_opened_is_found()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, Header, segments: 2);
        var reader = EnsembleReader.Open(scratch.Path);
        reader.ReadColumn("plaquette");
        string path = scratch.At("seg-000001.h5");
        var written = File.GetLastWriteTimeUtc(path);
        Damage(path, "flip");
        File.SetLastWriteTimeUtc(path, written.AddSeconds(1));
        Assert.Throws<StorageException>(() => reader.ReadColumn("plaquette"));
        File.SetLastWriteTimeUtc(path, written); // damage below the file system, which changes no time, is found by asking for it
        Assert.Throws<StorageException>(reader.VerifyAll);
    }

    private static string[] Listing(string folder)
        => Directory.GetFiles(folder).Select(path => $"{Path.GetFileName(path)} {new FileInfo(path).Length}").Order().ToArray();

    private static void Damage(string path, string damage)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flip":
                bytes[^9] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "truncate":
                File.WriteAllBytes(path, bytes[..^100]);
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
