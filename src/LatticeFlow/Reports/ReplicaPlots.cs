using System.Globalization;
using System.Xml.Linq;
using LatticeFlow.Analysis;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>Replicas one by one where they do not agree: the mean of each with its error, and its history. From the stored series.</summary>
internal static class ReplicaPlots
{
    /// <summary>Below this probability of the scatter of their means, replicas disagree: one false alarm in a thousand.</summary>
    public const double LeastProbability = 1e-3;

    // Each has two figures of up to these many replicas, those that are furthest off.
    private const int MostObservables = 6, MostReplicas = 12;

    /// <summary>The section; null where all agree or there are no series.</summary>
    public static XElement? Render(ReportData data)
    {
        var apart = ReportTables.Grouped(data.Analysis).Where(row => Disagree(row.Result))
            .Select(row => (row.Observable, row.Sampler, row.Result, Replicas: data.Ensembles.FirstOrDefault(series => series.Sampler == row.Sampler)?.Observables.GetValueOrDefault(row.Observable)))
            .Where(row => row.Replicas is { Count: > 1 }).OrderByDescending(row => row.Result.RHat ?? double.PositiveInfinity).ToList();
        if (apart.Count == 0)
            return null;
        return Tag("section", Is("id", "replicas"), Tag("h2", "Replicas that disagree"),
            Tag("p", Class("note"), FormattableString.Invariant($"Where the means of replicas scatter more than their errors allow (probability below {LeastProbability}) or R̂ is too large, no error of the mean can be believed. ")
                + (apart.Count > MostObservables ? FormattableString.Invariant($"Shown are the worst {MostObservables} of {apart.Count}.") : "")),
            Tag("div", Class("plots"), apart.Take(MostObservables).Select(row => Figure(
                $"{ObservableLabel.Symbol(row.Observable)}, {row.Sampler}", row.Observable, row.Result, row.Replicas!, ReportTables.Colour(data.Analysis, row.Sampler)))));
    }

    public static bool Disagree(ObservableDocument result) => result.Q < LeastProbability || result.RHat > EnsembleAnalysis.LargestRHat * (result.RHatExpected ?? 1);

    private static int[] Furthest(IReadOnlyList<double[]> replicas)
    {
        double mean = replicas.Sum(x => x.Sum()) / replicas.Sum(x => (double)x.Length);
        return [.. Enumerable.Range(0, replicas.Count).OrderByDescending(r => Math.Abs(replicas[r].Average() - mean)).Take(MostReplicas).Order()];
    }

    private static XElement Figure(string title, string observable, ObservableDocument result, IReadOnlyList<double[]> replicas, string colour)
    {
        int[] shown = Furthest(replicas);
        string probability = result.Q is { } q ? FormattableString.Invariant($" Probability of so much scatter: {q:G2}.") : "";
        string mixing = result.RHat is { } rHat ? FormattableString.Invariant($" R̂ = {rHat:F3}.") : "";
        string which = shown.Length == replicas.Count ? "" : string.Create(CultureInfo.InvariantCulture, $" Shown are the {shown.Length} of {replicas.Count} replicas whose means are furthest off.");
        return Tag("figure", Tag("h3", title), Means(title, observable, result, replicas, shown, colour), Histories(title, observable, result, replicas, shown, colour),
            Tag("figcaption", $"Above the mean of each replica, shaded that of all ± 1 σ; below its history, all on one scale.{(result.Exact is null ? "" : " Upright lines and dashes: exact.")}{probability}{mixing}{which}"));
    }

    private static IEnumerable<XElement> Means(string title, string observable, ObservableDocument result, IReadOnlyList<double[]> replicas, int[] shown, string colour)
    {
        List<PlotRow> rows = [.. shown.Select(r => Row(replicas[r], r, colour) with { Exact = result.Exact })];
        (double From, double To)[] band = double.IsFinite(result.Error) ? [(result.Mean - result.Error, result.Mean + result.Error)] : [];
        double[] ends = [.. rows.SelectMany(row => new[] { row.Value - Finite(row.Error), row.Value + Finite(row.Error) }), .. band.SelectMany(at => new[] { at.From, at.To })];
        var axis = PlotAxis.Around(ObservableLabel.Symbol(observable), result.Exact is { } exact ? ends.Append(exact) : ends, margin: 0.04);
        return SvgRows.Render(rows, axis, $"Means of replicas, {title}", band);
    }

    private static PlotRow Row(double[] replica, int index, string colour)
    {
        (double mean, double error) = (replica.Average(), double.NaN);
        try
        {
            GammaResult own = GammaMethod.Analyze([replica]);
            (mean, error) = (own.Mean, own.Error);
        }
        catch (ArgumentException)
        {
            // Too short for an error: the mean is what there is.
        }

        return new PlotRow("replica", index.ToString(CultureInfo.InvariantCulture), colour, mean, error, ValueWithError.Format(mean, error));
    }

    private static XElement Histories(string title, string observable, ObservableDocument result, IReadOnlyList<double[]> replicas, int[] shown, string colour)
    {
        var axis = PlotAxis.Around(ObservableLabel.Symbol(observable), shown.SelectMany(r => replicas[r]).Append(result.Exact ?? double.NaN), margin: 0.05);
        return SvgPanels.Render([.. shown.Select(r => (r.ToString(CultureInfo.InvariantCulture), replicas[r]))], axis, result.Exact, $"Histories of replicas, {title}", colour);
    }

    private static double Finite(double error) => double.IsFinite(error) ? error : 0;
}
