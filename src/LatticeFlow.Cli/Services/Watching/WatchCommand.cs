using LatticeFlow.Cli.Commands;
using Spectre.Console;

namespace LatticeFlow.Cli.Services.Watching;

/// <summary><c>watch</c>: the state of a run, once, or in a terminal until the run has ended or a key combination stops it.</summary>
public sealed class WatchCommand : ICommandBody<WatchRequest>
{
    public int Execute(WatchRequest request, CommandContext context)
    {
        var watcher = new RunWatcher(request.RunDirectory);
        var state = watcher.Look();
        if (request.Interval is not { } interval || state.Holder is null)
        {
            if (context.Json) context.Output.WriteLine(WatchText.Json(state).ToJsonString());
            else foreach (var line in WatchText.Lines(state)) context.Output.WriteLine(line);
            return ExitCode.Done;
        }
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Live(Shown(state)).Start(live =>
        {
            while (state.Holder is not null && !context.Stop.Token.WaitHandle.WaitOne(interval))
            {
                state = watcher.Look();
                live.UpdateTarget(Shown(state));
            }
        });
        return ExitCode.Done;
    }

    private static Rows Shown(RunState state) => new(WatchText.Lines(state).Select((line, i) => new Text(line, i == 0 ? new Style(decoration: Decoration.Bold) : Style.Plain).Crop()));
}
