using System.Text.Json;
using LatticeFlow.Actions;
using LatticeFlow.Benchmarks;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Services;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;
using LatticeFlow.Training;

namespace LatticeFlow.Tests.Benchmarks;

public class BenchTests
{
    private static readonly string[] HotKernels =
    [
        "convolution 8-8-8, 16x16: forward", "convolution 8-8-8, 16x16: input VJP", "convolution 8-8-8, 16x16: weight VJP",
        "convolution 32-32-32, 16x16: forward", "convolution 32-32-32, 16x16: input VJP", "convolution 32-32-32, 16x16: weight VJP",
        "coupling forward, Möbius 2, 16x16", "coupling backward, Möbius 2, 16x16", "coupling forward, spline 8, 16x16", "coupling backward, spline 8, 16x16",
        "frozen features, 16x16", "link cotangent, 16x16",
        "Philox Gaussian fill, 16x16", "HMC plaquette force, 16x16", "HMC gather force, 16x16", "HMC drift, 16x16", "heat bath draw, 16x16",
    ];

    [Fact]
    public void Every_hot_kernel_and_whole_step_is_reported()
    {
        var (code, output) = Bench(new TimeSpan(1), "--json");
        Assert.Equal(ExitCode.Done, code);
        using var report = JsonDocument.Parse(output);
        var kernels = report.RootElement.GetProperty("kernels").EnumerateArray().ToList();
        foreach (string name in HotKernels) Assert.Contains(kernels, one => one.GetProperty("name").GetString() == name);
        Assert.All(kernels, one => Assert.True(one.GetProperty("rate").GetDouble() > 0 && one.GetProperty("fraction").GetDouble() > 0));
        Assert.Equal(10, report.RootElement.GetProperty("limits").GetArrayLength());
        Assert.Equal(StepCases.All.Count + TrajectoryCases.All.Sum(one => double.IsFinite(one.TwoThreads) ? 2 : 1), report.RootElement.GetProperty("steps").GetArrayLength());
    }

    [Fact]
    public void A_filter_that_fits_nothing_is_an_error()
    {
        var (code, _) = Bench(new TimeSpan(1), "--filter", "no such kernel");
        Assert.Equal(ExitCode.BadUsage, code);
    }

    [Theory]
    [InlineData(GradientEstimator.Plain)]
    [InlineData(GradientEstimator.Path)]
    public void A_training_step_allocates_nothing(GradientEstimator estimator)
    {
        // One thread: what it allocates is counted, whatever other tests do.
        using var device = InstructionSet.Best().Create(1);
        var model = StepCases.Model();
        using var engine = FlowEngine.CreateTraining(device, Precision.Single, model, new WilsonAction(new LatticeGeometry(4, 4), 2), 20);
        var trainer = new Trainer(model, engine, new TrainingOptions { Seed = 1, LearningRate = new LearningRate(1e-3), Estimator = estimator });
        trainer.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Step();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (int Code, string Output) Bench(TimeSpan budget, params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandLine.Invoke(["bench", "--device", "cpu", .. options], new CommandServices { Bench = new BenchBody(budget) }, output, error);
        return (code, output.ToString());
    }

    [Fact]
    public void Other_programs_are_compared_only_on_the_processor_they_were_measured_on()
    {
        Assert.Equal(new Processor("AMD EPYC 9655", true), Processor.Parse("processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 26\nmodel name\t: AMD EPYC 9655\n\nprocessor\t: 1\nvendor_id\t: x\n"));
        Assert.Equal(new Processor("AMD EPYC 7763", false), Processor.Parse("vendor_id : AuthenticAMD\ncpu family : 25\nmodel name : AMD EPYC 7763\n"));
        Assert.Equal(new Processor("Intel(R) Xeon(R)", false), Processor.Parse("vendor_id : GenuineIntel\ncpu family : 26\nmodel name : Intel(R) Xeon(R)\n"));
        Assert.False(Processor.Parse("").IsThatOfPeers);
        var report = new BenchmarkReport("cpu", "cpu", "Intel(R) Xeon(R)", [], [], [new("a step", 2, "PyTorch 2.6", null)]);
        Assert.Contains("not compared with this machine (Intel(R) Xeon(R))", report.ToText(), StringComparison.Ordinal);
        Assert.DoesNotContain("PyTorch", report.ToText(), StringComparison.Ordinal);
        Assert.Contains("\"speedup\": null", report.ToJson(), StringComparison.Ordinal);
        Assert.Contains("| a step | 2.00 | PyTorch 2.6 | 5.0 | 2.5 |", (report with { Steps = [new("a step", 2, "PyTorch 2.6", 5)] }).ToText(), StringComparison.Ordinal);
    }
}
