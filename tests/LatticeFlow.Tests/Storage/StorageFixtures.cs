using System.Diagnostics;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>A directory that is removed when the test ends.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public ScratchDirectory() => Path = Directory.CreateTempSubdirectory("latticeflow-storage-").FullName;

    public string Path { get; }

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Headers, blocks and states with reproducible content.</summary>
internal static class StorageSamples
{
    public static EnsembleHeader Header(string group, params int[] extents) => new()
    {
        Field = group,
        Extents = extents,
        Action = "wilson",
        ActionParameters = new Dictionary<string, double> { ["beta"] = 2.25, ["c1"] = -1.0 / 12 },
        Sampler = "hmc",
        Seed = ulong.MaxValue - 3,
        Precision = "float",
        Device = "cpu",
        Version = "0.1.0",
        Commit = "abc",
        Config = "[run]\nname = \"β\"\n",
    };

    /// <summary>Replicas 0 … 2 interleaved; step numbers run on from <paramref name="first"/>.</summary>
    public static EnsembleBlock Block(EnsembleHeader header, int count, int first = 0, bool flow = true)
    {
        var random = new Random(1000 + first);
        double[] Numbers(long length, double scale) => Enumerable.Range(0, (int)length).Select(_ => scale * ((2 * random.NextDouble()) - 1)).ToArray();
        return new()
        {
            Count = count,
            Field = Numbers(count * header.DoublesPerConfiguration, 3.14),
            Replica = Enumerable.Range(first, count).Select(n => (long)(n % 3)).ToArray(),
            Step = Enumerable.Range(first, count).Select(n => (long)(n / 3)).ToArray(),
            Accepted = Enumerable.Range(first, count).Select(n => (byte)(n % 2)).ToArray(),
            Action = Numbers(count, 100),
            LogQ = flow ? Numbers(count, 10) : null,
            LogWeight = flow ? Numbers(count, 10) : null,
            DeltaH = flow ? null : Numbers(count, 1),
            Observables =
            {
                ["plaquette"] = Enumerable.Range(first, count).Select(n => n / 100.0).ToArray(),
                ["polyakov_re"] = (Numbers(count * 6, 1), new[] { 2, 3 }),
            },
        };
    }

    public static ChainState State(int step) => new()
    {
        RngCounter = (ulong)step,
        Sections = new StateSections().Set("step", (long)step).Set("field", [1.5, step]),
    };

    /// <summary>Writes segments of three configurations each.</summary>
    public static void Write(string folder, EnsembleHeader header, int segments, int from = 0)
    {
        using var writer = EnsembleWriter.Resume(folder, header);
        for (int n = from; n < segments; n++)
            writer.Append(Block(header, 3, 3 * n), State(n));
    }

    public static void AssertSame(EnsembleBlock expected, EnsembleBlock actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Field, actual.Field);
        Assert.Equal(expected.Replica, actual.Replica);
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.Accepted, actual.Accepted);
        Assert.Equal(expected.Action, actual.Action);
        Assert.Equal(expected.LogQ, actual.LogQ);
        Assert.Equal(expected.LogWeight, actual.LogWeight);
        Assert.Equal(expected.DeltaH, actual.DeltaH);
        Assert.Equal(expected.Observables.Keys.Order(), actual.Observables.Keys.Order());
        foreach (var (name, column) in expected.Observables)
        {
            Assert.Equal(column.Values, actual.Observables[name].Values);
            Assert.Equal(column.Shape, actual.Observables[name].Shape);
        }
    }
}

internal static class Shell
{
    /// <summary>Runs a program to its end; exit code −1 when it does not exist.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}

/// <summary>Skipped, and counted as skipped, where no Python with h5py is installed (Debian: python3-h5py).</summary>
internal sealed class H5pyFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    public H5pyFactAttribute()
    {
        if (Shell.Run(Python, "-c", "import h5py").ExitCode != 0)
            Skip = "needs /usr/bin/python3 with h5py";
    }
}

internal sealed class H5dumpFactAttribute : FactAttribute
{
    public H5dumpFactAttribute()
    {
        if (Shell.Run("h5dump", "--version").ExitCode != 0)
            Skip = "needs h5dump";
    }
}

/// <summary>Needs Linux and the right to mount a small tmpfs.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            Skip = "needs Linux and root";
            return;
        }

        using var scratch = new ScratchDirectory();
        if (Shell.Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.Path).ExitCode != 0)
            Skip = "needs the right to mount a tmpfs";
        else
            Shell.Run("umount", scratch.Path);
    }
}

internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs Linux";
    }
}

internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs Linux";
    }
}
