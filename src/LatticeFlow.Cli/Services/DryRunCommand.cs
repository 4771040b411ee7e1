using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Gpu;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>--dry-run</c>: everything that is checked before a run begins, and what the run would do, where and of what size. Nothing is written, nothing is held.</summary>
public sealed class DryRunCommand : ICommandBody<DryRunRequest>
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Execute(DryRunRequest request, CommandContext context)
    {
        var (run, configuration) = (request.Run, request.Run.Configuration);
        if (request.Command == "train" && configuration.Flow is null) throw new UserErrorException("there is no [flow] to train") { File = run.File.Path };
        if (request.Command == "sample" && configuration.Samples.Count == 0) throw new UserErrorException("there is no [[sample]] to draw") { File = run.File.Path };
        FlowStage.Check(configuration, run.RunDirectory);
        MemoryEstimate.Check(configuration, run.File.Path, new MemoryLimit());
        // The action is made as a run makes it; its device is opened, and nothing is computed on it.
        _ = ActionRegistry.Create(new([.. configuration.Theory.Extents]), configuration.Theory.Field, configuration.Theory.Action.Description);
        string device;
        using (var opened = DeviceCatalog.Open(configuration.Run.Device, configuration.Run.Threads)) device = opened.Name;
        var state = State(request);
        var free = FileSystem.Of(run.RunDirectory).Free;
        DiskEstimate.Check(configuration, run.File.Path, run.RunDirectory, _ => free);
        var bytes = request.Command == "train" ? DiskEstimate.BytesOfFlow(configuration) : DiskEstimate.Bytes(configuration);
        Write(request, context, device, state, bytes, free);
        return ExitCode.Done;
    }

    /// <summary>What the run would find in its directory; throws where it would be refused.</summary>
    private static string State(DryRunRequest request)
    {
        var path = request.Run.RunDirectory;
        if (File.Exists(path)) throw new UserErrorException("is a file") { File = path, Remedy = "choose another --run-dir" };
        var resolved = Path.Join(path, "resolved.toml");
        if (!File.Exists(resolved))
        {
            if (!Directory.Exists(path)) return "is new";
            if (RunDirectory.ForeignEntry(path) is { } foreign) throw new UserErrorException($"is not empty (it has '{foreign}') and is no run") { File = path, Remedy = "choose another --run-dir" };
            return "is there, and empty";
        }
        if (!request.Run.Resume && !(request.Command == "sample" && ExistingRun.HasNoEnsemble(path)))
            throw new UserErrorException("holds a run already") { File = path, Remedy = "go on with it by --resume, or choose another --run-dir" };
        var (text, grown) = RunSession.Resolve(request.Run);
        if (ResolvedConfiguration.Compare(File.ReadAllText(resolved), text).Difference is var (number, before, now))
            throw new UserErrorException($"was started with another configuration (resolved.toml, line {number}: '{before}', not '{now}')") { File = path, Remedy = "choose another --run-dir, or go on with what it was started with" };
        return grown.Count == 0 ? "holds a run, which would go on" : $"holds a run, which would go on to {string.Join(", ", grown.Select(growth => string.Create(CultureInfo.InvariantCulture, $"{growth.Key} = {growth.To} from {growth.From}")))}";
    }

    private static void Write(DryRunRequest request, CommandContext context, string device, string state, double bytes, double free)
    {
        var configuration = request.Run.Configuration;
        var trains = request.Command is "run" or "train" && configuration.Train is not null;
        IReadOnlyList<SampleSettings> samples = request.Command == "train" ? [] : configuration.Samples;
        var memory = samples.Select(sample => MemoryEstimate.Bytes(configuration.Theory, sample, configuration.Run)).DefaultIfEmpty(0).Max();
        if (context.Json)
        {
            context.Output.WriteLine(new JsonObject
            {
                ["command"] = request.Command,
                ["run_directory"] = request.Run.RunDirectory,
                ["state"] = state,
                ["device"] = device,
                ["training_steps"] = trains ? configuration.Train!.Steps : null,
                ["parameters"] = configuration.Flow is null ? null : configuration.NewFlow().Parameters.Length,
                ["samples"] = new JsonArray([.. samples.Select(sample => new JsonObject
                {
                    ["name"] = sample.Name,
                    ["sampler"] = sample.Transition.Kind.Name,
                    ["configurations"] = sample.Configurations,
                    ["replicas"] = sample.Replicas,
                    ["transitions"] = Transitions(sample),
                    ["bytes"] = DiskEstimate.Bytes(configuration, sample),
                })]),
                ["observables"] = new JsonArray([.. configuration.Analyze.Observables.Select(name => JsonValue.Create(name))]),
                ["bytes"] = bytes,
                ["free_bytes"] = free,
                ["memory_bytes"] = memory,
            }.ToJsonString(_indented));
            return;
        }
        var line = context.Output;
        line.WriteLine($"{request.Run.File.Path}: nothing is wrong with it");
        line.WriteLine($"directory  {request.Run.RunDirectory} {state}");
        line.WriteLine($"device     {device}");
        line.WriteLine(string.Create(CultureInfo.InvariantCulture, $"theory     {configuration.Theory.Field} on {string.Join("x", configuration.Theory.Extents)}, action {configuration.Theory.Action.Kind}"));
        if (configuration.Flow is not null) line.WriteLine(string.Create(CultureInfo.InvariantCulture, $"flow       {configuration.NewFlow().Parameters.Length} parameters{(configuration.Flow.Checkpoint.Length > 0 ? $", from {configuration.Flow.Checkpoint}" : "")}"));
        if (trains) line.WriteLine(string.Create(CultureInfo.InvariantCulture, $"train      {configuration.Train!.Steps} steps of {configuration.Train.Batch} configurations"));
        foreach (var sample in samples)
        {
            line.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"sample     {sample.Name}: {sample.Configurations} configurations of {sample.Replicas} replicas by {sample.Transition.Kind.Name}, {Transitions(sample)} transitions a replica, {DiskEstimate.Text(DiskEstimate.Bytes(configuration, sample))} on the disk"));
        }
        if (samples.Count > 0) line.WriteLine(string.Create(CultureInfo.InvariantCulture, $"disk       {DiskEstimate.Text(bytes)} of {DiskEstimate.Text(free)} free; memory at least {DiskEstimate.Text(memory)}"));
        if (request.Command == "run") line.WriteLine($"analyze    {string.Join(", ", configuration.Analyze.Observables)}");
        line.WriteLine("dry run: nothing was written");
    }

    private static long Transitions(SampleSettings sample) => sample.Thermalization + ((long)sample.Stride * ((sample.Configurations + sample.Replicas - 1) / sample.Replicas));
}
