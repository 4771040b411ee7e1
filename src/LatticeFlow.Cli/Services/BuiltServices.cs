using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Cli.Services;

/// <summary>The commands of this build.</summary>
public static class BuiltServices
{
    public static CommandServices Create() => new()
    {
        Run = new RunCommand(),
        Train = new TrainCommand(),
        Sample = new SampleCommand(),
        Analyze = new AnalyzeCommand(),
        Report = new ReportCommand(),
        Export = new ExportCommand(),
        Devices = new DevicesCommand(),
    };
}
