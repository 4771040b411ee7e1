using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

public class FullDiskTests
{
    [MountFact]
    public void A_full_disk_damages_nothing_and_asks_to_resume()
    {
        WithMount("size=256k", folder =>
        {
            var header = StorageSamples.Header("U1", 8, 8);
            StorageException? fault = null;
            int written = 0;
            using (var writer = EnsembleWriter.Create(folder, header))
            {
                for (; fault is null && written < 100; written++)
                    fault = Record.Exception(() => writer.Append(StorageSamples.Block(header, 6, 6 * written), StorageSamples.State(written))) as StorageException;
                Assert.Throws<InvalidOperationException>(() => writer.Append(StorageSamples.Block(header, 6), StorageSamples.State(0)));
            }

            written--;
            Assert.InRange(written, 2, 50);
            Assert.Equal(StorageException.StoppedAfterCheckpoint, fault!.ExitCode);
            Assert.Contains("full", fault.Message);
            EnsembleReader.Open(folder).VerifyAll();
            Assert.Equal(6 * written, EnsembleReader.Open(folder).Count);

            Assert.Equal(0, Shell.Run("mount", "-o", "remount,size=1m", folder).ExitCode);
            using var again = EnsembleWriter.Resume(folder, header);
            Assert.Equal(written, again.NextSegment);
            again.Append(StorageSamples.Block(header, 6, 6 * written), StorageSamples.State(written));
            EnsembleReader.Open(folder).VerifyAll();
        });
    }

    [MountFact]
    public void A_disk_that_is_full_from_the_start_is_an_unusable_directory()
    {
        WithMount("size=64k", folder =>
        {
            var header = StorageSamples.Header("U1", 32, 32);
            using var writer = EnsembleWriter.Create(folder, header);
            var fault = Assert.Throws<StorageException>(() => writer.Append(StorageSamples.Block(header, 60), StorageSamples.State(0)));
            Assert.Equal(StorageException.Unusable, fault.ExitCode);
            Assert.Contains("full", fault.Message);
            Assert.Empty(Directory.GetFiles(folder, ".*.tmp"));

            CheckpointWriter.Write(Path.Combine(folder, "c.h5"), "flow", new StateSections().Set("step", 1L));
            fault = Assert.Throws<StorageException>(() => CheckpointWriter.Write(Path.Combine(folder, "c.h5"), "flow", new StateSections().Set("parameters", new double[20_000])));
            Assert.Equal(StorageException.StoppedAfterCheckpoint, fault.ExitCode);
            Assert.Equal(1L, CheckpointReader.Read(Path.Combine(folder, "c.h5"), "flow").GetLong("step"));
        });
    }

    [MountFact]
    public void A_read_only_disk_is_an_unusable_directory_but_can_be_read()
    {
        WithMount("size=1m", folder =>
        {
            var header = StorageSamples.Header("U1", 2, 2);
            StorageSamples.Write(folder, header, segments: 2);
            Assert.Equal(0, Shell.Run("mount", "-o", "remount,ro", folder).ExitCode);
            var fault = Assert.Throws<StorageException>(() => EnsembleWriter.Resume(folder, header));
            Assert.Equal(StorageException.Unusable, fault.ExitCode);
            Assert.Contains("cannot be written", fault.Message);
            Assert.Equal(6, EnsembleReader.Open(folder).Count);
        });
    }

    private static void WithMount(string options, Action<string> test)
    {
        using var scratch = new ScratchDirectory();
        Assert.Equal(0, Shell.Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", scratch.Path).ExitCode);
        try
        {
            test(scratch.Path);
        }
        finally
        {
            Assert.Equal(0, Shell.Run("umount", scratch.Path).ExitCode);
        }
    }
}
