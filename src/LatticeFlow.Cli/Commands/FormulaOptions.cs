using System.CommandLine;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>--derive</c> and <c>--fit</c>.</summary>
internal sealed class FormulaOptions
{
    private readonly Option<string[]> _derive = Repeatable("--derive", "A quantity of mean values, such as \"creutz = -log(W22*W11/(W12*W21))\"; repeatable.", "NAME=FORMULA");
    private readonly Option<string[]> _fit = Repeatable("--fit", "A fit, such as \"potential: V(r,3) = v + sigma*r - c/r for r = 1..4\"; repeatable.", "NAME:FIT");

    public void AddTo(Command command)
    {
        command.Add(_derive);
        command.Add(_fit);
    }

    public FormulaRequest Of(ParseResult result) => new(Values(result, _derive), Values(result, _fit));

    private static string[] Values(ParseResult result, Option<string[]> option) => result.GetResult(option) is null ? [] : result.GetValue(option) ?? [];

    private static Option<string[]> Repeatable(string name, string description, string help) => new(name)
    {
        Description = description,
        HelpName = help,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };
}
