using System.Globalization;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Services;

/// <summary><c>extend</c>: <c>run --resume</c> with the run's own configuration, which asks for more.</summary>
public sealed class ExtendCommand : ICommandBody<ExtendRequest>
{
    public int Execute(ExtendRequest request, CommandContext context)
    {
        var directory = request.RunDirectory;
        MergedRun.RefuseToGoOn(directory);
        if (ImportedRun.IsAt(directory)) throw new UserErrorException("is an imported ensemble: there is no chain that could go on") { File = directory, Remedy = "import more files" };
        var before = ExistingRun.Configuration(directory, []);
        var file = ConfigurationFile.OfRun(directory, [.. Grown(request, before), .. request.Overrides]);
        return new RunCommand().Execute(new(file, directory, Resume: true), context);
    }

    private static IEnumerable<Override> Grown(ExtendRequest request, RunConfiguration before)
    {
        if (request.TrainSteps is { } steps)
        {
            if (before.Train is not { } train) throw new UserErrorException("the run trains no flow") { File = request.RunDirectory, Key = $"--train-steps {steps}", Remedy = "leave it out" };
            if (steps < train.Steps) throw Shrinks("--train-steps", steps, $"the training was asked for {train.Steps} steps", request.RunDirectory);
            yield return Of("train.steps", steps);
        }
        if (request.Configurations is not { } count) yield break;
        var names = before.Samples.Select(sample => sample.Name).ToArray();
        if (request.Sample is { } name && !names.Contains(name))
        {
            throw new UserErrorException($"the run has no sample \"{name}\"")
            {
                File = request.RunDirectory,
                Key = "--sample",
                Remedy = names.Length == 0 ? "it draws no ensemble" : $"choose one of {string.Join(", ", names)}",
            };
        }
        if (names.Length == 0) throw new UserErrorException("the run draws no ensemble") { File = request.RunDirectory, Key = $"--configurations {count}", Remedy = "leave it out" };
        foreach (var sample in before.Samples.Where(sample => sample.Name == (request.Sample ?? sample.Name)))
        {
            if (count < sample.Configurations) throw Shrinks("--configurations", count, $"\"{sample.Name}\" was asked for {sample.Configurations}", request.RunDirectory, names.Length > 1 ? ", or name another one with --sample" : "");
            yield return Of($"sample.{sample.Name}.configurations", count);
        }
    }

    private static UserErrorException Shrinks(string option, int value, string before, string directory, string or = "")
        => new($"{before}: what is there grows and is not cut") { File = directory, Key = $"{option} {value}", Remedy = $"give a larger number{or}" };

    private static Override Of(string path, int value) => new(path, value.ToString(CultureInfo.InvariantCulture), new($"{path} = {value}"));
}
