using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("latticeflow-").FullName;

    private static string QuickStart => Repository.PathOf("configs", "quickstart.toml");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static (int Code, string Output, string Error) Invoke(CommandServices services, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Invoke(arguments, services, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static (int Code, string Output, string Error) Invoke(params string[] arguments) => Invoke(new CommandServices(), arguments);

    private string FileWith(byte[] content)
    {
        var path = Path.Join(_directory, "c.toml");
        File.WriteAllBytes(path, content);
        return path;
    }

    private sealed class Body<T>(Func<T, CommandContext, int> execute) : ICommandBody<T>
    {
        public int Execute(T request, CommandContext context) => execute(request, context);
    }

    [Fact]
    public void The_program_itself_returns_the_exit_code()
    {
        var main = typeof(CommandLine).Assembly.EntryPoint!;
        Assert.Equal(ExitCode.BadUsage, main.Invoke(null, [new[] { "run" }]));
        Assert.Equal(ExitCode.Done, main.Invoke(null, [new[] { "validate", QuickStart }]));
    }

    [Theory]
    [InlineData("error: unknown command 'runn'; did you mean 'run'?", "runn", "x")]
    [InlineData("error: unknown command 'quantum'; known are init, doctor, run, train,", "quantum")]
    [InlineData("error: CONFIG: is missing; give a configuration such as configs/quickstart.toml, or --run-dir DIR --resume to go on with a run", "run")]
    [InlineData("error: Required argument 'CONFIG' missing for command: 'validate'.", "validate")]
    [InlineData("error: Required argument missing for option: '--set'.", "run", "x", "--set")]
    [InlineData("error: unknown option --run-dri; did you mean --run-dir?", "run", "x", "--run-dri", "y")]
    [InlineData("error: unknown option --jsn; did you mean --json?", "validate", "--jsn", "x")]
    [InlineData("error: Required argument 'RUN_DIR' missing for command: 'verify'.", "verify")]
    [InlineData("error: Option '--output' is required.", "export", "x")]
    [InlineData("error: --device gpu: must be auto, cpu, cuda, opencl, cuda:n or opencl:n", "devices", "--device", "gpu")]
    [InlineData("error: unknown option --formt; did you mean --format?", "import", "x", "--formt", "y")]
    [InlineData("error: Option '--to' is required.", "import", "x")]
    [InlineData("error: Required argument 'FILE' missing for command: 'import'.", "import", "--to", "x")]
    [InlineData("error: --format lqcd: must be one of auto, nersc, ildg, milc, npy, h5, openqcd, hirep", "import", "x", "--to", "y", "--format", "lqcd")]
    [InlineData("error: --extents: must be 1 to 1048576 each", "import", "x", "--to", "y", "--extents", "4", "4", "0", "8")]
    [InlineData("error: --format lqcd: must be one of hdf5, arviz, pyerrors, csv, nersc, ildg, milc, openqcd", "export", "x", "--output", "y", "--format", "lqcd")]
    [InlineData("error: --precision half: must be float or double", "export", "x", "--output", "y", "--format", "nersc", "--precision", "half")]
    [InlineData("error: --two-rows: belongs to gauge files of other codes; leave it out, or choose --format nersc or ildg", "export", "x", "--output", "y", "--two-rows")]
    [InlineData("error: Required argument 'RUN' missing for command: 'compare'.", "compare")]
    [InlineData("error: no-such-run: does not exist; give the directory of a run, such as runs/quickstart", "analyze", "no-such-run")]
    [InlineData("--set nonsense: must have the form a.b=c, for example --set train.steps=100", "run", "x", "--set", "nonsense")]
    [InlineData("no.toml: does not exist", "run", "no.toml")]
    [InlineData("no/no.toml: does not exist: there is no directory no", "train", "no/no.toml")]
    [InlineData("\"\": no file given", "sample", "")]
    public void Bad_usage_is_explained_and_ends_with_2(string expected, params string[] arguments)
    {
        var (code, output, error) = Invoke(arguments);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void No_command_shows_the_help_and_ends_with_2()
    {
        var (code, output, error) = Invoke();
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("latticeflow [command] [options]", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void Help_is_data()
    {
        var (code, output, error) = Invoke("run", "--help");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.All(new[] { "--run-dir", "--resume", "--set", "--device", "--json", "--quiet" }, option => Assert.Contains(option, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("train")]
    [InlineData("sample")]
    [InlineData("analyze")]
    [InlineData("verify")]
    [InlineData("report")]
    [InlineData("devices")]
    [InlineData("bench")]
    public void A_command_without_a_body_says_so(string command)
    {
        string[] arguments = command switch
        {
            "run" or "train" or "sample" => [command, QuickStart],
            "devices" or "bench" => [command],
            _ => [command, _directory],
        };
        Assert.Equal((ExitCode.BadUsage, "", $"error: {command}: this command is not available in this build\n"), Invoke(arguments));
    }

    [Fact]
    public void Validate_prints_what_reads_back()
    {
        var (code, output, error) = Invoke("validate", QuickStart, "--set", "sample.hmc.steps=7", "--device", "cuda:1");
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"^expected: [0-9.]+ MB on disk, [0-9]+ MB of memory\n\z", error);
        var configuration = ConfigurationReader.Read(output, "resolved.toml");
        Assert.Equal(7, Assert.IsType<HmcSettings>(configuration.Samples[1].Transition).Steps);
        Assert.Equal("cuda:1", configuration.Run.Device);
        var json = JsonNode.Parse(Invoke("validate", QuickStart, "--json").Output)!;
        Assert.Equal(2.0, (double)json["theory"]!["action"]!["beta"]!);
        Assert.Equal("flow", (string)json["sample"]![0]!["name"]!);
    }

    [Fact]
    public void Files_that_are_no_configuration_are_refused_by_what_they_are()
    {
        Refused(FileWith([]), "is empty: a configuration has at least [run], [theory] and a [flow] or [[sample]]");
        Refused(FileWith([0x61, 0xFF]), "is not UTF-8 text (byte 1 cannot be read)");
        Refused(FileWith(new byte[ConfigurationFile.LargestSize + 1]), "is larger than 1 MiB: this is no configuration");
        Refused(_directory, "is a directory: give a configuration file, such as configs/quickstart.toml");
        Refused(Path.Join(_directory, "d.toml"), $"does not exist; did you mean '{Path.Join(_directory, "c.toml")}'?");
        Refused("a\0b", "cannot be read: ");

        static void Refused(string path, string message)
        {
            var (code, output, error) = Invoke("validate", path);
            Assert.Equal((ExitCode.BadUsage, ""), (code, output));
            Assert.StartsWith($"{PrintableText.Line(path)}: {message}", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
        => Assert.Equal(ExitCode.Done, Invoke("validate", FileWith([0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(QuickStart)])).Code);

    [Fact]
    public void Requests_carry_what_was_asked_for()
    {
        RunRequest? run = null;
        RunDirectoriesRequest? analyze = null;
        var services = new CommandServices
        {
            Train = new Body<RunRequest>((request, _) => { run = request; return ExitCode.DiagnosticsFailed; }),
            Analyze = new Body<RunDirectoriesRequest>((request, context) => { analyze = request; context.Output.Write(context.Json); return ExitCode.Done; }),
        };
        Assert.Equal(ExitCode.DiagnosticsFailed, Invoke(services, "train", QuickStart, "--set", "train.batch=3").Code);
        Assert.Equal((Path.Join("runs", "quickstart"), false, 3), (run!.RunDirectory, run.Resume, run.Configuration.Train!.Batch));
        Invoke(services, "train", QuickStart, "--run-dir", "elsewhere", "--resume");
        Assert.Equal(("elsewhere", true), (run.RunDirectory, run.Resume));
        Assert.Equal("True", Invoke(services, "analyze", _directory, _directory, "--json", "--set", "analyze.flow_samples=99999").Output);
        Assert.Equal([_directory, _directory], analyze!.RunDirectories);
        Assert.Equal("analyze.flow_samples", Assert.Single(analyze.Overrides).Path);
    }

    [Theory]
    [InlineData(ExitCode.DiagnosticsFailed)]
    [InlineData(ExitCode.CorruptData)]
    [InlineData(ExitCode.DeviceFailed)]
    public void A_user_error_ends_with_its_own_code_and_without_a_stack(int exitCode)
    {
        var services = new CommandServices
        {
            Devices = new Body<MachineRequest>((_, _) => throw new UserErrorException("went wrong", exitCode) { File = "f", Key = "k", Remedy = "do this" }),
        };
        Assert.Equal((exitCode, "", "error: f: k: went wrong; do this\n"), Invoke(services, "devices"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UserErrorException("fine", ExitCode.Done));
    }

    [Fact]
    public void An_internal_error_leaves_its_stack_in_the_log_of_the_run()
    {
        var path = Path.Join(_directory, "log.txt");
        var services = new CommandServices
        {
            Bench = new Body<MachineRequest>((request, context) =>
            {
                if (request.Filter is null) context.Log.AttachFile(path);
                context.Log.Information("begun");
                throw new InvalidOperationException("odd");
            }),
        };
        var (code, _, error) = Invoke(services, "bench", "--quiet");
        Assert.Equal((ExitCode.InternalError, $"error: internal error: InvalidOperationException: odd\nthis is a defect of LatticeFlow, not of your input; the full stack is in {path}\n"), (code, error));
        var log = File.ReadAllText(path);
        Assert.Contains("info    begun", log, StringComparison.Ordinal);
        Assert.Contains("at LatticeFlow.Tests.CommandLineTests", log, StringComparison.Ordinal);
        Assert.Contains("set LATTICEFLOW_STACK=1 to see the full stack", Invoke(services, "bench", "--filter", "x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_command_ends_with_75()
    {
        var services = new CommandServices
        {
            Bench = new Body<MachineRequest>((_, context) =>
            {
                context.Stop.Request("SIGTERM");
                context.Stop.Token.ThrowIfCancellationRequested();
                return ExitCode.Done;
            }),
        };
        var (code, _, error) = Invoke(services, "bench");
        Assert.Equal(ExitCode.Stopped, code);
        Assert.Equal("warning: SIGTERM: stopping\nwarning: stopped: run the same command again\n", error);
    }

    [Theory]
    [InlineData("validate", "caf\uFFFD.toml")]
    [InlineData("run", "c.toml", "--run-dir", "runs/caf\uFFFD")]
    [InlineData("run", "c.toml", "--set", "run.name=\uFFFD")]
    [InlineData("export", "r", "--output=\uFFFD")]
    public void Arguments_that_are_no_UTF8_are_refused_and_not_redirected(params string[] arguments)
    {
        var (code, output, error) = Invoke(arguments);
        Assert.Equal((ExitCode.BadUsage, ""), (code, output));
        Assert.Contains("is not UTF-8 text", error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_name_in_another_encoding_makes_no_directory()
    {
        File.WriteAllText(Path.Join(_directory, "c.toml"), CommandRun.Small);
        var program = typeof(CommandLine).Assembly.Location;
        // $'…\xe9' is "é" in Latin-1, as an argument and as the working directory.
        var (code, text) = Shell.Run("bash", "-c", $"cd '{_directory}' && dotnet exec '{program}' sample c.toml --run-dir $'runs-caf\\xe9'");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("is not UTF-8 text", text, StringComparison.Ordinal);
        (code, text) = Shell.Run("bash", "-c", $"cd '{_directory}' && mkdir $'caf\\xe9' && cd $'caf\\xe9' && dotnet exec '{program}' sample ../c.toml --run-dir run; code=$?; ls; cd .. && rmdir $'caf\\xe9' && exit $code");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("is not UTF-8 text", text, StringComparison.Ordinal);
        Assert.Equal(["c.toml"], Directory.GetFileSystemEntries(_directory).Select(path => Path.GetFileName(path)));
    }

    [Theory]
    [InlineData("report", "--set", "analyze.flow_samples=100000")]
    [InlineData("report", "--device", "cpu")]
    [InlineData("validate", "--resume")]
    [InlineData("validate", "--run-dir", "x")]
    [InlineData("devices", "--set", "run.seed=1")]
    [InlineData("bench", "--resume")]
    [InlineData("analyze", "--run-dir", "x")]
    [InlineData("verify", "--resume")]
    public void Options_that_a_command_does_not_use_are_refused(string command, params string[] option)
    {
        File.WriteAllText(Path.Join(_directory, "c.toml"), CommandRun.Small);
        string[] subject = command is "validate" ? [Path.Join(_directory, "c.toml")] : command is "report" or "analyze" or "verify" ? [_directory] : [];
        var (code, _, error) = Invoke([command, .. subject, .. option]);
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains(option[0], error, StringComparison.Ordinal);
    }
}
