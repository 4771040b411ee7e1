using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Tests.KillTarget;

/// <summary>
/// The command line of latticeflow with bodies that do not look at signals. They say "ready" and then wait: <c>sample</c> as one transition of a chain that has checkpoints, for longer than work without
/// checkpoints is given, after which it ends as stopped; all others for ever.
/// </summary>
public sealed class DeafCommand : ICommandBody<RunDirectoriesRequest>, ICommandBody<ExportRequest>, ICommandBody<ImportRequest>, ICommandBody<MachineRequest>, ICommandBody<RunRequest>
{
    public const string Word = "deaf";

    /// <summary>How long the transition takes after a signal.</summary>
    public static readonly TimeSpan Transition = StopSignal.Grace + TimeSpan.FromSeconds(2);

    public static int Run(string[] arguments)
    {
        var deaf = new DeafCommand();
        var services = new CommandServices { Analyze = deaf, Report = deaf, Export = deaf, Import = deaf, Devices = deaf, Bench = deaf, Sample = deaf };
        return CommandLine.Invoke(arguments, services, Console.Out, Console.Error);
    }

    public int Execute(RunDirectoriesRequest request, CommandContext context) => Wait(context);

    public int Execute(ExportRequest request, CommandContext context) => Wait(context);

    public int Execute(ImportRequest request, CommandContext context) => Wait(context);

    public int Execute(MachineRequest request, CommandContext context) => Wait(context);

    public int Execute(RunRequest request, CommandContext context)
    {
        using var work = context.Stop.Checkpointed();
        context.Output.WriteLine("ready");
        context.Stop.Token.WaitHandle.WaitOne();
        Thread.Sleep(Transition);
        context.Output.WriteLine("checkpoint");
        return LatticeFlow.ExitCode.Stopped;
    }

    private static int Wait(CommandContext context)
    {
        context.Output.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
        return LatticeFlow.ExitCode.Done;
    }
}
