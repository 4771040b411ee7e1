using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>The flow of a run: where its checkpoints are, how it starts, and whether it is ready to be sampled.</summary>
public static class FlowStage
{
    public const string TrainingStep = "training_step";
    public const string TrainingSeconds = "training_seconds";

    /// <summary>Refuses a flow that cannot start from its checkpoint, before anything is written.</summary>
    public static void Check(RunConfiguration configuration, string runDirectory)
    {
        // A run that has begun keeps its own copy.
        if (!HasState(Path.Join(runDirectory, "flow"))) CheckStart(configuration);
    }

    /// <summary>Refuses a flow whose <c>flow.checkpoint</c> is not there, is damaged, or is of another architecture.</summary>
    public static void CheckStart(RunConfiguration configuration)
    {
        if (configuration.Flow is not { Checkpoint: not "" } flow) return;
        var path = FlowCheckpoint.Locate(flow.Checkpoint);
        if (!File.Exists(path)) throw new UserErrorException("does not exist", ExitCode.CorruptData) { File = path, Key = "flow.checkpoint", Remedy = "give a checkpoint or a run with one, relative to the working directory" };
        FlowCheckpoint.Read(path, configuration.NewFlow());
    }

    /// <summary>The file of the last state of the flow.</summary>
    public static string Newest(string runDirectory) => Path.Join(runDirectory, "flow", FlowCheckpoint.Newest);

    /// <summary>
    /// The model as this run last left it, with the sections of its checkpoint. A run that has none yet starts from fresh parameters or from
    /// <c>flow.checkpoint</c>, and keeps its own copy.
    /// </summary>
    public static (FlowModel Model, StateSections Saved) Open(RunSession session)
    {
        var flow = session.Configuration.Flow!;
        var model = session.Configuration.NewFlow();
        var newest = Path.Join(session.Directory.FlowDirectory, FlowCheckpoint.Newest);
        if (HasState(session.Directory.FlowDirectory)) return (model, Continue(session, newest, model));
        var sections = new StateSections().Set(TrainingStep, 0L);
        if (flow.Checkpoint == "") model.Initialize(session.Seed("parameters"));
        else
        {
            var source = FlowCheckpoint.Locate(flow.Checkpoint);
            var before = FlowCheckpoint.Read(source, model);
            if (before.Has(TrainingSeconds)) sections.Set(TrainingSeconds, before.GetDouble(TrainingSeconds));
            session.Context.Log.Information($"flow: starts from {source}");
        }
        FlowCheckpoint.Write(newest, model, sections);
        return (model, sections);
    }

    private static bool HasState(string folder) => File.Exists(Path.Join(folder, FlowCheckpoint.Newest)) || File.Exists(Path.Join(folder, FlowCheckpoint.Previous));

    private static StateSections Continue(RunSession session, string newest, FlowModel model)
    {
        var saved = FlowCheckpoint.ReadNewest(session.Directory.FlowDirectory, model, out var fault);
        if (fault is null) return saved;
        session.Context.Log.Warning($"{fault.File}: {fault.What}; going on from {FlowCheckpoint.Previous}, step {saved.GetLong(TrainingStep)}");
        // Out of the way, so that it does not become the generation before.
        if (File.Exists(newest)) File.Move(newest, newest + ".corrupt", overwrite: true);
        return saved;
    }

    /// <summary>The model to sample from, trained as far as the configuration asks.</summary>
    /// <exception cref="UserErrorException">Training has not come to its end.</exception>
    public static FlowModel Trained(RunSession session)
    {
        var (model, saved) = Open(session);
        if (session.Configuration.Train is { } train && saved.GetLong(TrainingStep) < train.Steps)
        {
            throw new UserErrorException($"the flow has been trained for {saved.GetLong(TrainingStep)} of {train.Steps} steps")
            {
                File = session.Directory.Path,
                Remedy = $"finish with latticeflow train CONFIG --run-dir {session.Directory.Path} --resume",
            };
        }
        return model;
    }
}
