using System.CommandLine;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>watch</c>: arguments and options.</summary>
internal sealed class WatchCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    private const double DefaultInterval = 2;

    public Command Watch(ICommandBody<WatchRequest>? body)
    {
        const string Name = "watch";
        var directory = new Argument<string>("RUN_DIR") { Description = "Run directory." };
        var once = new Option<bool>("--once") { Description = "Print one state and end, as where there is no terminal." };
        var interval = NumberOptions.Real("--interval", "Seconds from one look to the next; 2 unless given.", "S", least: 0.1);
        var command = new Command(Name, "Look at a run while it works, from its files alone: values, acceptance, effective sample sizes, the training curve, the time left.") { directory, once, interval, options.Json, options.Quiet };
        command.SetAction(result => invoke(result, context =>
        {
            var path = CommandTree.Present([result.GetRequiredValue(directory)])[0];
            var seconds = (result.GetResult(interval) is null ? null : result.GetValue(interval)) ?? DefaultInterval;
            var isLive = !result.GetValue(once) && !context.Json && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
            return CommandTree.Available(body, Name).Execute(new(path, isLive ? TimeSpan.FromSeconds(seconds) : null), context);
        }));
        return command;
    }
}
