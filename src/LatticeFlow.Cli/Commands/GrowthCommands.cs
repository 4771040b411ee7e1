using System.CommandLine;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>Go on with a run beyond what it was asked for.</summary>
/// <param name="RunDirectory">The run.</param>
/// <param name="Configurations">How many configurations the ensembles have then; null: as many as they were asked for.</param>
/// <param name="Sample">The one that grows; null: all.</param>
/// <param name="TrainSteps">How many steps the training has then; null: as many as it was asked for.</param>
/// <param name="Overrides">That of the device.</param>
public sealed record ExtendRequest(string RunDirectory, int? Configurations, string? Sample, int? TrainSteps, IReadOnlyList<Override> Overrides);

/// <summary>Make one run of several.</summary>
/// <param name="RunDirectories">Runs, or imported ensembles.</param>
/// <param name="To">The new directory.</param>
/// <param name="Sample">The ensemble that is merged; null: all, which every run has.</param>
public sealed record MergeRequest(IReadOnlyList<string> RunDirectories, string To, string? Sample);

/// <summary><c>extend</c> and <c>merge</c>: arguments and options.</summary>
internal sealed class GrowthCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    public Command Extend(ICommandBody<ExtendRequest>? body)
    {
        var directory = new Argument<string>("RUN_DIR") { Description = "Run directory." };
        var configurations = NumberOptions.Whole("--configurations", "Configurations that an ensemble has afterwards, all replicas together.", "N", ArgumentArity.ExactlyOne, severalPerToken: false);
        var sample = new Option<string?>("--sample") { Description = "Name of the [[sample]] that grows; all unless given.", HelpName = "NAME" };
        var steps = NumberOptions.Whole("--train-steps", "Steps that the training of the flow has afterwards; only before the flow is sampled.", "N", ArgumentArity.ExactlyOne, severalPerToken: false);
        var command = new Command("extend", "Go on with a run beyond what it was asked for, bit for bit as if the larger number had been asked for at the start; then analyse and report.")
        {
            directory, configurations, sample, steps, options.Device, options.Json, options.Quiet,
        };
        command.SetAction(result => invoke(result, context =>
        {
            var (more, longer) = (Number(result, configurations), Number(result, steps));
            if (more is null && longer is null) throw new UserErrorException("says by how much") { Key = $"{configurations.Name} N", Remedy = $"give it, or {steps.Name} N" };
            if (more is null && result.GetValue(sample) is { } name) throw new UserErrorException("belongs to --configurations") { Key = $"{sample.Name} {name}", Remedy = "leave it out, or give both" };
            var request = new ExtendRequest(result.GetRequiredValue(directory), more, result.GetValue(sample), longer, options.Overrides(result));
            return CommandTree.Available(body, "extend").Execute(request, context);
        }));
        return command;
    }

    public Command Merge(ICommandBody<MergeRequest>? body)
    {
        var directories = new Argument<string[]>("RUN_DIR") { Description = "Runs that differ in their seeds and lengths, or imported ensembles.", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--to") { Description = "New directory.", HelpName = "DIR", Required = true };
        var sample = new Option<string?>("--sample") { Description = "Name of the [[sample]] to merge; all unless given.", HelpName = "NAME" };
        var command = new Command("merge", "Make replicas of one run out of ensembles of one theory and sampler that were drawn with different seeds.") { directories, to, sample, options.Json, options.Quiet };
        command.SetAction(result => invoke(result, context => CommandTree.Available(body, "merge").Execute(
            new(CommandTree.Present(result, directories), result.GetRequiredValue(to), result.GetValue(sample)), context)));
        return command;
    }

    private static int? Number(ParseResult result, Option<long[]> option) => result.GetResult(option) is null || result.GetValue(option) is not [var value] ? null
        : value is >= 1 and <= int.MaxValue ? (int)value
        : throw new UserErrorException($"must be 1 to {int.MaxValue}") { Key = $"{option.Name} {value}" };
}
