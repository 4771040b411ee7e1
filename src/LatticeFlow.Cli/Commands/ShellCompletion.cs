using System.CommandLine;
using System.Globalization;
using System.Text;

namespace LatticeFlow.Cli.Commands;

/// <summary>Scripts that make a shell complete the commands, their options and the values of these. They are made from the tree once, and start no program at a keystroke.</summary>
internal static class ShellCompletion
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static string Write(RootCommand root, string shell) => shell switch
    {
        "bash" => Bash(root),
        "zsh" => Zsh(root),
        "fish" => Fish(root),
        _ => throw new ArgumentException($"no completion is made for {shell}", nameof(shell)),
    };

    private static IEnumerable<Option> Options(Command command) => command.Options.Where(option => !option.Hidden);

    private static string Bash(RootCommand root)
    {
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $$"""
            # bash completion for latticeflow, written by: latticeflow completion bash
            _latticeflow() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= i
                COMPREPLY=()
                # bash takes --device=cpu apart at the equals sign.
                if [[ $current == "=" ]]; then current=; elif [[ $previous == "=" ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    if [[ ${COMP_WORDS[i]} != -* ]]; then command=${COMP_WORDS[i]}; break; fi
                done
                if [[ -z $command ]]; then
                    COMPREPLY=($(compgen -W "{{string.Join(' ', root.Subcommands.Select(command => command.Name).Concat(Options(root).Select(option => option.Name)))}}" -- "$current"))
                    return
                fi
                case $command:$previous in

            """);
        foreach (var command in root.Subcommands)
        {
            foreach (var option in Options(command))
            {
                if (CommandValue.Of(option) is { } value) script.Append(CultureInfo.InvariantCulture, $"        {command.Name}:{option.Name}) {Reply(value)}return ;;\n");
            }
        }
        script.Append("    esac\n    if [[ $current == -* ]]; then\n        case $command in\n");
        foreach (var command in root.Subcommands)
            script.Append(CultureInfo.InvariantCulture, $"            {command.Name}) COMPREPLY=($(compgen -W \"{string.Join(' ', Options(command).Select(option => option.Name))}\" -- \"$current\")) ;;\n");
        script.Append("        esac\n        return\n    fi\n    case $command in\n");
        foreach (var command in root.Subcommands.Where(command => command.Arguments.Count > 0))
            script.Append(CultureInfo.InvariantCulture, $"        {command.Name}) {Reply(CommandValue.Of(command.Arguments[0]))};;\n");
        return script.Append("    esac\n}\ncomplete -o filenames -F _latticeflow latticeflow\n").ToString();
    }

    private static string Reply(CommandValue value) => value.Kind switch
    {
        CommandValueKind.Word => $"COMPREPLY=($(compgen -W \"{string.Join(' ', value.Words)}\" -- \"$current\")); ",
        CommandValueKind.Directory => "mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); ",
        CommandValueKind.File => "mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); ",
        _ => "",
    };

    private static string Zsh(RootCommand root)
    {
        var script = new StringBuilder("#compdef latticeflow\n# zsh completion for latticeflow, written by: latticeflow completion zsh > _latticeflow, in a folder of $fpath\n_latticeflow() {\n    local -a commands\n    commands=(\n");
        foreach (var command in root.Subcommands) script.Append(CultureInfo.InvariantCulture, $"        '{command.Name}:{ZshText(command.Description)}'\n");
        script.Append("    )\n    if (( CURRENT == 2 )); then\n        _describe -t commands command commands\n        return\n    fi\n    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n    case $command in\n");
        foreach (var command in root.Subcommands)
        {
            script.Append(CultureInfo.InvariantCulture, $"        {command.Name})\n            _arguments");
            foreach (var option in Options(command))
            {
                var value = CommandValue.Of(option) is { } known ? $":{ZshText(option.HelpName ?? "VALUE")}:{ZshAction(known)}" : "";
                script.Append(CultureInfo.InvariantCulture, $" \\\n                '{(option.Arity.MaximumNumberOfValues > 1 ? "*" : "")}{option.Name}[{ZshText(option.Description)}]{value}'");
            }
            foreach (var argument in command.Arguments)
                script.Append(CultureInfo.InvariantCulture, $" \\\n                '{(argument.Arity.MaximumNumberOfValues > 1 ? "*" : "1")}:{argument.Name}:{ZshAction(CommandValue.Of(argument))}'");
            script.Append(" ;;\n");
        }
        return script.Append("    esac\n}\nif [ \"$funcstack[1]\" = \"_latticeflow\" ]; then _latticeflow; else compdef _latticeflow latticeflow; fi\n").ToString();
    }

    private static string ZshAction(CommandValue value) => value.Kind switch
    {
        CommandValueKind.Word => $"({string.Join(' ', value.Words)})",
        CommandValueKind.Directory => "_files -/",
        CommandValueKind.File => "_files",
        _ => " ",
    };

    // Within single quotes, where brackets end a description and a colon ends a part.
    private static string ZshText(string? text) => (text ?? "").Replace("'", "'\\''", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Fish(RootCommand root)
    {
        var script = new StringBuilder("# fish completion for latticeflow, written by: latticeflow completion fish > ~/.config/fish/completions/latticeflow.fish\ncomplete -c latticeflow -f\n");
        foreach (var command in root.Subcommands)
        {
            script.Append(CultureInfo.InvariantCulture, $"complete -c latticeflow -n __fish_use_subcommand -a {command.Name} -d '{FishText(command.Description)}'\n");
            var within = $"complete -c latticeflow -n '__fish_seen_subcommand_from {command.Name}'";
            foreach (var option in Options(command).Where(option => option.Name.StartsWith("--", StringComparison.Ordinal)))
            {
                var value = CommandValue.Of(option) is { } known ? $" {(known.Kind == CommandValueKind.File ? "-r" : "-x")}{FishValue(known)}" : "";
                script.Append(CultureInfo.InvariantCulture, $"{within} -l {option.Name[2..]}{value} -d '{FishText(option.Description)}'\n");
            }
            if (command.Arguments.Count > 0 && CommandValue.Of(command.Arguments[0]) is { Kind: not CommandValueKind.Anything } first) script.Append(CultureInfo.InvariantCulture, $"{within}{FishValue(first)}\n");
        }
        return script.ToString();
    }

    private static string FishValue(CommandValue value) => value.Kind switch
    {
        CommandValueKind.Word => $" -a '{string.Join(' ', value.Words)}'",
        CommandValueKind.Directory => " -a '(__fish_complete_directories)'",
        CommandValueKind.File => " -F",
        _ => "",
    };

    private static string FishText(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
