using System.Globalization;
using System.Text.Json.Nodes;
using LatticeFlow.Cli.Commands;

namespace LatticeFlow.Cli.Services;

/// <summary><c>run --sweep</c>: one run after the other, each in its directory; points are independent, so that elements of a batch array may run at once.</summary>
public sealed class SweepCommand(ICommandBody<RunRequest> run) : ICommandBody<SweepRequest>
{
    public int Execute(SweepRequest request, CommandContext context)
    {
        if (request.ListOnly)
        {
            List(request, context);
            return ExitCode.Done;
        }
        int[] numbers = request.Chosen is { } chosen ? [chosen] : [.. Enumerable.Range(0, request.Points.Count)];
        if (request.Chosen is null) context.Log.Information($"sweep of {request.Points.Count} points under {request.Parent}; {Array(request)}");
        if (!request.Resume && request.Chosen is null) RefuseExisting(request);
        var worst = ExitCode.Done;
        foreach (var number in numbers)
        {
            var (point, directory) = (request.Points[number], DirectoryOf(request, number));
            var begun = File.Exists(Path.Join(directory, "resolved.toml"));
            if (request.Resume && begun && IsComplete(directory))
            {
                context.Log.Information($"point {number} of {request.Points.Count}, {point.Label}: complete");
                continue;
            }
            context.Log.Information($"point {number} of {request.Points.Count}, {point.Label}");
            if (!context.Json) context.Output.WriteLine($"{directory}:");
            var code = run.Execute(new(request.Files[number], directory, request.Resume && begun), context.Json ? context with { Output = TextWriter.Null, Json = false } : context);
            if (code == ExitCode.Stopped || context.Stop.IsRequested)
            {
                context.Log.Warning("the sweep is not finished: run the same command again with --resume");
                return ExitCode.Stopped;
            }
            // A point that fails its diagnostics is a result; the others are wanted as well.
            worst = Math.Max(worst, code);
        }
        if (context.Json) context.Output.WriteLine(Json(request).ToJsonString());
        else if (request.Chosen is null) context.Log.Information($"latticeflow compare {request.Parent} sets the points side by side");
        return worst;
    }

    private static string DirectoryOf(SweepRequest request, int number) => Path.Join(request.Parent, request.Points[number].Label);

    private static string Array(SweepRequest request) => string.Create(CultureInfo.InvariantCulture, $"as a batch array: --array=0-{request.Points.Count - 1}, each element with --point and its number");

    private static bool IsComplete(string directory)
        => File.Exists(AnalysisFiles.Analysis(directory)) && EnsembleProgress.Lacks(directory, ExistingRun.Configuration(directory, [])).Count == 0;

    private static void RefuseExisting(SweepRequest request)
    {
        if (Enumerable.Range(0, request.Points.Count).Select(number => DirectoryOf(request, number)).FirstOrDefault(directory => File.Exists(Path.Join(directory, "resolved.toml"))) is { } existing)
            throw new UserErrorException("holds a run of this sweep already") { File = existing, Remedy = "add --resume to go on with the sweep, or choose another --run-dir" };
    }

    private static void List(SweepRequest request, CommandContext context)
    {
        if (context.Json)
        {
            context.Output.WriteLine(Json(request).ToJsonString());
            return;
        }
        foreach (var point in request.Points) context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Number}  {DirectoryOf(request, point.Number)}"));
        context.Output.WriteLine($"{request.Points.Count} points; {Array(request)}");
    }

    private static JsonObject Json(SweepRequest request) => new()
    {
        ["points"] = request.Points.Count,
        ["runs"] = new JsonArray([.. request.Points.Select(point => new JsonObject
        {
            ["number"] = point.Number,
            ["directory"] = DirectoryOf(request, point.Number),
            ["values"] = new JsonObject(point.Values.Select(entry => new KeyValuePair<string, JsonNode?>(entry.Path, entry.Value))),
        })]),
    };
}
