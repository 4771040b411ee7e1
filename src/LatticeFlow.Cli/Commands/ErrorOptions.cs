using System.CommandLine;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>Options for errors: <c>--s 2</c> for all observables, <c>--s plaquette=2</c> for one. Each stands for a key of <c>[analyze]</c>.</summary>
internal sealed class ErrorOptions
{
    private static readonly string[] _words = ["convention", "method"];

    private readonly (Option<string[]> Option, string Key)[] _options =
    [
        (OfAny("--s", "S of the automatic window of the Gamma method; 0: uncorrelated.", "[NAME=]S"), "s"),
        (OfAny("--tau-exp", "auto (tails of slow observables are found and attached), 0 (none), or a slowest time in stored configurations whose tail is attached.", "[NAME=]T"), "tau_exp"),
        (OfAny("--bin", "Configurations whose mean is taken for one value; 0: 1, and by itself for resampling.", "[NAME=]N"), "bin"),
        (OfAny("--convention", "uwerr or pyerrors.", "[NAME=]WORD"), "convention"),
        (OfAny("--method", "gamma, jackknife or bootstrap.", "[NAME=]WORD"), "method"),
        (OfAny("--discard", "Stored configurations to leave out at the beginning of each replica.", "N"), "discard"),
    ];

    public void AddTo(Command command)
    {
        foreach (var (option, _) in _options) command.Add(option);
    }

    /// <summary>What was given, as overrides of the configuration.</summary>
    /// <exception cref="UserErrorException">A value is given for one observable that is the same for all.</exception>
    public IReadOnlyList<Override> Overrides(ParseResult result)
    {
        List<Override> overrides = [];
        foreach (var (option, key) in _options)
        {
            foreach (var text in result.GetResult(option) is null ? [] : result.GetValue(option) ?? [])
            {
                var split = text.LastIndexOf('=');
                var value = text[(split + 1)..].Trim();
                if (split >= 0 && key == "discard") throw new UserErrorException("is the same for all observables") { Key = $"{option.Name} {PrintableText.Short(text)}", Remedy = "give a number" };
                if (split == 0 || value.Length == 0) throw new UserErrorException("must be a value, or NAME=VALUE for one observable") { Key = $"{option.Name} {PrintableText.Short(text)}" };
                var path = split < 0 ? $"analyze.{key}" : $"analyze.of.{TomlText.Quote(text[..split].Trim())}.{key}";
                overrides.Add(new(path, _words.Contains(key) || value == "auto" ? TomlText.Quote(value) : value, new($"{option.Name} {text}")));
            }
        }
        return overrides;
    }

    private static Option<string[]> OfAny(string name, string description, string help) => new(name)
    {
        Description = description,
        HelpName = help,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
