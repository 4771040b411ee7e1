using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Cli.Services;

/// <summary>How a check of <c>doctor</c> came out.</summary>
public enum CheckState { Ok, Warn, Fail }

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="State">How it came out.</param>
/// <param name="Name">What was looked at.</param>
/// <param name="Text">What was found.</param>
/// <param name="Remedy">What to do about it; null where all is well.</param>
public sealed record MachineCheck(CheckState State, string Name, string Text, string? Remedy = null)
{
    public static MachineCheck Ok(string name, string text) => new(CheckState.Ok, name, text);

    public static MachineCheck Warn(string name, string text, string remedy) => new(CheckState.Warn, name, text, remedy);

    public static MachineCheck Fail(string name, string text, string remedy) => new(CheckState.Fail, name, text, remedy);
}

/// <summary><c>doctor</c>: what this machine has, one line a check; exit code 3 where a run would fail here.</summary>
public sealed class DoctorCommand : ICommandBody<DoctorRequest>
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Execute(DoctorRequest request, CommandContext context)
    {
        List<MachineCheck> checks = [];
        // Lines come as they are found: kernels of a GPU take seconds to be made.
        foreach (var check in MachineChecks.All().Concat(DiskChecks.All(request.Directory)).Concat(KernelChecks.All(request.Device, context.Stop)))
        {
            checks.Add(check);
            if (!context.Json) context.Output.WriteLine(Line(check));
        }
        if (context.Stop.IsRequested) return ExitCode.Stopped;
        int failures = checks.Count(check => check.State == CheckState.Fail), warnings = checks.Count(check => check.State == CheckState.Warn);
        if (context.Json) context.Output.WriteLine(Json(checks));
        else context.Output.WriteLine(failures > 0 ? $"{failures} of {checks.Count} checks failed" : warnings > 0 ? $"runs work here; {warnings} of {checks.Count} checks warn" : $"all {checks.Count} checks passed");
        return failures > 0 ? ExitCode.DiagnosticsFailed : ExitCode.Done;
    }

    private static string Line(MachineCheck check) => PrintableText.Line($"{Word(check.State),-4}  {check.Name,-12}  {check.Text}{(check.Remedy is { } remedy ? $": {remedy}" : "")}");

    private static string Word(CheckState state) => state switch { CheckState.Ok => "ok", CheckState.Warn => "warn", _ => "FAIL" };

    private static string Json(IEnumerable<MachineCheck> checks) => new JsonArray([.. checks.Select(check => new JsonObject
    {
        ["state"] = Word(check.State).ToLowerInvariant(),
        ["name"] = check.Name,
        ["text"] = check.Text,
        ["remedy"] = check.Remedy,
    })]).ToJsonString(_indented);
}
