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

    [MountFact]
    public void A_run_whose_disk_is_full_stops_with_75_whatever_it_could_not_write()
    {
        using var run = new CommandRun(InterruptionTests.Strided.Replace("configurations = 1024", "configurations = 10240", StringComparison.Ordinal));
        WithMount("size=24m", folder =>
        {
            var path = Path.Combine(folder, "run");
            // There is room when it begins, and then somebody else takes it.
            var (code, error) = run.Filled(path, "hmc", 1);
            Assert.Equal(ExitCode.Stopped, code);
            Assert.Contains("full; what was stored before is complete", error);
            // The first of its files that there is no room for: nothing of the ensembles is lost.
            File.WriteAllBytes(Path.Combine(folder, "fill"), []);
            Shell.Run("bash", "-c", $"cat /dev/zero > '{Path.Combine(folder, "fill")}'");
            foreach (var command in new[] { "analyze", "report" })
            {
                (code, _, error) = CommandRun.Invoke(command, path, "--quiet");
                Assert.True(code == ExitCode.Stopped || (command == "report" && error.Contains("analyze first", StringComparison.Ordinal)), $"{command}: {code}, {error}");
                Assert.DoesNotContain("before anything was stored", error);
            }
            (code, _, error) = CommandRun.Invoke("sample", run.Config, "--run-dir", path, "--resume", "--quiet");
            Assert.Equal(ExitCode.BadUsage, code);
            Assert.Contains("on the disk beside what it has stored", error);
            File.Delete(Path.Combine(folder, "fill"));
            EnsembleReader.Open(Path.Combine(path, "ensemble", "hmc")).VerifyAll();
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
