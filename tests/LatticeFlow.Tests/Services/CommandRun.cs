using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>Commands as a user calls them, on a lattice small enough for a test.</summary>
internal sealed class CommandRun : IDisposable
{
    /// <summary>A flow and four samplers on 4×8 sites.</summary>
    public const string Small = """
        [run]
        name = "small"
        device = "cpu"
        [theory]
        extents = [4, 8]
        action = { kind = "wilson", beta = 1.0 }
        [flow]
        layers = [ { kind = "plaquette-coupling", count = 8, hidden = [4] } ]
        [train]
        steps = 24
        batch = 64
        learning_rate = 5e-3
        evaluate_every = 8
        evaluate_samples = 256
        checkpoint_every = 7
        [[sample]]
        sampler = "flow"
        configurations = 6006
        replicas = 8
        thermalization = 20
        segment = 800
        [[sample]]
        sampler = "hmc"
        acceptance = 0.8
        configurations = 2000
        replicas = 8
        thermalization = 60
        segment = 400
        [[sample]]
        sampler = "heatbath"
        overrelaxation = 1
        configurations = 2000
        replicas = 8
        thermalization = 50
        [[sample]]
        name = "flow-and-hmc"
        sampler = "mixture"
        parts = [ { sampler = "hmc", steps = 4 }, { sampler = "flow" } ]
        configurations = 1000
        replicas = 8
        thermalization = 50
        [analyze]
        observables = ["plaquette", "topological_charge", "topological_charge_squared", "wilson_loop_2x2", "polyakov_abs"]
        """;

    private readonly ScratchDirectory _scratch = new();

    public CommandRun(string configuration = Small)
    {
        Config = _scratch.At("config.toml");
        File.WriteAllText(Config, configuration);
    }

    public string Config { get; }

    public string At(params string[] parts) => _scratch.At(parts);

    public static (int Code, string Output, string Error) Invoke(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Invoke(arguments, BuiltServices.Create(), output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary><c>command config.toml --run-dir name</c> and more.</summary>
    public (int Code, string Output, string Error) In(string directory, string command, params string[] more) => Invoke([command, Config, "--run-dir", At(directory), .. more]);

    /// <summary>The same, stopped as by a signal when a task with this name has reached a count.</summary>
    public int Stopped(string directory, ICommandBody<RunRequest> body, string task, long at, bool resume = false)
    {
        using var log = new Log(TextWriter.Null, quiet: true);
        using var stop = StopSignal.Install(_ => { });
        return body.Execute(new(ConfigurationFile.Load(Config), At(directory), resume), new(TextWriter.Null, log, new StopAt(stop, task, at), stop, Json: false));
    }

    /// <summary>A sampling during which somebody else fills the disk beside the run, with a file <c>filler</c>, when a task has reached a count.</summary>
    public (int Code, string Error) Filled(string directory, string task, long at)
    {
        using var log = new Log(TextWriter.Null, quiet: true);
        using var stop = StopSignal.Install(_ => { });
        try
        {
            return (new SampleCommand().Execute(new(ConfigurationFile.Load(Config), directory, Resume: false), new(TextWriter.Null, log, new DoAt(task, at, () => Fill(Path.Join(directory, "..", "filler"), leave: 400_000)), stop, Json: false)), "");
        }
        catch (StorageException exception)
        {
            return (exception.ExitCode, exception.Message);
        }

        static void Fill(string path, long leave)
        {
            using var file = File.Create(path);
            var room = new DriveInfo(path).AvailableFreeSpace - leave;
            file.Write(new byte[room]);
        }
    }

    /// <summary>The lines of <c>metrics.jsonl</c> of a kind, without wall times and energy. Work is the same however a run was stopped, but for proposals of a flow: a batch that a resumed chain stands in is drawn again.</summary>
    public string[] Metrics(string directory, string kind) => [.. File.ReadLines(At(directory, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())
        .Where(entry => (string?)entry["kind"] == kind)
        .Select(entry =>
        {
            foreach (string varying in (string[])["seconds", "thermalization_seconds", "joules"]) entry.Remove(varying);
            if (entry["work"] is JsonObject work && work.ContainsKey("flow")) entry.Remove("work");
            return entry.ToJsonString();
        })];

    /// <summary>That the ensembles of two runs are the same files.</summary>
    public void AssertSameEnsembles(string expected, string actual)
    {
        var files = Directory.GetFiles(At(expected, "ensemble"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is "manifest.jsonl" || Path.GetFileName(file).StartsWith("seg-", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(At(actual, Path.GetRelativePath(At(expected), file))));
    }

    public void Dispose() => _scratch.Dispose();

    /// <summary>Stops as by a signal when a task has reached a count.</summary>
    internal sealed class StopAt(StopSignal stop, string task, long at) : IProgressDisplay
    {
        private readonly DoAt _inner = new(task, at, () => stop.Request("the test"));

        public T Run<T>(string name, long total, Func<ITaskProgress, T> work, long start = 0, long linesEvery = 0) => _inner.Run(name, total, work, start, linesEvery);
    }

    /// <summary>Does something when a task has reached a count, once.</summary>
    private sealed class DoAt(string task, long at, Action action) : IProgressDisplay
    {
        public T Run<T>(string name, long total, Func<ITaskProgress, T> work, long start = 0, long linesEvery = 0) => work(new Watch(action, name == task ? at : long.MaxValue));

        private sealed class Watch(Action action, long at) : ITaskProgress
        {
            private bool _done;

            public void Report(long done, params ReadOnlySpan<(string Name, double Value)> metrics)
            {
                if (done < at || _done) return;
                _done = true;
                action();
            }
        }
    }
}
