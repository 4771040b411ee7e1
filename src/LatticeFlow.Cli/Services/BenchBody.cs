using LatticeFlow.Benchmarks;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Compute;
using LatticeFlow.Compute.Gpu;

namespace LatticeFlow.Cli.Services;

/// <summary><c>bench</c>: the limits of the device, the hot kernels against them, and whole steps beside PyTorch.</summary>
/// <param name="budget">How long one case may take.</param>
public sealed class BenchBody(TimeSpan? budget = null) : ICommandBody<MachineRequest>
{
    private static readonly TimeSpan _usualBudget = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public int Execute(MachineRequest request, CommandContext context)
    {
        using var all = DeviceCatalog.Open(request.Device);

        // On a CPU kernels are measured on one core, so that the neighbours of a busy machine disturb less; a GPU has no such choice.
        using ComputeDevice? one = all.Name.StartsWith("cpu", StringComparison.Ordinal) ? DeviceCatalog.Open("cpu", threads: 1) : null;
        var suite = new BenchmarkSuite(one ?? all, all, new Timing(budget ?? _usualBudget));
        var report = suite.Run(request.Filter, name =>
        {
            context.Log.Information(name);
            return !context.Stop.IsRequested;
        });
        if (context.Stop.IsRequested) return ExitCode.Stopped;
        if (report.Kernels.Count + report.Steps.Count == 0)
            throw new UserErrorException("no kernel or step has this in its name") { Key = $"--filter {request.Filter}", Remedy = "run bench without --filter to see all names" };
        context.Output.WriteLine(context.Json ? report.ToJson() : report.ToText());
        return ExitCode.Done;
    }
}
