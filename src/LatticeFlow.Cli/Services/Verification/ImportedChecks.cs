using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Interchange;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Verification;

/// <summary>Whether an imported ensemble is what was stored, and what was stored agrees with its links.</summary>
public static class ImportedChecks
{
    // The same loops over the same doubles, which the file keeps to the bit.
    private const double MeasurementTolerance = 1e-14;

    // −β times a sum of plaquettes that was made as a mean: a rounding for each factor.
    private const double ActionTolerance = 1e-14;

    /// <summary>The defects that import accepts.</summary>
    private const double GroupTolerance = 1e-3;

    /// <summary>Checks every ensemble of the directory.</summary>
    public static void Run(string directory, Checklist list, bool all, StopSignal stop)
    {
        foreach (var name in ImportedRun.Samples(directory))
        {
            var folder = ExistingRun.Ensemble(directory, name);
            list.Group($"{name}: configurations", () => Count(EnsembleInventory.Of(folder), name, list));
            list.Group($"{name}: hashes", () => Run(folder, name, list));
            MeasurementChecks.Run(name, () => StoredEnsemble.At(directory, name)[0], list, all, stop);
        }
        var path = Path.Join(directory, "analysis.json");
        if (!File.Exists(path)) return;
        list.Group(AnalysisChecks.Name, () =>
        {
            var overrides = StoredSettings.Of<IReadOnlyList<Override>>(path, stored => stored) ?? [];
            AnalysisChecks.Compare(path, shown => ImportedRun.Document(directory, overrides, null, shown, null).Document, list);
        });
    }

    // How many there were is written nowhere else: only segments that are there and not listed can be missed.
    private static void Count(EnsembleInventory inventory, string name, Checklist list)
    {
        var check = $"{name}: configurations";
        if (inventory.IsTorn || inventory.Unlisted.Count > 0 || inventory.Listed.Count == 0)
            list.Corrupt(check, $"manifest.jsonl lists {inventory.Listed.Count} segments{(inventory.IsTorn ? " and ends with half a line" : "")}, {inventory.Unlisted.Count} more are there. Restore it from a copy, or import the files again");
        else list.Passed(check, $"{inventory.Count}");
    }

    private static void Run(string folder, string name, Checklist list)
    {
        var reader = EnsembleReader.Open(folder);
        double plaquette = 0, trace = 0, defect = 0, action = 0;
        HashSet<(long, long)> places = [];
        var hasAction = reader.Header.ActionParameters.TryGetValue("beta", out var beta);
        foreach (var block in reader.Blocks())
        {
            for (var row = 0; row < block.Count; row++)
            {
                var configuration = EnsembleConfigurations.Of(folder, reader.Header, block, row);
                places.Add((block.Replica[row], block.Step[row]));
                var measured = GaugeMeasurement.MeanPlaquette(configuration);
                plaquette = Larger(plaquette, measured - block.Observables["plaquette"].Values[row]);
                trace = Larger(trace, GaugeMeasurement.LinkTrace(configuration) - block.Observables["link_trace"].Values[row]);
                var (unitarity, determinant) = GaugeMeasurement.LargestDefects(configuration);
                defect = Larger(Larger(defect, unitarity), determinant);
                if (hasAction) action = Larger(action, block.Action[row] + (beta * measured * configuration.Lattice.Plaquettes));
            }
        }
        list.Passed($"{name}: hashes", $"{reader.Segments.Count} segments, {reader.Count} configurations");
        list.AtMost($"{name}: places in chains", "configurations that have replica and step of another one", reader.Count - places.Count, 0);
        list.AtMost($"{name}: stored plaquette", "largest difference from that of the stored links", plaquette, MeasurementTolerance);
        list.AtMost($"{name}: stored link_trace", "largest difference from that of the stored links", trace, MeasurementTolerance);
        list.AtMost($"{name}: links in the group", "largest |U U+ - 1| or |det U - 1|", defect, GroupTolerance);
        if (hasAction)
            list.AtMost($"{name}: stored action", "largest difference from that of the stored links", action, ActionTolerance * Math.Max(1, Math.Abs(beta)) * new Lattice.LatticeGeometry(reader.Header.Extents).Plaquettes);
    }

    /// <summary>The larger of a deviation and |another|; NaN wins and stays.</summary>
    private static double Larger(double a, double b) => Math.Max(a, Math.Abs(b));
}
