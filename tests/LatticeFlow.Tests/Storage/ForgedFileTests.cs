using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LatticeFlow.Storage;
using PureHDF;

namespace LatticeFlow.Tests;

/// <summary>Files whose hashes are right and whose content is not: damaged by chance and hashed again, or made to harm.</summary>
[Trait("Category", Fuzzing.Category)]
public class ForgedFileTests
{
    /// <summary>Per kind of file; multiplied by LATTICEFLOW_FUZZ_MUTANTS.</summary>
    private const int Mutants = 200;

    /// <summary>What reading may allocate beside the file: the buffer of a hash, windows, texts.</summary>
    private const long AllocationLimit = 64L << 20;

    /// <summary>Guards against endless loops; reading takes milliseconds.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    private static int Count => Fuzzing.Mutants(Mutants);

    [Theory]
    [InlineData("U1")]
    [InlineData("SU2")]
    [InlineData("scalar")]
    public void Segments_with_hashes_made_again_are_read_or_refused(string group)
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, StorageSamples.Header(group, 2, 2), segments: 1);
        byte[] original = File.ReadAllBytes(scratch.At("seg-000000.h5"));
        var random = new Random(81);
        int refused = 0;
        for (int mutant = 0; mutant < Count; mutant++)
        {
            PutSegment(scratch.Path, MutationTests.Mutate(original, random));
            refused += IsRefused(() => ReadAll(scratch.Path), $"mutant {mutant}") ? 1 : 0;
        }

        Assert.InRange(refused, Count / 10, Count - 1);
    }

    [Fact]
    public void Checkpoints_with_hashes_made_again_are_read_or_refused()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("c.h5");
        CheckpointWriter.Write(path, "flow", new StateSections().Set("parameters", [1.0, 2, 3]).Set("config", new string('c', 300)).Set("shape", [4L, 4L]).Set("step", 1L));
        byte[] original = File.ReadAllBytes(path)[512..];
        var random = new Random(82);
        int refused = 0;
        for (int mutant = 0; mutant < Count; mutant++)
        {
            PutCheckpoint(path, MutationTests.Mutate(original, random));
            refused += IsRefused(() => CheckpointReader.Read(path, "flow"), $"mutant {mutant}") ? 1 : 0;
        }

        Assert.InRange(refused, Count / 10, Count - 1);
    }

    [Fact]
    public void Zeros_where_a_heap_ends_and_after_the_file_end_no_loop()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, StorageSamples.Header("U1", 2, 2), segments: 1);
        byte[] original = File.ReadAllBytes(scratch.At("seg-000000.h5"));
        for (int at = 0; at + 16 <= original.Length; at += 8)
        {
            byte[] bytes = [.. original, .. new byte[1517]];
            bytes.AsSpan(at, 16).Clear();
            PutSegment(scratch.Path, bytes);
            IsRefused(() => ReadAll(scratch.Path), $"zeros at {at}");
        }
    }

    [Theory]
    [InlineData("soft link to itself")]
    [InlineData("soft link to another dataset")]
    [InlineData("external link")]
    [InlineData("external storage")]
    [InlineData("chunks")]
    [InlineData("one object twice")]
    [InlineData("group in itself")]
    public void What_is_no_plain_dataset_of_the_file_is_refused_in_words(string attack)
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, StorageSamples.Header("U1", 2, 2), segments: 1);
        string path = scratch.At("seg-000000.h5");
        byte[] bytes = File.ReadAllBytes(path);
        string expected;
        switch (attack)
        {
            case "soft link to itself":
                (bytes, expected) = (Rewritten(file => ((H5Group)file["observables"])["plaquette"] = new H5SoftLink("/observables/plaquette")), "link by name");
                break;
            case "soft link to another dataset":
                (bytes, expected) = (Rewritten(file => ((H5Group)file["observables"])["copy"] = new H5SoftLink("/links")), "link by name");
                break;
            case "external link":
                bytes = Rewritten(file => ((H5Group)file["observables"])["copy"] = new H5SoftLink("/etc/passwd"));
                int link = bytes.AsSpan().IndexOf("/etc/passwd"u8);
                Assert.Equal(1, bytes[link - "copy".Length - 2 - 4 - 2]); // the kind of the link, before character set, length of the name, name and length of the target
                bytes[link - "copy".Length - 2 - 4 - 2] = 64;
                expected = "another file";
                break;
            case "external storage":
                int fill = bytes.AsSpan().LastIndexOf("\x05\x02\0\0\x03\x15"u8);
                bytes[fill] = 7;
                expected = "another file";
                break;
            case "chunks":
                (bytes, expected) = (Rewritten(file => ((H5Group)file["observables"])["plaquette"] = new H5Dataset(new double[3], chunks: [1])), "not contiguous");
                break;
            case "one object twice":
                Retarget(bytes, "polyakov_re", AddressOf(bytes, "plaquette"));
                expected = "twice";
                break;
            default:
                Retarget(bytes, "plaquette", AddressOf(bytes, "observables"));
                expected = "twice";
                break;
        }

        PutSegment(scratch.Path, bytes);
        var fault = Assert.Throws<StorageException>(() => ReadAll(scratch.Path));
        Assert.Equal(StorageException.Corrupt, fault.ExitCode);
        Assert.Contains(expected, fault.Message);
        Assert.Contains("seg-000000.h5", fault.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_text_or_a_state_of_gigabytes_is_refused_without_allocating_them(bool text)
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, StorageSamples.Header("U1", 2, 2), segments: 1);
        byte[] bytes = File.ReadAllBytes(scratch.At("seg-000000.h5"));
        if (text)
        {
            // Length in the attribute, size of the collection and size of the text in it: all three agree.
            int attribute = bytes.AsSpan().IndexOf("config\0"u8) + "config\0".Length;
            int reference = attribute + bytes.AsSpan(attribute).IndexOf(BitConverter.GetBytes(Encoding.UTF8.GetByteCount("[run]\nname = \"β\"\n")));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(reference), 1_900_000_000);
            int content = bytes.AsSpan().IndexOf("[run]"u8);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(content - 8), 1_900_000_000);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("GCOL"u8) + 8), 1_900_100_000);
        }
        else
        {
            // The section field of the state: its shape, and the length of its data.
            int header = (int)AddressOf(bytes, "field");
            var shape = bytes.AsSpan(header, 200);
            int space = shape.IndexOf("\x02\x01\0\x01"u8);
            BinaryPrimitives.WriteInt64LittleEndian(shape[(space + 4)..], 1_900_000_000 / 8);
            int layout = shape.IndexOf("\x08\x12\0\0\x04\x01"u8);
            BinaryPrimitives.WriteInt64LittleEndian(shape[(layout + 14)..], 1_900_000_000);
        }

        PutSegment(scratch.Path, bytes);
        Assert.True(IsRefused(() => ReadAll(scratch.Path), "giant"));
    }

    [Fact]
    public void A_file_that_was_damaged_nowhere_is_read()
    {
        using var scratch = new ScratchDirectory();
        StorageSamples.Write(scratch.Path, StorageSamples.Header("U1", 2, 2), segments: 1);
        PutSegment(scratch.Path, File.ReadAllBytes(scratch.At("seg-000000.h5")));
        Assert.False(IsRefused(() => ReadAll(scratch.Path), "original"));
        PutSegment(scratch.Path, Rewritten(_ => { }));
        Assert.False(IsRefused(() => ReadAll(scratch.Path), "written again"));
    }

    private static void ReadAll(string folder)
    {
        var reader = EnsembleReader.Open(folder);
        reader.ReadSegment(0);
        reader.ReadState(0);
        reader.ReadColumn("plaquette");
        reader.ReadColumn("action");
    }

    /// <summary>Runs a reader; anything but success and one StorageException with exit code 4, quickly and in little memory, fails the test.</summary>
    private static bool IsRefused(Action read, string what)
    {
        bool refused = false;
        long allocated = 0;
        var task = Task.Run(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read();
            }
            catch (StorageException fault)
            {
                Assert.Equal(StorageException.Corrupt, fault.ExitCode);
                refused = true;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.True(task.Wait(Hang), $"{what} does not end");
        Assert.True(allocated < AllocationLimit, $"{what} allocated {allocated} bytes");
        return refused;
    }

    private static void PutSegment(string folder, byte[] bytes)
    {
        string manifest = Path.Combine(folder, "manifest.jsonl"), segment = Path.Combine(folder, "seg-000000.h5");
        var line = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        line["bytes"] = bytes.Length;
        line["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (File.Exists(segment))
            File.Delete(segment);
        File.WriteAllBytes(segment, bytes);
        File.WriteAllText(manifest, line.ToJsonString() + "\n");
    }

    private static void PutCheckpoint(string path, byte[] content)
    {
        var block = new byte[512];
        Encoding.UTF8.GetBytes($"LatticeFlow checkpoint 1 bytes {content.Length + 512} sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}\n", block);
        File.WriteAllBytes(path, [.. block, .. content]);
    }

    /// <summary>A segment of the sample with something changed before it is written.</summary>
    private static byte[] Rewritten(Action<H5File> change)
    {
        var header = StorageSamples.Header("U1", 2, 2);
        var file = SegmentFile.Compose(header, StorageSamples.Block(header, 3), StorageSamples.State(0), new DeferredData());
        change(file);
        using var stream = new MemoryStream();
        file.Write(stream, SegmentFile.Options());
        return stream.ToArray();
    }

    // A link is: length of the name in four bytes, name, address.
    private static int LinkOf(byte[] bytes, string name)
        => bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[(byte)name.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(name)]) is int at and >= 0 ? at + 4 + name.Length : throw new ArgumentException(name);

    private static long AddressOf(byte[] bytes, string name) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(LinkOf(bytes, name)));

    private static void Retarget(byte[] bytes, string name, long address) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LinkOf(bytes, name)), address);
}
