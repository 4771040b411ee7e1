using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Tests;

public class MemoryTests
{
    private const long Gigabyte = 1_000_000_000;

    private const string Head = """
        [run]
        name = "big"
        device = "cpu"
        threads = 1

        [theory]
        group = "SU3"
        extents = [32, 32, 32, 32]
        action = { kind = "wilson", beta = 6.0 }

        [[sample]]
        sampler = "SAMPLER"
        configurations = 2
        replicas = 1
        segment = 1

        """;

    [Fact]
    public void The_least_of_machine_control_groups_and_resource_limits_counts()
    {
        using var root = new ScratchDirectory();
        Assert.Equal(long.MaxValue, new MemoryLimit(root.Path).Least().Bytes);
        Put(root, "MemTotal:       16000000 kB\nMemFree: 1 kB\n", "proc", "meminfo");
        Assert.Equal((16_000_000L * 1024, "the machine"), new MemoryLimit(root.Path).Least());

        // Version 1: no limit is a huge number.
        Put(root, "3:cpu:/a\n4:memory:/slurm/job_7\n", "proc", "self", "cgroup");
        Put(root, "9223372036854771712\n", "sys", "fs", "cgroup", "memory", "slurm", "job_7", "memory.limit_in_bytes");
        Assert.Equal("the machine", new MemoryLimit(root.Path).Least().Source);
        Put(root, "8000000000\n", "sys", "fs", "cgroup", "memory", "slurm", "memory.limit_in_bytes");
        var (bytes, source) = new MemoryLimit(root.Path).Least();
        Assert.Equal(8 * Gigabyte, bytes);
        Assert.Contains("/slurm ", source);

        // Version 2, of a parent, and "max" for none.
        Put(root, "0::/user/job\n", "proc", "self", "cgroup");
        Put(root, "max\n", "sys", "fs", "cgroup", "user", "job", "memory.max");
        Put(root, "4000000000\n", "sys", "fs", "cgroup", "user", "memory.max");
        (bytes, source) = new MemoryLimit(root.Path).Least();
        Assert.Equal(4 * Gigabyte, bytes);
        Assert.Contains("memory.max", source);
        Put(root, "Limit                     Soft Limit           Hard Limit           Units     \nMax data size             2000000000           unlimited            bytes     \nMax address space         unlimited            unlimited            bytes     \n", "proc", "self", "limits");
        Assert.Equal((2 * Gigabyte, "ulimit -d"), new MemoryLimit(root.Path).Least());
    }

    [Fact]
    public void This_machine_has_a_limit() => Assert.InRange(new MemoryLimit().Least().Bytes, 1L << 20, 1L << 50);

    [Theory]
    [InlineData("heatbath", 1.5, 2.5)]
    [InlineData("hmc", 2.0, 3.6)]
    public void What_does_not_fit_is_refused_with_the_numbers(string sampler, double least, double most)
    {
        using var root = new ScratchDirectory();
        var configuration = Read(Head.Replace("SAMPLER", sampler, StringComparison.Ordinal));
        double needed = MemoryEstimate.Bytes(configuration.Theory, configuration.Samples[0], configuration.Run) / Gigabyte;
        Assert.InRange(needed, least, most);
        Put(root, $"MemTotal: {(long)((needed + 0.1) * Gigabyte / 1024)} kB\n", "proc", "meminfo");
        MemoryEstimate.Check(configuration, "f.toml", new MemoryLimit(root.Path));
        Put(root, $"MemTotal: {(long)((needed - 0.1) * Gigabyte / 1024)} kB\n", "proc", "meminfo");
        var error = Assert.Throws<UserErrorException>(() => MemoryEstimate.Check(configuration, "f.toml", new MemoryLimit(root.Path)));
        Assert.Equal(ExitCode.BadUsage, error.ExitCode);
        Assert.StartsWith("f.toml: sample.0: ", error.Report);
        Assert.Contains($"needs some {needed.ToString("F1", System.Globalization.CultureInfo.InvariantCulture)} GB", error.Report);
        Assert.Contains("the machine allows", error.Report);
    }

    [Fact]
    public void A_field_beyond_32_bit_indices_is_refused()
    {
        using var root = new ScratchDirectory();
        var configuration = Read(Head.Replace("\"SAMPLER\"", "\"tempering\"\nparts = [ { sampler = \"heatbath\" } ]\nstrengths = [1.0, 0.95, 0.9]", StringComparison.Ordinal)
            .Replace("configurations = 2", "configurations = 20", StringComparison.Ordinal).Replace("replicas = 1", "replicas = 10", StringComparison.Ordinal).Replace("segment = 1", "segment = 10", StringComparison.Ordinal));
        Assert.Contains("30 lattices", Assert.Throws<UserErrorException>(() => MemoryEstimate.Check(configuration, "f.toml", new MemoryLimit(root.Path))).Message);
    }

    [Fact]
    public void Validate_refuses_what_cannot_be_held_and_prints_no_configuration()
    {
        using var scratch = new ScratchDirectory();
        string path = scratch.At("f.toml");
        File.WriteAllText(path, Head.Replace("SAMPLER", "heatbath", StringComparison.Ordinal).Replace("[32, 32, 32, 32]", "[92, 92, 92, 92]", StringComparison.Ordinal).Replace("SU3", "SU2", StringComparison.Ordinal));
        var (code, output, error) = CommandRun.Invoke("validate", path);
        Assert.Equal((ExitCode.BadUsage, ""), (code, output));
        Assert.Contains("16 GiB", error, StringComparison.Ordinal);
        Assert.Contains("use a smaller lattice", error, StringComparison.Ordinal);
        File.WriteAllText(path, Head.Replace("SAMPLER", "heatbath", StringComparison.Ordinal).Replace("[32, 32, 32, 32]", "[8, 8, 8, 8]", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, CommandRun.Invoke("validate", path).Code);
    }

    [Fact]
    public void Out_of_memory_is_no_defect()
    {
        using var scratch = new ScratchDirectory();
        var services = new CommandServices { Devices = new Greedy() };
        using var error = new StringWriter();
        Assert.Equal(ExitCode.BadUsage, CommandLine.Invoke(["devices"], services, new StringWriter(), error));
        Assert.Contains("not enough memory", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("defect", error.ToString(), StringComparison.Ordinal);
    }

    private sealed class Greedy : ICommandBody<MachineRequest>
    {
        public int Execute(MachineRequest request, CommandContext context) => throw new InvalidOperationException("a worker thread failed", new OutOfMemoryException());
    }

    private static RunConfiguration Read(string text) => ConfigurationReader.Read(text, "f.toml", []);

    private static void Put(ScratchDirectory root, string text, params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root.At(path))!);
        File.WriteAllText(root.At(path), text);
    }
}
