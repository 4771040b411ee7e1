using LatticeFlow.Actions;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>init</c>: writes a configuration, which is read before it is written, so that none is refused afterwards.</summary>
public sealed class InitCommand : ICommandBody<InitRequest>
{
    public int Execute(InitRequest request, CommandContext context)
    {
        var template = Template(request);
        var text = template.Text();
        Check(text, request);
        if (request.Output is not { } path)
        {
            context.Output.Write(text);
            return ExitCode.Done;
        }
        if (File.Exists(path) || Directory.Exists(path)) throw new UserErrorException("is there already, and nothing is overwritten") { File = path, Remedy = "choose another name, or remove it" };
        AtomicFile.WriteText(path, text);
        context.Output.WriteLine(path);
        context.Log.Information($"next: latticeflow run {Provenance.Quoted([path])} --dry-run");
        return ExitCode.Done;
    }

    private static ConfigurationTemplate Template(InitRequest request)
    {
        var action = request.Action ?? ConfigurationTemplate.UsualAction(request.Field);
        var entry = ActionRegistry.All.FirstOrDefault(known => known.Name == action);
        if (entry is null || !entry.Fields.Contains(request.Field))
        {
            throw new UserErrorException(entry is null ? "is no action with a template" : $"is no action of the field {request.Field}")
            {
                Key = $"--action {PrintableText.Short(action)}",
                Remedy = $"choose one of {string.Join(", ", ActionRegistry.All.Where(known => known.Fields.Contains(request.Field)).Select(known => known.Name))}",
            };
        }
        if (request.Parameters.Keys.FirstOrDefault(name => !entry.Parameters.Any(parameter => parameter.Name == name)) is { } foreign)
        {
            throw new UserErrorException($"is no parameter of the action {action}")
            {
                Key = "--" + foreign.Replace('_', '-'),
                Remedy = $"it has {string.Join(", ", entry.Parameters.Select(parameter => "--" + parameter.Name.Replace('_', '-')))}",
            };
        }
        if (request.Extents?.Any(extent => extent is < 1 or > 1 << 20) == true) throw new UserErrorException("must be 1 to 1048576 each") { Key = "--extents" };
        return new()
        {
            Field = request.Field,
            Extents = request.Extents?.Select(extent => (int)extent).ToArray() ?? ConfigurationTemplate.UsualExtents(request.Field),
            Action = action,
            Parameters = request.Parameters,
            Flow = request.Flow,
            Name = request.Name,
        };
    }

    private static void Check(string text, InitRequest request)
    {
        try
        {
            FlowStage.CheckStart(ConfigurationReader.Read(text, "init"));
        }
        catch (ConfigurationException exception)
        {
            // Of what was asked for; the lines of a file that is not there would help nobody.
            throw new UserErrorException($"no such configuration: {string.Join("; ", exception.Errors.Select(error => error.Message))}", inner: exception)
            {
                Key = "init",
                Remedy = request.Flow ? "choose other values, or leave out --flow" : "choose other values",
            };
        }
    }
}
