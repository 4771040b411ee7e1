using System.Text.Json.Nodes;
using LatticeFlow.Flows;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether the fresh weights behind the analysis are those of the flow, and <c>analysis.json</c> is what the stored series and weights give.</summary>
public sealed class AnalysisChecks(VerifiedRun run, Checklist list)
{
    public const string Name = "analysis.json";

    // The same sums of the same numbers: another processor may round elementary functions and vectors otherwise.
    private const double Tolerance = 1e-9;

    // Of quantities with densities of the flow that are not stored but computed by its inverse, on this device.
    private const double DensityTolerance = 1e-2;

    // As for stored ln q: S in double, ln q in the precision of the run, on this device.
    private const double WeightToleranceSingle = 1e-2;
    private const double WeightToleranceDouble = 1e-9;
    private const int MostWeights = 4096;
    private const int MostShown = 3;

    private static readonly string[] _ofDensities = ["flow.target.", "flow.ess_target", "flow.reverse_kl"];

    public void Run(FlowModel? flow)
    {
        if (run.Configuration.HasDensity && !Evaluation(flow)) return;
        var path = run.Session.Directory.AnalysisPath;
        if (!File.Exists(path))
        {
            list.Passed(Name, "there is none to compare with: latticeflow analyze makes it");
            return;
        }
        list.Group(Name, () =>
        {
            var weights = !run.Configuration.HasDensity ? null : FlowEvaluationStage.StoredLogWeights(run.Session.Directory);
            var settings = StoredSettings.Of(path, overrides => ExistingRun.Configuration(run.Session.Directory.Path, overrides).Analyze);
            Compare(path, shown => AnalysisStage.Document(run.Session, weights, settings, shown).Document, list);
        });
    }

    /// <summary>Compares a file with the analysis that it should be, which may know what it has of what was measured afterwards.</summary>
    public static void Compare(string path, Func<AnalysisDocument, AnalysisDocument> compute, Checklist list)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw StorageException.WhileReading(path, cause);
        }
        // What was measured since is not missing in it.
        var computed = compute(AnalysisDocument.FromJson(text, path));
        var differences = JsonDifference.Of(JsonNode.Parse(text), JsonNode.Parse(computed.ToJson()), ToleranceOf).Take(1000).ToArray();
        list.Unless(Name, differences.Length == 0 ? null
            : $"{string.Join("; ", differences.Take(MostShown))}{(differences.Length > MostShown ? $"; and {differences.Length - MostShown} more" : "")}. If that is not what you changed: latticeflow analyze makes it again",
            "every number is that of the stored series");
    }

    private static double ToleranceOf(string path) => _ofDensities.Any(key => path.StartsWith(key, StringComparison.Ordinal)) || path.Contains(".flow_ess", StringComparison.Ordinal) ? DensityTolerance : Tolerance;

    /// <summary>Whether there are weights that can be read, or no analysis that would need them.</summary>
    private bool Evaluation(FlowModel? flow)
    {
        const string Evaluation = "flow: evaluation";
        var readable = false;
        list.Group(Evaluation, () =>
        {
            if (FlowEvaluationStage.StoredLogWeights(run.Session.Directory) is not { } stored)
            {
                if (File.Exists(run.Session.Directory.AnalysisPath)) list.Corrupt(Evaluation, "flow/evaluation.h5, which analysis.json is made from, is missing. latticeflow analyze makes both again");
                else list.Passed(Evaluation, "there is none: latticeflow analyze makes it");
                return;
            }
            readable = true;
            if (flow is null) return;
            // Draws are made in batches of one size, so that the first ones do not depend on how many follow.
            var count = run.All ? stored.Length : Math.Min(stored.Length, MostWeights);
            var drawn = FlowEvaluation.LogWeights(run.Device, run.Precision, flow, run.Action, run.Session.Seed("analysis"), count, stop: run.Session.Context.Stop.Token);
            double largest = 0;
            for (var i = 0; i < count; i++) largest = StoredChecks.Larger(largest, stored[i].Equals(drawn[i]) ? 0 : stored[i] - drawn[i]);
            list.AtMost(Evaluation, $"largest difference of {count} of {stored.Length} log-weights from those drawn again", largest,
                run.Precision == Compute.Precision.Double ? WeightToleranceDouble : WeightToleranceSingle);
        });
        return readable;
    }
}
