using System.Globalization;
using System.Text;
using LatticeFlow.Reports;

namespace LatticeFlow.Cli.Output;

/// <summary>What <c>compare</c> prints: a table, or CSV with one line an observable of an ensemble.</summary>
public static class CompareTable
{
    public static void Write(CompareDocument document, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(output);
        string[] keys = [.. document.Keys];
        Table(output, ["observable", .. keys.Select(Short), .. keys.Length == 0 || document.Runs.Count > 1 ? (string[])["run"] : [], "sampler", "value(error)", "tau_int", "exact", "pull"],
            document.Values.Select(value => (string[])[
                value.Observable, .. keys.Select(key => Run(document, value).Keys.GetValueOrDefault(key, "-")), .. keys.Length == 0 || document.Runs.Count > 1 ? (string[])[value.Run] : [], value.Sampler,
                ValueWithError.Format(value.Mean, value.Error), ValueWithError.Format(value.TauInt, value.TauIntError), Number(value.Exact, "G7"), value.Pull is { } pull ? Signed(pull) : "-"]), keys.Length + 3);
        if (document.Agreement.Count > 0)
        {
            output.WriteLine("ensembles of one theory:");
            Table(output, ["observable", "ensembles", "chi2/dof", "p", "largest difference", "between"], document.Agreement.Select(entry => (string[])[
                entry.Observable, Whole(entry.Ensembles), $"{Number(entry.ChiSquared, "G4")}/{entry.DegreesOfFreedom}", Number(entry.PValue, "G3"), $"{Signed(entry.LargestPull)} sigma", $"{entry.First} and {entry.Second}"]), 1);
        }
        var (heads, costs) = CostTable.Of(document.Costs.Select(entry => (document.Runs.Count > 1 ? $"{entry.Run}, {entry.Sampler}" : entry.Sampler, (CostDocument?)entry.Cost)));
        if (costs.Count > 0)
        {
            output.WriteLine(CostTable.Title(ofScalar: false).Replace("links", "elements", StringComparison.Ordinal));
            Table(output, heads, costs, 2);
        }
        if (document.Reweighting is { } reweighting)
        {
            foreach (var overlap in reweighting.Overlaps) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"beta = {overlap.From} and {overlap.To} {overlap.Words}: {overlap.Overlap:F3}"));
            Table(output, ["reweighted", "beta", "value(error)", "exact", "effective fraction"], reweighting.Curves.SelectMany(curve => curve.Points.Select(point => (string[])[
                curve.Name, Number(point.Beta, "G6"), ValueWithError.Format(point.Value, point.Error), Number(point.Exact, "G7"), Number(point.EffectiveFraction, "F3")])), 1);
            foreach (var curve in reweighting.Curves.Where(curve => curve.Peak is not null))
                output.WriteLine(PrintableText.Line($"{curve.Name}: maximum {ValueWithError.Format(curve.Peak!.Value, curve.Peak.Error)} at beta = {ValueWithError.Format(curve.Peak.Beta, curve.Peak.BetaError)}"));
        }
        foreach (var (name, fit) in document.Fits)
            output.WriteLine(PrintableText.Line($"fit {name}: {string.Join(", ", fit.Parameters.Select(entry => $"{entry.Key} = {ValueWithError.Format(entry.Value.Value, entry.Value.Error)}"))}; {fit.Fit.Quality}"));
        foreach (var warning in document.Warnings) output.WriteLine(PrintableText.Line(warning));
    }

    /// <summary>One line an observable of an ensemble, then one a point of a reweighted curve, all with the same columns; numbers in full.</summary>
    public static string Csv(CompareDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new StringBuilder();
        void Line(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Quoted)).Append('\n');
        Line(["kind", "run", "sampler", .. document.Keys, "observable", "mean", "error", "tau_int", "tau_int_error", "exact", "pull", "beta", "effective_fraction"]);
        foreach (var value in document.Values)
        {
            Line(["measured", value.Run, value.Sampler, .. document.Keys.Select(key => Run(document, value).Keys.GetValueOrDefault(key, "")), value.Observable,
                Full(value.Mean), Full(value.Error), Full(value.TauInt), Full(value.TauIntError), Full(value.Exact), Full(value.Pull), "", ""]);
        }
        foreach (var curve in document.Reweighting?.Curves ?? [])
        {
            foreach (var point in curve.Points)
                Line(["reweighted", "", "", .. document.Keys.Select(_ => ""), curve.Name, Full(point.Value), Full(point.Error), "", "", Full(point.Exact), "", Full(point.Beta), Full(point.EffectiveFraction)]);
        }
        return text.ToString();
    }

    private static ComparedRun Run(CompareDocument document, ComparedValue value) => document.Runs.First(run => run.Name == value.Run);

    private static void Table(TextWriter output, string[] heads, IEnumerable<string[]> rows, int left)
    {
        List<string[]> all = [heads, .. rows];
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => all.Max(row => row[column].Length))];
        foreach (var row in all) output.WriteLine(PrintableText.Line(string.Join("  ", row.Select((cell, i) => i < left ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd()));
    }

    private static string Short(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Number(double? value, string format) => ValueWithError.Plain(value, format).Replace('–', '-');

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Full(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
