using System.CommandLine;
using LatticeFlow.Cli.Configuration;

namespace LatticeFlow.Cli.Commands;

/// <summary>Options that several commands have, with the same name and meaning in each.</summary>
public sealed class SharedOptions
{
    public Option<string?> RunDirectory { get; } = new("--run-dir") { Description = "Directory of the run; without it runs/<name>.", HelpName = "DIR" };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Go on with the run in that directory." };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Take the place of a value in the configuration, e.g. train.steps=100 or sample.hmc.steps=5; repeatable.",
        HelpName = "a.b=c",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<string?> Device { get; } = new("--device") { Description = "auto, cpu, cuda[:n] or opencl[:n]; takes the place of run.device.", HelpName = "DEVICE", CompletionSources = { "auto", "cpu", "cuda", "opencl" } };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Check everything and say what would be done, where and of what size; write nothing." };

    public Option<string?> Output { get; } = new("--output") { Description = "Directory for analysis.json and report.html, in place of the run: of a run at work, or one that may not be written.", HelpName = "DIR" };

    public Option<bool> Json { get; } = new("--json") { Description = "Write data as JSON." };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "No log on stderr but warnings and errors." };

    /// <summary>The overrides of <c>--set</c>, in order, and then that of <c>--device</c>.</summary>
    /// <exception cref="ConfigurationException">One of them has no key or no '='; all such are named.</exception>
    public IReadOnlyList<Override> Overrides(ParseResult result)
    {
        List<Override> overrides = [];
        List<ConfigurationError> errors = [];
        foreach (var text in result.GetResult(Set) is null ? [] : result.GetValue(Set) ?? [])
        {
            try
            {
                overrides.Add(Override.Parse(text));
            }
            catch (ConfigurationException exception)
            {
                errors.AddRange(exception.Errors);
            }
        }
        if (errors.Count > 0) throw new ConfigurationException(errors);
        if (DeviceOf(result) is { } device) overrides.Add(new("run.device", TomlText.Quote(device), new($"--device {device}")));
        return overrides;
    }

    /// <summary>The value of <c>--output</c>, which is the place of one analysis.</summary>
    /// <exception cref="UserErrorException">There are several runs.</exception>
    public string? OutputOf(ParseResult result, IReadOnlyList<string> runs)
    {
        var output = result.GetResult(Output) is null ? null : result.GetValue(Output);
        return output is null || runs.Count == 1 ? output : throw new UserErrorException("is the place of one analysis: give one run directory") { Key = Output.Name };
    }

    /// <summary>The value of <c>--device</c>, or null where it was not given or the command has no such option.</summary>
    public string? DeviceOf(ParseResult result) => result.GetResult(Device) is null ? null : result.GetValue(Device);
}
