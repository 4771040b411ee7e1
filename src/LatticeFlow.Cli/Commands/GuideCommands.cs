using System.CommandLine;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>help</c>, <c>man</c> and <c>completion</c>: what the tree of commands says about itself.</summary>
internal sealed class GuideCommands(RootCommand root, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    public Command Help()
    {
        var name = new Argument<string?>("COMMAND") { Description = "Whose options are shown; all commands unless given.", HelpName = "COMMAND", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(_ => root.Subcommands.Select(command => new System.CommandLine.Completions.CompletionItem(command.Name)));
        var command = new Command("help", "Show the commands, or the options of one.") { name };
        command.SetAction(result => invoke(result, context =>
        {
            string[] asked = result.GetValue(name) is { } given ? [Known(given).Name, "--help"] : ["--help"];
            return root.Parse(asked).Invoke(new() { Output = context.Output, Error = context.Output });
        }));
        return command;
    }

    public Command Manual()
    {
        var command = new Command("man", "Write the manual page in roff: latticeflow man > latticeflow.1; man -l latticeflow.1.");
        command.SetAction(result => invoke(result, context =>
        {
            context.Output.Write(ManualPage.Write(root));
            return ExitCode.Done;
        }));
        return command;
    }

    public Command Completion()
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", ShellCompletion.Shells)}.", HelpName = "SHELL" };
        shell.CompletionSources.Add([.. ShellCompletion.Shells]);
        var command = new Command("completion", "Write what makes a shell complete commands, options and values: source <(latticeflow completion bash).") { shell };
        command.SetAction(result => invoke(result, context =>
        {
            var name = result.GetRequiredValue(shell);
            if (!ShellCompletion.Shells.Contains(name))
                throw new UserErrorException($"must be one of {string.Join(", ", ShellCompletion.Shells)}") { Key = $"completion {PrintableText.Short(name)}" };
            context.Output.Write(ShellCompletion.Write(root, name));
            return ExitCode.Done;
        }));
        return command;
    }

    private Command Known(string name)
    {
        if (root.Subcommands.FirstOrDefault(command => command.Name == name) is { } known) return known;
        string[] names = [.. root.Subcommands.Select(command => command.Name)];
        throw new UserErrorException("is no command") { Key = $"help {PrintableText.Short(name)}", Remedy = Suggestion.Nearest(name, names) is { } nearest ? $"did you mean {nearest}?" : $"known are {string.Join(", ", names)}" };
    }
}
