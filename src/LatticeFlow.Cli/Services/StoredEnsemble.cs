using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary>A folder of segments with what is known of it: of a run its settings, of an import and of a bare folder what the segments say.</summary>
/// <param name="Name">Of the sample.</param>
/// <param name="Folder">Where the segments are.</param>
/// <param name="Field">What configurations are made of.</param>
/// <param name="Lattice">Where they live.</param>
/// <param name="Chain">How the chain that drew them lay on its device; null where that is not known.</param>
/// <param name="Device">As <c>run.device</c>.</param>
/// <param name="Threads">As <c>run.threads</c>.</param>
public sealed record StoredEnsemble(string Name, string Folder, FieldType Field, LatticeGeometry Lattice, ChainLayout? Chain, string Device, int Threads)
{
    public FieldSpace Space => new(Field, Lattice);

    /// <summary>The ensembles at a path: those of a run that have a segment, those of an import, or the one of a folder.</summary>
    /// <exception cref="UserErrorException">There is none, or none of this name.</exception>
    public static IReadOnlyList<StoredEnsemble> At(string path, string? sample)
    {
        var found = Find(path);
        if (found.Count == 0) throw new UserErrorException("holds no stored configuration") { File = path, Remedy = "give the directory of a run that has sampled, or of an import" };
        if (sample is null) return found;
        var chosen = found.Where(ensemble => ensemble.Name == sample).ToArray();
        return chosen.Length > 0 ? chosen
            : throw new UserErrorException($"no sample \"{sample}\" is stored") { File = path, Key = "--sample", Remedy = $"choose one of {string.Join(", ", found.Select(ensemble => ensemble.Name))}" };
    }

    private static IReadOnlyList<StoredEnsemble> Find(string path)
    {
        if (ImportedRun.IsAt(path)) return [.. ImportedRun.Samples(path).Select(name => OfFolder(name, ExistingRun.Ensemble(path, name)))];
        if (!File.Exists(Path.Join(path, "resolved.toml")) && File.Exists(Path.Join(path, "manifest.jsonl"))) return [OfFolder(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), path)];
        var configuration = ExistingRun.Configuration(path, []);
        var lattice = new LatticeGeometry([.. configuration.Theory.Extents]);
        var action = ActionRegistry.Create(lattice, configuration.Theory.Field, configuration.Theory.Action.Description);
        return [.. configuration.Samples.Where(sample => ExistingRun.HasEnsemble(path, sample.Name)).Select(sample => new StoredEnsemble(
            sample.Name, ExistingRun.Ensemble(path, sample.Name), configuration.Theory.Field, lattice,
            Layout(action, sample.Transition, sample.Replicas), configuration.Run.Device, configuration.Run.Threads))];
    }

    private static ChainLayout Layout(IAction action, TransitionSettings transition, int replicas)
    {
        if (TransitionFactory.ReplicasOfChain(transition) > 1) return ChainLayout.OfLadders(action, replicas);
        var layout = ChainLayout.Of(action, replicas);
        return transition.NeedsWholeLattices ? layout with { MayBeSplit = false } : layout;
    }

    private static StoredEnsemble OfFolder(string name, string folder)
    {
        var header = EnsembleReader.Open(folder).Header;
        return new(name, folder, Known(folder, header.Field), new(header.Extents), null, "auto", 0);
    }

    private static FieldType Known(string folder, string field)
    {
        try
        {
            return FieldType.Named(field);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), inner: exception) { File = folder };
        }
    }
}
