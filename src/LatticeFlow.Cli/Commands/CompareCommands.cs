using System.CommandLine;

namespace LatticeFlow.Cli.Commands;

/// <summary>Set the analyses of several runs side by side.</summary>
/// <param name="RunDirectories">Runs, imported ensembles, or parents of sweeps.</param>
public sealed record CompareRequest(IReadOnlyList<string> RunDirectories)
{
    /// <summary>Only these; empty: all.</summary>
    public IReadOnlyList<string> Observables { get; init; } = [];

    /// <summary>Only the ensembles of this name; null: all.</summary>
    public string? Sampler { get; init; }

    /// <summary>Whether ensembles at several β are joined; the range of couplings as first:last:step, or empty: all between the runs.</summary>
    public string? Reweight { get; init; }

    /// <summary>Formulas to reweight, and fits over the runs.</summary>
    public FormulaRequest Formulas { get; init; } = new([], []);

    /// <summary>Directory for <c>compare.json</c>, <c>compare.csv</c> and <c>compare.html</c>; null: the parent of a sweep where one is given, else nothing is written.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the table is printed as CSV.</summary>
    public bool Csv { get; init; }
}

/// <summary><c>compare</c>: arguments and options.</summary>
internal sealed class CompareCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    public Command Compare(ICommandBody<CompareRequest>? body)
    {
        const string Name = "compare";
        var directories = new Argument<string[]>("RUN") { Description = "Run directories, imported ensembles, or parents of sweeps.", Arity = ArgumentArity.OneOrMore };
        var observables = new Option<string?>("--observables") { Description = "Only these, separated by commas.", HelpName = "A,B" };
        var sampler = new Option<string?>("--sampler") { Description = "Only the ensembles of this name.", HelpName = "NAME" };
        var reweight = new Option<string?>("--reweight") { Description = "Join ensembles at several beta by multi-histogram reweighting; curves at these couplings, or at 41 between the runs.", HelpName = "FIRST:LAST:STEP", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output") { Description = "Directory for compare.json, compare.csv and compare.html; of one sweep its parent unless given.", HelpName = "DIR" };
        var csv = new Option<bool>("--csv") { Description = "Print the table as CSV." };
        var derive = new Option<string[]>("--derive") { Description = "A quantity to reweight, such as \"chi = V*(<P^2> - <P>^2)\"; repeatable.", HelpName = "NAME=FORMULA", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        var fit = new Option<string[]>("--fit") { Description = "A fit over the runs, such as \"limit: flow_t0 = a + b*x for x = 1/beta^2\"; repeatable.", HelpName = "NAME:FIT", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        var command = new Command(Name, "One table, CSV, JSON and page of several runs: differences, agreement, reweighting in beta, fits over runs.")
        {
            directories, observables, sampler, reweight, derive, fit, output, csv, options.Json, options.Quiet,
        };
        command.SetAction(result => invoke(result, context =>
        {
            T? Given<T>(Option<T> option) => result.GetResult(option) is null ? default : result.GetValue(option);
            if (context.Json && Given(csv)) throw new UserErrorException("is another form of the table than --json") { Key = csv.Name, Remedy = "give one of them" };
            var request = new CompareRequest(result.GetRequiredValue(directories))
            {
                Observables = Given(observables)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Sampler = Given(sampler),
                Reweight = result.GetResult(reweight) is null ? null : result.GetValue(reweight) ?? "",
                Formulas = new(Given(derive) ?? [], Given(fit) ?? []),
                Output = Given(output),
                Csv = Given(csv),
            };
            if (request.Formulas.Derive.Count > 0 && request.Reweight is null) throw new UserErrorException("is a quantity to reweight") { Key = derive.Name, Remedy = "add --reweight; latticeflow analyze RUN --derive makes quantities of single runs" };
            return CommandTree.Available(body, Name).Execute(request, context);
        }));
        return command;
    }
}
