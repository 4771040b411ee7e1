using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class MutationTests
{
    /// <summary>Per representation: 450 in all.</summary>
    private const int Mutants = 150;

    /// <summary>What reading one damaged file of some 20 kB may allocate: hashing it needs a 64 kB buffer. The HDF5 library alone asked for up to 1.75 GB on such input.</summary>
    private const long AllocationLimit = 1L << 20;

    [Theory]
    [InlineData("U1")]
    [InlineData("SU2")]
    [InlineData("scalar")]
    public void No_damaged_segment_passes_the_hash_and_without_it_only_storage_exceptions_come_out(string group)
    {
        using var scratch = new ScratchDirectory();
        var header = StorageSamples.Header(group, 2, 2);
        StorageSamples.Write(scratch.Path, header, segments: 1);
        string path = scratch.At("seg-000000.h5");
        byte[] original = File.ReadAllBytes(path);
        var random = new Random(20240);
        int refused = 0;
        for (int mutant = 0; mutant < Mutants; mutant++)
        {
            byte[] bytes = Mutate(original, random);
            File.WriteAllBytes(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(StorageException.Corrupt, Assert.Throws<StorageException>(() => EnsembleReader.Open(scratch.Path)).ExitCode);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocationLimit, $"mutant {mutant} allocated {allocated} bytes");

            // The second line of defence: no hash, as if the damage had happened between hashing and reading.
            try
            {
                var reader = EnsembleReader.Open(scratch.Path, verifyHashes: false);
                var block = reader.ReadSegment(0);
                reader.ReadState(0);
                reader.ReadColumn("plaquette");
                block.Validate(reader.Header, requireAngles: false);
            }
            catch (StorageException fault)
            {
                Assert.Equal(StorageException.Corrupt, fault.ExitCode);
                refused++;
            }
        }

        // Damage in the numbers themselves is invisible without the hash; damage in the structure is not.
        Assert.InRange(refused, Mutants / 10, Mutants - 1);
    }

    /// <summary>Flips bits, overwrites, zeroes a stretch, cuts the end off or appends; never returns the original.</summary>
    internal static byte[] Mutate(byte[] original, Random random)
    {
        while (true)
        {
            byte[] bytes = (byte[])original.Clone();
            int at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    for (int flips = random.Next(1, 9); flips > 0; flips--)
                        bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                    break;
                case 2:
                    bytes.AsSpan(at, Math.Min(random.Next(1, 512), bytes.Length - at)).Clear();
                    break;
                case 3:
                    bytes.AsSpan(at, Math.Min(random.Next(1, 9), bytes.Length - at)).Fill(255);
                    break;
                case 4:
                    bytes = bytes[..at];
                    break;
                default:
                    var tail = new byte[random.Next(1, 2000)];
                    random.NextBytes(tail);
                    bytes = [.. bytes, .. tail];
                    break;
            }

            if (!bytes.AsSpan().SequenceEqual(original))
                return bytes;
        }
    }
}
