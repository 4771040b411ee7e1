using System.Globalization;
using LatticeFlow.Fields;
using LatticeFlow.Reports;

namespace LatticeFlow.Cli.Output;

/// <summary>What <c>run</c> and <c>analyze</c> print on stdout at their end: aligned plain text, no control sequence, so it reads the same on a terminal and in a file.</summary>
public static class ConsoleTable
{
    private static readonly string[] _heads = ["sampler", "observable", "value(error)", "exact", "pull", "tau_int", "acceptance"];

    // Names read from the left, numbers from the right.
    private const int LeftColumns = 2;

    /// <summary>The table, or with <paramref name="json"/> the text of <c>analysis.json</c> and nothing else.</summary>
    public static void Write(AnalysisDocument analysis, TextWriter output, bool json = false)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(output);
        if (json)
        {
            output.Write(analysis.ToJson());
            return;
        }

        if (analysis.Flow is { } flow)
            output.WriteLine(FlowLine(flow));
        if (analysis.Ensembles.Count > 0)
        {
            List<string[]> rows = [_heads, .. Rows(analysis)];
            int[] widths = [.. Enumerable.Range(0, _heads.Length).Select(column => rows.Max(row => row[column].Length))];
            foreach (string[] row in rows)
                output.WriteLine(string.Join("  ", row.Select((cell, i) => i < LeftColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
            output.WriteLine("tau_int in stored configurations (independent: 0.5); pull = (value - exact)/error");
            foreach (string line in analysis.Ensembles.SelectMany(pair => Growth(pair.Key, pair.Value)))
                output.WriteLine(PrintableText.Line(line));
        }

        (string[] heads, IReadOnlyList<string[]> costs) = CostTable.Of(analysis.Ensembles.Select(pair => (pair.Key, pair.Value.Cost)));
        if (costs.Count > 0)
        {
            output.WriteLine(CostTable.Title(analysis.Theory?.Group == FieldType.Scalar.Name));
            List<string[]> rows = [heads, .. costs];
            int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length))];
            foreach (string[] row in rows)
                output.WriteLine(PrintableText.Line(string.Join("  ", row.Select((cell, i) => i < LeftColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd()));
        }

        foreach ((string sampler, EnsembleDocument ensemble) in analysis.Ensembles)
        {
            if (ensemble.Ladder is { } ladder) output.WriteLine(PrintableText.Line($"{sampler}: {ladder}"));
            if (ensemble.Work is { } work) output.WriteLine(PrintableText.Line(WorkLine(sampler, work)));
            foreach ((string name, FitDocument fit) in ensemble.Fits)
                output.WriteLine(PrintableText.Line($"fit {name}, {sampler}: {fit.Quality}"));
        }

        foreach (string warning in analysis.Warnings)
            output.WriteLine(PrintableText.Line(warning));
    }

    /// <summary>Why errors are larger than their own autocorrelation says.</summary>
    private static IEnumerable<string> Growth(string sampler, EnsembleDocument ensemble)
    {
        const int MostNames = 6;
        const double Notable = 0.1;
        foreach (var tails in ensemble.Observables.Where(pair => pair.Value.SlowTail is { } tail && tail.TauInt > Notable * pair.Value.TauInt).GroupBy(pair => pair.Value.SlowTail!.Mode))
            yield return FormattableString.Invariant($"{sampler}: errors of {Names(tails)} contain the tail of {tails.Key}, tau_exp = {tails.First().Value.SlowTail!.TauExp:G3}, which makes them larger by up to {100 * (Math.Sqrt(1 / (1 - tails.Max(pair => pair.Value.SlowTail!.TauInt / pair.Value.TauInt))) - 1):F0} %");
        var scattered = ensemble.Observables.Where(pair => pair.Value.Method == "replicas").ToArray();
        if (scattered.Length > 0) yield return $"{sampler}: errors of {Names(scattered)} are those of the scatter of {ensemble.Replicas} replicas, which is larger than their autocorrelation gives";

        static string Names(IEnumerable<KeyValuePair<string, ObservableDocument>> observables)
        {
            string[] names = [.. observables.Select(pair => pair.Key)];
            return names.Length <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more";
        }
    }

    private static string FlowLine(FlowDocument flow)
    {
        string fresh = ValueWithError.Format(flow.EffectiveSampleSize, flow.EffectiveSampleSizeError);
        string size = flow.Target is not { } target ? $"ESS {fresh}"
            : $"ESS {ValueWithError.Format(target.EffectiveSampleSize, target.EffectiveSampleSizeError)} on {target.Configurations} of the target ({target.Source}), {fresh} on {flow.Samples} of its own";
        string line = string.Create(CultureInfo.InvariantCulture,
            $"flow: {size}, {flow.Verdict}; Pareto k {Number(flow.ParetoK, "F2")}, acceptance {Number(flow.Acceptance, "F3")}, longest rejection {flow.LongestRejection}; ln Z {ValueWithError.Format(flow.LogZ, flow.LogZError)}");
        return flow.LogZPull is { } pull ? $"{line}, exact {Number(flow.LogZExact, "G8")}, pull {Signed(pull)}" : line;
    }

    private static string WorkLine(string sampler, WorkDocument work)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{sampler}: weighted with e^-W, ESS {ValueWithError.Format(work.EffectiveSampleSize, work.EffectiveSampleSizeError)}, worth {work.EffectiveConfigurations:F0} independent configurations; W {ValueWithError.Format(work.MeanWork, work.MeanWorkError)}, variance {Number(work.VarianceOfWork, "G4")}, dissipated {ValueWithError.Format(work.Divergence, work.DivergenceError)}; ln Z/Z_0 {ValueWithError.Format(work.LogRatio, work.LogRatioError)}");
        if (work.LogRatioPull is { } pull) line = $"{line}, exact {Number(work.LogRatioExact, "G8")}, pull {Signed(pull)}";
        return work.Reverse is { } reverse ? line + ReverseLine(reverse) : line;
    }

    private static string ReverseLine(ReverseWorkDocument reverse)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"; backwards W {ValueWithError.Format(reverse.MeanWork, reverse.MeanWorkError)}, ln Z/Z_0 {ValueWithError.Format(reverse.LogRatio, reverse.LogRatioError)}; both together {ValueWithError.Format(reverse.BothLogRatio, reverse.BothLogRatioError)}");
        if (reverse.BothLogRatioPull is { } pull) line += $", pull {Signed(pull)}";
        return line + string.Create(CultureInfo.InvariantCulture, $"; overlap {Number(reverse.Overlap, "G3")}, slope of Crooks {ValueWithError.Format(reverse.CrooksSlope, reverse.CrooksSlopeError)}");
    }

    private static IEnumerable<string[]> Rows(AnalysisDocument analysis)
    {
        foreach ((string sampler, EnsembleDocument ensemble) in analysis.Ensembles)
        {
            bool first = true;
            foreach ((string observable, ObservableDocument result) in ensemble.Observables)
            {
                yield return
                [
                    first ? PrintableText.Line(sampler) + (ensemble.Unfinished ? " (unfinished)" : "") : "",
                    PrintableText.Line(observable),
                    ValueWithError.Format(result.Mean, result.Error),
                    Number(result.Exact, "G7"),
                    result.Pull is { } pull ? Signed(pull) : "-",
                    ValueWithError.Format(result.TauInt, result.TauIntError).Replace('–', '-'),
                    first ? Number(ensemble.Acceptance, "F3") : "",
                ];
                first = false;
            }

            foreach (ThetaDocument at in ensemble.Theta)
            {
                foreach ((string observable, ReweightedDocument value) in at.Observables.Prepend(new("average_sign", at.AverageSign)))
                {
                    yield return
                    [
                        "", FormattableString.Invariant($"theta={at.Theta} {observable}"), ValueWithError.Format(value.Mean, value.Error),
                        Number(value.Exact, "G7"), value.Pull is { } pull ? Signed(pull) : "-", "", "",
                    ];
                }
            }
        }
    }

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Number(double? value, string format) => ValueWithError.Plain(value, format).Replace('–', '-');
}
