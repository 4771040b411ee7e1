using System.CommandLine;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>measure</c>: arguments and options.</summary>
internal sealed class MeasureCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    public Command Measure(ICommandBody<MeasureRequest>? body)
    {
        const string Name = "measure";
        var directories = CommandTree.RunDirectories();
        var observables = new Option<string[]>("--observables")
        {
            Description = "Names as in analyze.observables, separated by blanks or commas; without it what was measured before is completed.",
            HelpName = "NAME",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var sample = new Option<string?>("--sample") { Description = "Name of the [[sample]]; all unless given.", HelpName = "NAME" };
        var command = new Command(Name, "Measure observables on stored configurations; analyze and report take them up.") { directories, observables, sample, options.Device, options.Json, options.Quiet };
        command.SetAction(result => invoke(result, context =>
        {
            string[] names = result.GetResult(observables) is null ? [] : [.. (result.GetValue(observables) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            if (names.GroupBy(name => name).FirstOrDefault(group => group.Skip(1).Any()) is { } twice) throw new UserErrorException($"names \"{twice.Key}\" twice") { Key = observables.Name };
            var device = options.DeviceOf(result);
            if (device is not null && !RunSettings.IsDeviceName(device)) throw new UserErrorException("must be auto, cpu, cuda, opencl, cuda:n or opencl:n") { Key = $"--device {device}" };
            var present = CommandTree.Present(result, directories);
            return CommandTree.Available(body, Name).Execute(new(present, names, result.GetValue(sample), device), context);
        }));
        return command;
    }
}
