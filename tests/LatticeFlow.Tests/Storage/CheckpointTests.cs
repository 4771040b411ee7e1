using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class CheckpointTests
{
    [Fact]
    public void Every_type_of_section_is_read_back_exactly()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("flow.h5");
        double[] parameters = [Math.PI, double.NaN, double.NegativeInfinity, -0.0, double.Epsilon];
        CheckpointWriter.Write(path, "flow", new StateSections()
            .Set("parameters", parameters).Set("moments", [1.5f, float.NaN]).Set("shape", [long.MinValue, 4L]).Set("raw", [(byte)0, (byte)255])
            .Set("step", -5L).Set("rng_counter", ulong.MaxValue).Set("learning_rate", 1e-3).Set("config", "a = \"β\"\n").Set("empty", Array.Empty<double>())
            .Set("none", ""));

        var read = CheckpointReader.Read(path, "flow");
        Assert.Equal(parameters.Select(BitConverter.DoubleToInt64Bits), read.GetDoubles("parameters").Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([1.5f, float.NaN], read.GetFloats("moments"));
        Assert.Equal([long.MinValue, 4L], read.GetLongs("shape"));
        Assert.Equal([0, 255], read.GetBytes("raw"));
        Assert.Equal(-5L, read.GetLong("step"));
        Assert.Equal(ulong.MaxValue, read.GetUnsigned("rng_counter"));
        Assert.Equal(1e-3, read.GetDouble("learning_rate"));
        Assert.Equal("a = \"β\"\n", read.GetText("config"));
        Assert.Empty(read.GetDoubles("empty"));
        Assert.Equal("", read.GetText("none"));
        Assert.False(File.Exists(scratch.At(".flow.h5.tmp")));
    }

    [Fact]
    public void Large_parameter_vectors_and_long_texts_are_kept()
    {
        using var scratch = new ScratchDirectory();
        double[] parameters = Enumerable.Range(0, 300_000).Select(n => Math.Sin(n)).ToArray();
        string config = new('x', 200_000);
        CheckpointWriter.Write(scratch.At("c.h5"), "flow", new StateSections().Set("parameters", parameters).Set("config", config));
        var read = CheckpointReader.Read(scratch.At("c.h5"), "flow");
        Assert.Equal(parameters, read.GetDoubles("parameters"));
        Assert.Equal(config, read.GetText("config"));
    }

    [Fact]
    public void Each_kind_of_damage_has_its_own_message()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("c.h5");
        CheckpointWriter.Write(path, "flow", new StateSections().Set("step", 1L));
        byte[] good = File.ReadAllBytes(path);

        Expect("does not exist", () => CheckpointReader.Read(scratch.At("other.h5"), "flow"));
        Expect("'flow' checkpoint, expected 'hmc'", () => CheckpointReader.Read(path, "hmc"));
        Expect("no section 'moments'", () => CheckpointReader.Read(path, "flow").GetDoubles("moments"));
        Expect("is Int64, expected Double[]", () => CheckpointReader.Read(path, "flow").GetDoubles("step"));
        Replace(good[..100], "truncated");
        Replace(good[..^1], "truncated");
        Replace([], "truncated");
        Replace([.. good, 0], "extended");
        Replace([.. good[..600], (byte)(good[600] ^ 1), .. good[601..]], "SHA-256");
        Replace([.. good[..511], 1, .. good[512..]], "SHA-256");
        Replace([(byte)'X', .. good[1..]], "not a LatticeFlow checkpoint");
        int version = "LatticeFlow checkpoint ".Length;
        Replace([.. good[..version], (byte)'2', .. good[(version + 1)..]], "version 2");

        void Replace(byte[] bytes, string message)
        {
            File.WriteAllBytes(path, bytes);
            Expect(message, () => CheckpointReader.Read(path, "flow"));
        }

        static void Expect(string message, Action read)
        {
            var fault = Assert.Throws<StorageException>(read);
            Assert.Contains(message, fault.Message);
            Assert.Equal(StorageException.Corrupt, fault.ExitCode);
            Assert.NotEmpty(fault.Remedy);
        }
    }

    [Fact]
    public void No_mutant_of_a_checkpoint_is_accepted()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("c.h5");
        CheckpointWriter.Write(path, "flow", new StateSections().Set("parameters", [1.0, 2, 3]).Set("step", 1L));
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(5);
        for (int mutant = 0; mutant < 300; mutant++)
        {
            File.WriteAllBytes(path, MutationTests.Mutate(good, random));
            Assert.Throws<StorageException>(() => CheckpointReader.Read(path, "flow"));
        }
    }

    [Fact]
    public void A_failed_write_leaves_the_old_checkpoint()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("c.h5");
        CheckpointWriter.Write(path, "flow", new StateSections().Set("step", 1L));
        Assert.Throws<StorageException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("the device went away");
        }));
        Assert.Equal(1L, CheckpointReader.Read(path, "flow").GetLong("step"));
        Assert.Equal(["c.h5"], Directory.GetFiles(scratch.Path).Select(Path.GetFileName));
        CheckpointWriter.Write(path, "flow", new StateSections().Set("step", 2L));
        Assert.Equal(2L, CheckpointReader.Read(path, "flow").GetLong("step"));
    }

    [Fact]
    public void A_name_that_is_no_dataset_name_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new StateSections().Set("a/b", 1L));
        Assert.Throws<ArgumentException>(() => new StateSections().Set("..", 1L));
    }
}
