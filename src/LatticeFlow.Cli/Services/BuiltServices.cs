using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services.Verification;

namespace LatticeFlow.Cli.Services;

/// <summary>The commands of this build.</summary>
public static class BuiltServices
{
    public static CommandServices Create() => new()
    {
        Run = new RunCommand(),
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
        Measure = new MeasureCommand(),
        Verify = new VerifyCommand(),
        Repair = new RepairCommand(),
        Report = new ReportCommand(),
        Export = new ExportCommand(),
        Import = new ImportCommand(),
        Devices = new DevicesCommand(),
        Bench = new BenchBody(),
    };
}
