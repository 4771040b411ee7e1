using System.CommandLine;
using System.CommandLine.Completions;

namespace LatticeFlow.Cli.Commands;

/// <summary>What may stand where an option or an argument wants a value: one of some words, a file, a directory, or anything.</summary>
internal sealed record CommandValue(CommandValueKind Kind, IReadOnlyList<string> Words)
{
    private static readonly string[] _directories = ["DIR", "RUN_DIR", "RUN"];
    private static readonly string[] _files = ["CONFIG", "FILE", "PATH"];

    /// <summary>Null where the option stands alone.</summary>
    public static CommandValue? Of(Option option) => TakesValue(option) ? Of(option.HelpName, option.GetCompletions(CompletionContext.Empty)) : null;

    public static CommandValue Of(Argument argument) => Of(argument.Name, argument.GetCompletions(CompletionContext.Empty));

    public static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option.ValueType != typeof(void);

    private static CommandValue Of(string? name, IEnumerable<CompletionItem> completions)
    {
        string[] words = [.. completions.Select(item => item.Label)];
        var kind = words.Length > 0 ? CommandValueKind.Word
            : name is null ? CommandValueKind.Anything
            : _directories.Contains(name) ? CommandValueKind.Directory
            : _files.Contains(name) ? CommandValueKind.File
            : CommandValueKind.Anything;
        return new(kind, words);
    }
}

/// <summary>Kinds of values, for completion.</summary>
internal enum CommandValueKind
{
    Anything,
    Word,
    File,
    Directory,
}
