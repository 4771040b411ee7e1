using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services.Verification;
using LatticeFlow.Cli.Services.Watching;

namespace LatticeFlow.Cli.Services;

/// <summary>The commands of this build.</summary>
public static class BuiltServices
{
    public static CommandServices Create() => new()
    {
        Run = new RunCommand(),
        Sweep = new SweepCommand(new RunCommand()),
        Train = new TrainCommand(),
        Sample = new SampleCommand(),
        Extend = new ExtendCommand(),
        Merge = new MergeCommand(),
        DryRun = new DryRunCommand(),
        Init = new InitCommand(),
        Doctor = new DoctorCommand(),
        CheckFiles = FlowStage.CheckStart,
        Analyze = new AnalyzeCommand(),
        AnalyzeSeries = new SeriesCommand(),
        Watch = new WatchCommand(),
        Measure = new MeasureCommand(),
        Compare = new CompareCommand(),
        Verify = new VerifyCommand(),
        Repair = new RepairCommand(),
        Report = new ReportCommand(),
        Export = new ExportCommand(),
        Import = new ImportCommand(),
        Devices = new DevicesCommand(),
        Bench = new BenchBody(),
    };
}
