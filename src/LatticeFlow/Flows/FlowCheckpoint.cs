using System.Text.Json;
using LatticeFlow.Storage;

namespace LatticeFlow.Flows;

/// <summary>
/// Saved flows: the description of the architecture, the parameters, and whatever the trainer adds. No parameter belongs to a site, so that a
/// checkpoint fits lattices of every volume that the layers can act on.
/// </summary>
public static class FlowCheckpoint
{
    /// <summary>The kind of <see cref="CheckpointReader"/>.</summary>
    public const string Kind = "flow";

    /// <summary>The last state of a training, in the <c>flow</c> folder of a run.</summary>
    public const string Newest = "newest.h5";

    /// <summary>The newest but one: what a training goes on from when <see cref="Newest"/> is damaged.</summary>
    public const string Previous = "previous.h5";

    /// <summary>The trained flow, without the state of its training: what others may start from.</summary>
    public const string Trained = "trained.h5";

    /// <summary>The state with the largest effective sample size among those evaluated.</summary>
    public const string Best = "best.h5";

    private const string Description = "flow";
    private const string Parameters = "parameters";

    /// <summary>Writes the flow and <paramref name="sections"/> atomically; of <see cref="Newest"/> the generation before is kept as <see cref="Previous"/>. Throws <see cref="StorageException"/>.</summary>
    public static void Write(string path, FlowModel model, StateSections sections) => CheckpointWriter.Write(
        path, Kind, sections.Set(Description, FlowDescription.Of(model)).Set(Parameters, (double[])model.Parameters.Clone()),
        keepAs: Path.GetFileName(path) == Newest ? Path.Join(Path.GetDirectoryName(path), Previous) : null);

    /// <summary>Reads the newest state of a folder into a model, or the one before where that is damaged or missing; <paramref name="fault"/> says what was wrong.</summary>
    /// <exception cref="StorageException">Neither can be read; the fault is that of the newest.</exception>
    public static StateSections ReadNewest(string folder, FlowModel model, out StorageException? fault)
    {
        string newest = Path.Join(folder, Newest), previous = Path.Join(folder, Previous);
        fault = null;
        try
        {
            return Read(newest, model);
        }
        catch (StorageException damage) when (damage.ExitCode == StorageException.Corrupt && File.Exists(previous))
        {
            fault = damage;
        }

        try
        {
            return Read(previous, model);
        }
        catch (StorageException)
        {
            throw fault;
        }
    }

    /// <summary>The file that a user means: a checkpoint itself, or the newest one of a run directory.</summary>
    public static string Locate(string fileOrRun) => Directory.Exists(fileOrRun) ? Path.Join(fileOrRun, "flow", Newest) : fileOrRun;

    /// <summary>Reads parameters into a model of the same architecture and returns all sections.</summary>
    /// <exception cref="StorageException">Exit code 4: missing, damaged, or no flow. Exit code 2: a flow of another architecture.</exception>
    public static StateSections Read(string path, FlowModel model)
    {
        var sections = CheckpointReader.Read(path, Kind);
        string? difference;
        try
        {
            difference = FlowDescription.Difference(sections.GetText(Description), model);
        }
        catch (JsonException cause)
        {
            throw new StorageException(path, $"holds a description of a flow that cannot be read ({cause.Message})", "Give another checkpoint", StorageException.Corrupt, cause);
        }

        if (difference is not null)
            throw new StorageException(path, $"is a flow of another architecture: {difference}", "Make flow.layers agree with it, or give another flow.checkpoint", StorageException.Unusable);
        double[] parameters = sections.GetDoubles(Parameters);
        if (parameters.Length != model.Parameters.Length)
            throw new StorageException(path, $"has {parameters.Length} parameters where {model.Parameters.Length} belong", "Give another checkpoint");
        if (!parameters.All(double.IsFinite))
            throw new StorageException(path, "has parameters that are not finite", "Give another checkpoint");
        parameters.CopyTo(model.Parameters, 0);
        return sections;
    }
}
