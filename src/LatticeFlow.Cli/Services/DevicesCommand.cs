using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Compute.Gpu;

namespace LatticeFlow.Cli.Services;

/// <summary><c>devices</c>: what was found, which of it a run would take, and why anything is refused.</summary>
public sealed class DevicesCommand : ICommandBody<MachineRequest>
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int Execute(MachineRequest request, CommandContext context)
    {
        string chosen;
        using (var device = DeviceCatalog.Open(request.Device)) chosen = device.Name;
        DeviceEntry[] entries = [.. DeviceCatalog.List().Where(entry => request.Filter is not { } text || entry.ToString().Contains(text, StringComparison.OrdinalIgnoreCase))];
        if (context.Json) context.Output.WriteLine(Json(request.Device, chosen, entries));
        else
        {
            var width = entries.Select(entry => entry.Selector.Length).Append(0).Max();
            foreach (var entry in entries)
                context.Output.WriteLine($"{entry.Selector.PadRight(width)}  {(entry.IsUsable ? "usable " : "refused")}  {entry.Name}: {(entry.IsUsable ? entry.Detail : entry.WhyNot)}");
            context.Output.WriteLine($"--device {request.Device} takes {chosen}");
        }
        return ExitCode.Done;
    }

    private static string Json(string asked, string chosen, DeviceEntry[] entries) => new JsonObject
    {
        ["asked"] = asked,
        ["chosen"] = chosen,
        ["instruction_set"] = InstructionSet.Best().Name,
        ["devices"] = new JsonArray([.. entries.Select(entry => new JsonObject
        {
            ["device"] = entry.Selector,
            ["name"] = entry.Name,
            ["detail"] = entry.Detail,
            ["usable"] = entry.IsUsable,
            ["why_not"] = entry.IsUsable ? null : entry.WhyNot,
        })]),
    }.ToJsonString(_indented);
}
