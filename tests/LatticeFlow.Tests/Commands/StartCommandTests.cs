using System.Text.Json.Nodes;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Tests;

/// <summary><c>init</c>, <c>doctor</c> and <c>--dry-run</c>: what comes before the first run.</summary>
public sealed class StartCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("latticeflow-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Theories { get; } = new(GaugeGroup.All.Select(known => known.Name).Append(FieldType.Scalar.Name));

    [Theory]
    [MemberData(nameof(Theories))]
    public void What_init_writes_is_valid_for_every_theory(string field)
    {
        FieldType type = field == FieldType.Scalar.Name ? FieldType.Scalar : GaugeGroup.All.Single(known => known.Name == field);
        foreach (var entry in ActionRegistry.All.Where(entry => entry.Fields.Contains(type)))
        {
            foreach (var (dimension, flow) in Enumerable.Range(2, 3).SelectMany(dimension => new[] { (dimension, false), (dimension, true) }))
            {
                var text = new ConfigurationTemplate { Field = type, Extents = [.. Enumerable.Repeat(4, dimension)], Action = entry.Name, Flow = flow }.Text();
                var configuration = ConfigurationReader.Read(text, "init.toml");
                Assert.Equal((type, dimension, entry.Name), (configuration.Theory.Field, configuration.Theory.Dimension, configuration.Theory.Action.Kind));
                Assert.Equal(flow, configuration.Flow is not null && configuration.Train is not null && configuration.Samples[0].Transition.UsesFlow);
                Assert.Equal((type == FieldType.Scalar ? 1 : 2) + (flow ? 1 : 0), configuration.Samples.Count);
                Assert.NotEmpty(configuration.Analyze.Observables);
                Assert.All(text.Split('\n').Where(line => line.StartsWith('[') || line.Contains(" = ", StringComparison.Ordinal)), line => Assert.DoesNotContain("NaN", line, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Init_takes_what_it_is_given_and_overwrites_nothing()
    {
        var path = Path.Join(_directory, "c.toml");
        var (code, output, error) = Invoke("init", "--group", "SU3", "--extents", "6", "8", "8", "8", "--action", "rectangle", "--beta", "2.6", "--c1", "-0.331", "--anisotropy", "1.5", "--name", "mine", "--output", path);
        Assert.Equal((ExitCode.Done, path + "\n"), (code, output));
        Assert.Contains("--dry-run", error, StringComparison.Ordinal);
        var configuration = ConfigurationFile.Load(path).Configuration;
        Assert.Equal("mine", configuration.Run.Name);
        Assert.Equal([6, 8, 8, 8], configuration.Theory.Extents);
        Assert.Equal(("rectangle", 2.6, -0.331, 1.5), (configuration.Theory.Action.Kind, configuration.Theory.Action.Beta, configuration.Theory.Action.Value("c1"), configuration.Theory.Action.Value("anisotropy")));
        Assert.Equal(ExitCode.Done, Invoke("validate", path).Code);

        File.WriteAllText(path, "# mine\n");
        (code, output, error) = Invoke("init", "--group", "U1", "--output", path);
        Assert.Equal((ExitCode.BadUsage, ""), (code, output));
        Assert.Contains("nothing is overwritten", error, StringComparison.Ordinal);
        Assert.Equal("# mine\n", File.ReadAllText(path));
        // Standard output is the configuration and nothing else.
        Assert.Equal("su2_2d_L8_beta2.4", ConfigurationReader.Read(Invoke("init", "--group", "SU2", "--extents", "8", "8").Output, "init").Run.Name);
    }

    [Theory]
    [InlineData("error: --group: is missing; choose one of U1,", "init")]
    [InlineData("error: --group SU9: must be one of U1,", "init", "--group", "SU9")]
    [InlineData("error: --field: excludes --group", "init", "--group", "U1", "--field", "scalar")]
    [InlineData("error: --action phi4: is no action of the field SU3; choose one of wilson, rectangle", "init", "--group", "SU3", "--action", "phi4")]
    [InlineData("error: --c1: is no parameter of the action wilson; it has --beta, --anisotropy", "init", "--group", "SU3", "--c1", "0.1")]
    [InlineData("error: --beta: is no parameter of the action phi4", "init", "--field", "scalar", "--beta", "1")]
    [InlineData("error: --beta x: must be a finite number, such as 6.0", "init", "--group", "SU3", "--beta", "x")]
    [InlineData("error: init: no such configuration: theory.action.beta must be between 0 and 1e9", "init", "--group", "SU3", "--beta", "-1")]
    [InlineData("error: init: no such configuration: theory.extents cannot carry the flow", "init", "--group", "U1", "--extents", "7", "8", "--flow")]
    [InlineData("error: init: no such configuration: run.name", "init", "--group", "U1", "--name", "../x")]
    public void What_init_cannot_write_is_explained(string expected, params string[] arguments)
    {
        var (code, output, error) = Invoke(arguments);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.BadUsage, ""), (code, output));
    }

    [Fact]
    public void Doctor_finds_this_machine_well_and_leaves_nothing_behind()
    {
        var (code, output, error) = Invoke("doctor", "--run-dir", Path.Join(_directory, "runs", "x"), "--device", "cpu");
        Assert.Equal("", error);
        Assert.Equal(ExitCode.Done, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.All(lines.SkipLast(1), line => Assert.Matches("^(ok  |warn)  [a-z ]+ ", line));
        Assert.All(new[] { "runtime", "processor", "memory", "limit", "file system", "disk", "files", "kernels" }, name => Assert.Contains(lines, line => line.Contains(name, StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("ok    files", StringComparison.Ordinal));
        Assert.Equal(Compute.Cpu.InstructionSet.All.Count(set => set.IsSupported), lines.Count(line => line.StartsWith("ok    kernels", StringComparison.Ordinal)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void Doctor_fails_where_nothing_can_be_written_or_a_device_is_not_there()
    {
        if (!Directory.Exists("/proc/self")) return;
        var (code, output, _) = Invoke("doctor", "--run-dir", "/proc/runs", "--device", "cuda:77", "--json");
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        JsonArray checks = JsonNode.Parse(output)!.AsArray();
        // Nothing is free in there, either.
        Assert.Equal(["disk", "files", "kernels"], checks.Where(check => check!["state"]!.GetValue<string>() == "fail").Select(check => check!["name"]!.GetValue<string>()).Order());
        Assert.All(checks.Where(check => check!["state"]!.GetValue<string>() != "ok"), check => Assert.NotEmpty(check!["remedy"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("tmpfs", "rw", CheckState.Warn, "which is memory")]
    [InlineData("nfs4", "rw", CheckState.Warn, "a network")]
    [InlineData("overlay", "rw", CheckState.Warn, "of a container")]
    [InlineData("ext4", "ro,relatime", CheckState.Fail, "read-only")]
    [InlineData("ext4", "rw,relatime", CheckState.Ok, "ext4")]
    public void File_systems_are_known_by_their_mounts(string type, string options, CheckState expected, string text)
    {
        var root = FakeProc("mountinfo", $"22 1 8:1 / / rw - xfs /dev/sda rw\n30 22 0:5 / {_directory.Replace(" ", "\\040", StringComparison.Ordinal)} {options} shared:1 - {type} host:/x rw\n31 22 0:6 / {_directory}-else ro - proc proc rw\n");
        var check = DiskChecks.All(Path.Join(_directory, "runs"), root).First();
        Assert.Equal(expected, check.State);
        Assert.Contains(text, check.Text, StringComparison.Ordinal);
        Assert.Equal(_directory, FileSystem.Of(Path.Join(_directory, "a", "b"), root).Directory);
    }

    [Fact]
    public void Limits_that_end_a_run_are_warned_of()
    {
        var root = FakeProc("limits", "Limit                     Soft Limit           Hard Limit           Units\nMax cpu time              3600                 unlimited            seconds\nMax file size             1073741824           unlimited            bytes\nMax open files            64                   4096                 files\n");
        string[] texts = [.. MachineChecks.All(root).Where(check => check.Name == "limit").Select(check => $"{check.State} {check.Text}")];
        Assert.Equal(["Warn ulimit -n is 64", "Warn ulimit -f is 1073741824", "Warn ulimit -t is 3600"], texts);
        File.WriteAllText(Path.Join(root, "proc", "self", "limits"), "Max cpu time              unlimited            unlimited            seconds\nMax open files            1024                 4096                 files\n");
        Assert.Equal(CheckState.Ok, MachineChecks.All(root).Single(check => check.Name == "limit").State);
    }

    [Fact]
    public void A_dry_run_says_everything_and_writes_nothing()
    {
        var directory = Path.Join(_directory, "run");
        var file = Path.Join(_directory, "c.toml");
        File.WriteAllText(file, new ConfigurationTemplate { Field = GaugeGroup.SU2, Extents = [4, 6], Action = "wilson", Flow = true }.Text());
        foreach (var command in new[] { "run", "train", "sample" })
        {
            var (code, output, error) = Invoke(command, file, "--run-dir", directory, "--dry-run", "--device", "cpu", "--set", "flow.layers=[ { kind = \"staple-coupling\", count = 1 } ]", "--set", "theory.extents=[4, 8]");
            Assert.Equal((ExitCode.Done, ""), (code, error));
            Assert.Contains($"{directory} is new", output, StringComparison.Ordinal);
            Assert.Equal(command != "sample", output.Contains("train  ", StringComparison.Ordinal));
            Assert.Equal(command != "train", output.Contains("sample  ", StringComparison.Ordinal));
        }
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(_directory));

        var plan = JsonNode.Parse(Invoke("run", file, "--run-dir", directory, "--dry-run", "--json", "--device", "cpu", "--set", "theory.extents=[4, 8]").Output)!;
        // 4 x 8 sites, 2 links each, matrices of 2 x 2 complex numbers, 10,000 of each of three samplers; heat bath: 500 + 313 transitions.
        const double Links = 3 * 10_000.0 * 4 * 8 * 2 * 8 * 8;
        Assert.InRange(plan["bytes"]!.GetValue<double>(), Links, 1.2 * Links);
        Assert.InRange(Plan("sample.hmc.store=\"observables\"", "sample.heatbath.links_precision=\"float\"")["bytes"]!.GetValue<double>(), 0.5 * Links, 0.65 * Links);
        Assert.Equal(813, plan["samples"]![2]!["transitions"]!.GetValue<long>());
        Assert.True(plan["parameters"]!.GetValue<int>() > 0 && plan["memory_bytes"]!.GetValue<double>() > 1e6);

        JsonNode Plan(params string[] settings)
            => JsonNode.Parse(Invoke(["run", file, "--run-dir", directory, "--dry-run", "--json", "--device", "cpu", "--set", "theory.extents=[4, 8]", .. settings.SelectMany(setting => new[] { "--set", setting })]).Output)!;
    }

    [Theory]
    [InlineData("holds a run already", false, "")]
    [InlineData("is a file", true, "")]
    [InlineData("is not empty (it has 'thesis.tex') and is no run", null, "foreign")]
    [InlineData("are free where", null, "sample.0.configurations=2000000000")]
    [InlineData("there is no [flow] to train", null, "train")]
    public void A_dry_run_refuses_what_a_run_would(string expected, bool? isFile, string change)
    {
        var directory = Path.Join(_directory, "run");
        if (isFile == true) File.WriteAllText(directory, "");
        else if (isFile == false) File.WriteAllText(Path.Join(Directory.CreateDirectory(directory).FullName, "resolved.toml"), "");
        if (change == "foreign") File.WriteAllText(Path.Join(Directory.CreateDirectory(directory).FullName, "thesis.tex"), "");
        var file = Path.Join(_directory, "c.toml");
        File.WriteAllText(file, new ConfigurationTemplate { Field = GaugeGroup.U1, Extents = [64, 64], Action = "wilson" }.Text());
        string[] arguments = [change == "train" ? "train" : "run", file, "--run-dir", directory, "--dry-run", "--device", "cpu", .. change.Contains('=', StringComparison.Ordinal) ? new[] { "--set", change } : []];
        var (code, output, error) = Invoke(arguments);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.BadUsage, ""), (code, output));
    }

    [Fact]
    public void A_dry_run_knows_what_a_run_that_is_there_would_go_on_with()
    {
        var directory = Path.Join(_directory, "run");
        var file = Path.Join(_directory, "c.toml");
        File.WriteAllText(file, "[run]\nname = \"x\"\n[theory]\nextents = [4, 4]\naction = { kind = \"wilson\", beta = 1.0 }\n[[sample]]\nsampler = \"heatbath\"\nconfigurations = 64\nreplicas = 8\nthermalization = 5\n");
        Assert.Equal(ExitCode.Done, Invoke("sample", file, "--run-dir", directory, "--device", "cpu", "--quiet").Code);
        var before = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order().Select(path => (path, File.GetLastWriteTimeUtc(path))).ToArray();
        Assert.Contains("holds a run, which would go on\n", Invoke("run", file, "--run-dir", directory, "--resume", "--dry-run", "--device", "cpu").Output, StringComparison.Ordinal);
        Assert.Contains("would go on to sample.heatbath.configurations = 128 from 64", Invoke("run", file, "--run-dir", directory, "--resume", "--dry-run", "--device", "cpu", "--set", "sample.0.configurations=128").Output, StringComparison.Ordinal);
        var (code, _, error) = Invoke("run", file, "--run-dir", directory, "--resume", "--dry-run", "--device", "cpu", "--set", "theory.action.beta=2.0");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("was started with another configuration", error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order().Select(path => (path, File.GetLastWriteTimeUtc(path))));
    }

    private string FakeProc(string name, string text)
    {
        var root = Directory.CreateDirectory(Path.Join(_directory, "root")).FullName;
        File.WriteAllText(Path.Join(Directory.CreateDirectory(Path.Join(root, "proc", "self")).FullName, name), text);
        return root;
    }

    private static (int Code, string Output, string Error) Invoke(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Invoke(arguments, BuiltServices.Create(), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
