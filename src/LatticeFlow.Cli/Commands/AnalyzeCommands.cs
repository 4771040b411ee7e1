using System.CommandLine;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>analyze</c>: arguments and options.</summary>
internal sealed class AnalyzeCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    public Command Analyze(ICommandBody<RunDirectoriesRequest>? body, ICommandBody<SeriesRequest>? ofSeries)
    {
        const string Name = "analyze";
        var directories = CommandTree.RunDirectories();
        var errors = new ErrorOptions();
        var command = new Command(Name, "Means, errors and autocorrelation times of the ensembles of runs, or of series in files of any program (text, CSV, HDF5).") { directories, options.Output, options.Set, options.Device, options.Json, options.Quiet };
        var formulas = new FormulaOptions();
        errors.AddTo(command);
        formulas.AddTo(command);
        var series = new SeriesOptions();
        series.AddTo(command);
        command.SetAction(result => invoke(result, context =>
        {
            var given = result.GetRequiredValue(directories);
            if (given.All(File.Exists))
            {
                var output = result.GetResult(options.Output) is null ? null : result.GetValue(options.Output);
                return CommandTree.Available(ofSeries, Name).Execute(new(given, series.Of(result), [.. options.Overrides(result), .. errors.Overrides(result), .. formulas.Of(result).Behind([], [])], output), context);
            }
            series.Refuse(result);
            var present = CommandTree.Present(result, directories);
            var request = new RunDirectoriesRequest(present, [.. options.Overrides(result), .. errors.Overrides(result)], options.OutputOf(result, present)) { Formulas = formulas.Of(result) };
            return CommandTree.Available(body, Name).Execute(request, context);
        }));
        return command;
    }
}
