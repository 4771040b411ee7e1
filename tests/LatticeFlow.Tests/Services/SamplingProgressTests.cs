using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Storage;

namespace LatticeFlow.Tests;

/// <summary>What progress says while chains run: figures of what was drawn last, after every transition, however rarely a segment is full.</summary>
public sealed class SamplingProgressTests
{
    [Fact]
    public void Every_transition_reports_plaquette_and_acceptance()
    {
        using var run = new CommandRun("""
            [run]
            name = "small"
            device = "cpu"
            [theory]
            extents = [4, 4]
            action = { kind = "wilson", beta = 1.0 }
            [[sample]]
            sampler = "hmc"
            steps = 2
            trajectory_length = 1.6
            configurations = 400
            replicas = 4
            stride = 3
            thermalization = 7
            [analyze]
            observables = ["plaquette"]
            """);
        using var log = new Log(TextWriter.Null, quiet: true);
        using var stop = StopSignal.Install(_ => { });
        var seen = new Recorder();
        Assert.Equal(ExitCode.Done, new SampleCommand().Execute(new(ConfigurationFile.Load(run.Config), run.At("run"), Resume: false), new(TextWriter.Null, log, seen, stop, Json: false)));
        Assert.Equal(7, seen.Reports["hmc thermalization"].Count);
        Assert.All(seen.Reports["hmc thermalization"], report => Assert.Equal(["action", "acceptance"], report.Metrics.Select(metric => metric.Name)));

        // One segment, 300 transitions, and its end.
        var rows = EnsembleReader.Open(run.At("run", "ensemble", "hmc")).ReadSegment(0);
        var reports = seen.Reports["hmc"];
        Assert.Equal(301, reports.Count);
        Assert.Empty(reports[0].Metrics);
        var (done, metrics) = reports[150];
        Assert.Equal((200, "plaquette", "acceptance"), (done, metrics[0].Name, metrics[1].Name));
        Assert.Equal(rows.Observables["plaquette"].Values[196..200].Average(), metrics[0].Value, 12);
        Assert.Equal(rows.Accepted[..200].Average(accepted => (double)accepted), metrics[1].Value, 12);
        Assert.InRange(metrics[1].Value, 0.3, 0.95);
    }

    private sealed class Recorder : IProgressDisplay
    {
        public Dictionary<string, List<(long Done, (string Name, double Value)[] Metrics)>> Reports { get; } = [];

        public T Run<T>(string task, long total, Func<ITaskProgress, T> work, long start = 0, long linesEvery = 0) => work(new Task(Reports[task] = []));

        private sealed class Task(List<(long Done, (string Name, double Value)[] Metrics)> reports) : ITaskProgress
        {
            public void Report(long done, params ReadOnlySpan<(string Name, double Value)> metrics) => reports.Add((done, metrics.ToArray()));
        }
    }
}
