using System.CommandLine;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>The commands, their arguments and options, each bound to its body.</summary>
internal sealed class CommandTree
{
    private readonly SharedOptions _options = new();
    private readonly Func<ParseResult, Func<CommandContext, int>, int> _invoke;

    /// <summary>Builds the tree; <paramref name="invoke"/> runs a body in a context made from the parsed options and turns exceptions into exit codes.</summary>
    public CommandTree(CommandServices services, Func<SharedOptions, ParseResult, Func<CommandContext, int>, int> invoke)
    {
        _invoke = (result, body) => invoke(_options, result, body);
        var exchange = new ExchangeCommands(_options, _invoke);
        var growth = new GrowthCommands(_options, _invoke);
        var start = new StartCommands(_options, _invoke);
        Root = new RootCommand("LatticeFlow: lattice gauge theory sampled exactly with gauge-equivariant normalizing flows.")
        {
            start.Init(services.Init),
            start.Doctor(services.Doctor),
            Configured("run", "Train (if there is a flow), sample every [[sample]], analyse and report.", services.Run, services.DryRun, services.Sweep),
            Configured("train", "Train the flow.", services.Train, services.DryRun),
            Configured("sample", "Draw the ensembles.", services.Sample, services.DryRun),
            new AnalyzeCommands(_options, _invoke).Analyze(services.Analyze, services.AnalyzeSeries),
            growth.Extend(services.Extend),
            growth.Merge(services.Merge),
            new WatchCommands(_options, _invoke).Watch(services.Watch),
            new MeasureCommands(_options, _invoke).Measure(services.Measure),
            Verify(services.Verify),
            OfRuns("repair", "Make manifests again from intact segments, set damaged ones aside, and draw again what is missing between them.", services.Repair),
            Validate(services.CheckFiles),
            OfMachine("devices", "List the devices found, and why any was refused.", services.Devices),
            OfMachine("bench", "Measure the hot kernels against the peak of this machine.", services.Bench),
            exchange.Export(services.Export),
            exchange.Import(services.Import),
            OfRuns("report", "Write report.html from analysis.json.", services.Report, computes: false, writes: true),
            new CompareCommands(_options, _invoke).Compare(services.Compare),
        };
        var guide = new GuideCommands(Root, _invoke);
        Root.Add(guide.Help());
        Root.Add(guide.Manual());
        Root.Add(guide.Completion());
        Root.HelpName = "latticeflow";
    }

    public RootCommand Root { get; }

    private Command Configured(string name, string description, ICommandBody<RunRequest>? body, ICommandBody<DryRunRequest>? dryRun, ICommandBody<SweepRequest>? ofSweep = null)
    {
        var path = new Argument<string?>("CONFIG") { Description = "Configuration (TOML). With --resume it may be left out, or be the directory of the run: then it is the run's own.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(name, description) { path, _options.RunDirectory, _options.Resume, _options.DryRun, _options.Set, _options.Device, _options.Json, _options.Quiet };
        var sweep = new SweepOptions();
        if (ofSweep is not null) sweep.AddTo(command);
        command.SetAction(result => _invoke(result, context =>
        {
            if (ofSweep is not null && sweep.Of(result, result.GetValue(path), result.GetValue(_options.RunDirectory), result.GetValue(_options.Resume), _options.Overrides(result)) is { } points)
            {
                if (result.GetValue(_options.DryRun)) throw new UserErrorException("looks at one run, and a sweep is many") { Key = _options.DryRun.Name, Remedy = "leave out --sweep, or give the values of one point with --set" };
                return ofSweep.Execute(points, context);
            }
            var request = ConfiguredRequest.Of(result.GetValue(path), result.GetValue(_options.RunDirectory), result.GetValue(_options.Resume), _options.Overrides(result));
            return result.GetValue(_options.DryRun) ? Available(dryRun, name).Execute(new(name, request), context) : Available(body, name).Execute(request, context);
        }));
        return command;
    }

    private Command OfRuns(string name, string description, ICommandBody<RunDirectoriesRequest>? body, bool computes = true, bool writes = false)
    {
        var directories = RunDirectories();
        var command = new Command(name, description) { directories, _options.Json, _options.Quiet };
        if (computes)
        {
            command.Add(_options.Set);
            command.Add(_options.Device);
        }
        if (writes) command.Add(_options.Output);
        command.SetAction(result => _invoke(result, context =>
        {
            var overrides = _options.Overrides(result);
            var present = Present(result, directories);
            return Available(body, name).Execute(new(present, overrides, writes ? _options.OutputOf(result, present) : null), context);
        }));
        return command;
    }

    private Command Verify(ICommandBody<VerifyRequest>? body)
    {
        const string Name = "verify";
        var directories = RunDirectories();
        var all = new Option<bool>("--all") { Description = "Recompute everything that is stored, and not only a part of large runs." };
        var command = new Command(Name, "Check hashes, stored observables, the analysis, and the exactness of the flow and of the samplers.")
        {
            directories, all, _options.Set, _options.Device, _options.Json, _options.Quiet,
        };
        command.SetAction(result => _invoke(result, context =>
        {
            var overrides = _options.Overrides(result);
            var present = Present(result, directories);
            return Available(body, Name).Execute(new(present, overrides, result.GetValue(all)), context);
        }));
        return command;
    }

    internal static Argument<string[]> RunDirectories() => new("RUN_DIR") { Description = "Run directories.", Arity = ArgumentArity.OneOrMore };

    internal static string[] Present(ParseResult result, Argument<string[]> directories) => Present(result.GetRequiredValue(directories));

    internal static string[] Present(string[] present)
    {
        foreach (var directory in present.Where(directory => !Directory.Exists(directory)))
        {
            throw new UserErrorException(File.Exists(directory) ? "is a file, not a run directory" : "does not exist")
            {
                File = directory,
                Remedy = "give the directory of a run, such as runs/quickstart",
            };
        }
        return present;
    }

    private Command OfMachine(string name, string description, ICommandBody<MachineRequest>? body)
    {
        var filter = new Option<string?>("--filter") { Description = "Only what contains this text.", HelpName = "TEXT" };
        var command = new Command(name, description) { filter, _options.Device, _options.Json, _options.Quiet };
        command.SetAction(result => _invoke(result, context =>
        {
            var device = _options.DeviceOf(result) ?? "auto";
            if (!RunSettings.IsDeviceName(device))
                throw new UserErrorException("must be auto, cpu, cuda, opencl, cuda:n or opencl:n") { Key = $"--device {device}" };
            return Available(body, name).Execute(new(device, result.GetValue(filter)), context);
        }));
        return command;
    }

    private Command Validate(Action<RunConfiguration>? checkFiles)
    {
        var path = new Argument<string>("CONFIG") { Description = "Configuration (TOML)." };
        var command = new Command("validate", "Check a configuration and print it with every default.") { path, _options.Set, _options.Device, _options.Json, _options.Quiet };
        command.SetAction(result => _invoke(result, context =>
        {
            var configuration = ConfigurationFile.Load(result.GetRequiredValue(path), _options.Overrides(result)).Configuration;
            checkFiles?.Invoke(configuration);
            MemoryEstimate.Check(configuration, result.GetRequiredValue(path), new MemoryLimit());
            context.Log.Information($"expected: {DiskEstimate.Words(configuration)}");
            context.Output.Write(context.Json ? TomlText.Json(configuration.ToTree()) + "\n" : configuration.ToToml());
            return ExitCode.Done;
        }));
        return command;
    }

    internal static ICommandBody<T> Available<T>(ICommandBody<T>? body, string name)
        => body ?? throw new UserErrorException("this command is not available in this build") { Key = name };
}
