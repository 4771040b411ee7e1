using System.CommandLine;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>init</c> and <c>doctor</c>: what comes before the first run.</summary>
internal sealed class StartCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    public Command Init(ICommandBody<InitRequest>? body)
    {
        var group = new Option<string?>("--group") { Description = $"Links of a gauge group: {string.Join(", ", GaugeGroup.All.Select(known => known.Name))}.", HelpName = "GROUP" };
        group.CompletionSources.Add([.. GaugeGroup.All.Select(known => known.Name)]);
        var field = new Option<string?>("--field") { Description = $"\"{FieldType.Scalar.Name}\": a real scalar instead of links.", HelpName = "FIELD" };
        field.CompletionSources.Add(FieldType.Scalar.Name);
        var extents = NumberOptions.Whole("--extents", "L_0 L_1 …, 2 to 4 of them, time first; 8 in every direction unless given.", "L", new(2, 4), severalPerToken: true);
        var action = new Option<string?>("--action") { Description = $"{string.Join(", ", Kinds)}; of links wilson, of a scalar phi4 unless given.", HelpName = "KIND" };
        action.CompletionSources.Add([.. Kinds]);
        var parameters = ActionRegistry.All.SelectMany(entry => entry.Parameters).DistinctBy(parameter => parameter.Name)
            .ToDictionary(parameter => parameter.Name, parameter => NumberOptions.Real("--" + parameter.Name.Replace('_', '-'), $"Of the action: {parameter.Meaning}.", "X", least: double.NegativeInfinity));
        var flow = new Option<bool>("--flow") { Description = "With a flow that is trained and sampled." };
        var name = new Option<string?>("--name") { Description = "Name of the run; made of the theory unless given.", HelpName = "NAME" };
        var output = new Option<string?>("--output") { Description = "File to write, which must not be there; standard output unless given.", HelpName = "FILE" };
        var command = new Command("init", "Write a commented configuration of a theory.") { group, field, extents, action, flow, name, output, options.Quiet };
        foreach (var option in parameters.Values) command.Add(option);
        command.SetAction(result => invoke(result, context =>
        {
            var request = new InitRequest
            {
                Field = FieldOf(result.GetValue(group), result.GetValue(field)),
                Extents = result.GetResult(extents) is null ? null : [.. result.GetValue(extents)!],
                Action = result.GetValue(action),
                Parameters = parameters.Where(parameter => result.GetResult(parameter.Value) is not null).ToDictionary(parameter => parameter.Key, parameter => result.GetValue(parameter.Value)!.Value),
                Flow = result.GetValue(flow),
                Name = result.GetValue(name),
                Output = result.GetValue(output),
            };
            return CommandTree.Available(body, "init").Execute(request, context);
        }));
        return command;
    }

    public Command Doctor(ICommandBody<DoctorRequest>? body)
    {
        var command = new Command("doctor", "Check what this machine has and whether runs can be kept on it: processor, devices, memory, limits, disk, locks, and that kernels agree.")
        {
            options.RunDirectory, options.Device, options.Json, options.Quiet,
        };
        command.SetAction(result => invoke(result, context =>
        {
            var device = options.DeviceOf(result) ?? "auto";
            if (!RunSettings.IsDeviceName(device)) throw new UserErrorException("must be auto, cpu, cuda, opencl, cuda:n or opencl:n") { Key = $"--device {device}" };
            return CommandTree.Available(body, "doctor").Execute(new(result.GetValue(options.RunDirectory) ?? "runs", device), context);
        }));
        return command;
    }

    private static IEnumerable<string> Kinds => ActionRegistry.All.Select(entry => entry.Name);

    private static FieldType FieldOf(string? group, string? field)
    {
        if (group is not null && field is not null) throw new UserErrorException("excludes --group: a theory has links of a gauge group, or a scalar on its sites") { Key = "--field" };
        if (field is not null) return field == FieldType.Scalar.Name ? FieldType.Scalar : throw new UserErrorException($"must be {FieldType.Scalar.Name}") { Key = $"--field {PrintableText.Short(field)}" };
        string[] names = [.. GaugeGroup.All.Select(known => known.Name)];
        if (group is null) throw new UserErrorException("is missing") { Key = "--group", Remedy = $"choose one of {string.Join(", ", names)}, or --field {FieldType.Scalar.Name}" };
        return GaugeGroup.All.FirstOrDefault(known => known.Name == group) ?? throw new UserErrorException($"must be one of {string.Join(", ", names)}") { Key = $"--group {PrintableText.Short(group)}" };
    }
}
